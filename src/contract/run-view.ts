import type { Event } from './event.ts';
import type { Priority, Run, RunError, RunStatus, Usage } from './run.ts';
import { isTerminal } from './run-status.ts';
import { addEventLine, addOutput, createRunLog, keepOutput, loseOutput, type RunLog } from './run-log.ts';
import { addState, createRunState, type RunState } from './run-state.ts';
import { addPhase, endPhases, type Phase } from './run-phases.ts';
import {
  addToConversation,
  createConversation,
  loseConversation,
  type Conversation,
} from './run-conversation.ts';
import { addStepEvent, addTold, loseSteps, type Timeline } from './run-timeline.ts';

/**
 * All that is shown of a run: the one fold of its events, which the page and the command line share. Plain data that is
 * changed in place, so that each event costs the same however many came before; `version` says that it was changed.
 */
export interface RunView {
  readonly runId: string;
  version: number;
  /** Number of the last event that is in it; an event that comes again adds nothing. */
  lastSeq: number;
  status: RunStatus;
  /** Somebody asked for its end, which is on its way. */
  cancelling: { readonly at: string; readonly by: string | null } | null;
  /** Somebody paused it. While it is `running` it finishes its step; then it rests. */
  paused: { readonly at: string; readonly by: string | null } | null;
  waiting: { readonly for: string; readonly until: string | null; readonly since: string } | null;
  /** Grows when the run was lost or has to be tried again; not when it waits. */
  attempt: number;
  worker: string | null;
  priority: Priority | null;
  error: RunError | null;
  usage: Usage | null;
  readonly times: RunTimes;
  readonly phases: Phase[];
  readonly state: RunState;
  readonly timeline: Timeline;
  readonly conversation: Conversation;
  readonly log: RunLog;
}

/** How long the run was queued, worked on and waited in all, in milliseconds, up to `since`; from then on it is `state`. */
export interface RunTimes {
  queuedMs: number;
  activeMs: number;
  waitedMs: number;
  state: 'queued' | 'active' | 'waiting' | 'ended';
  since: string | null;
}

export function createRunView(run: Pick<Run, 'id'>): RunView {
  return {
    runId: run.id,
    version: 0,
    lastSeq: 0,
    status: 'queued',
    cancelling: null,
    paused: null,
    waiting: null,
    attempt: 1,
    worker: null,
    priority: null,
    error: null,
    usage: null,
    times: { queuedMs: 0, activeMs: 0, waitedMs: 0, state: 'queued', since: null },
    phases: [],
    state: createRunState(),
    timeline: { entries: [], open: new Map() },
    conversation: createConversation(),
    log: createRunLog(),
  };
}

/** Adds what happened next. Answers false, and changes nothing, for an event that is in it already. */
export function applyEvent(view: RunView, event: Event): boolean {
  if (event.seq <= view.lastSeq) return false;
  view.lastSeq = event.seq;
  view.version += 1;
  if (event.type === 'output') {
    addOutput(view.log, event.seq, event.at, event.data);
    return true;
  }
  addToConversation(view.conversation, event);
  if (event.type === 'said') return true;
  if (event.type === 'state') {
    addState(view.state, event.data, event);
    return true;
  }
  if (event.type === 'usage') {
    const { wallMs, cpuMs, peakMemoryBytes } = event.data;
    view.usage = { ...view.usage, wallMs, cpuMs, peakMemoryBytes };
    return true;
  }
  applyRunEvent(view, event);
  applyStepEvent(view, event);
  addEventLine(view.log, event);
  return true;
}

function applyRunEvent(view: RunView, event: Event): void {
  const { at } = event;
  switch (event.type) {
    case 'run.queued':
      if (event.data.reason !== 'started' && event.data.reason !== 'woken') lose(view, at);
      enter(view, 'queued', 'queued', at);
      view.worker = null;
      break;
    case 'run.started':
      enter(view, 'running', 'active', at);
      view.worker = event.data.worker;
      view.attempt = event.data.attempt;
      break;
    case 'run.waiting':
      enter(view, 'waiting', 'waiting', at);
      view.waiting = { ...event.data, since: at };
      view.worker = null;
      keepOutput(view.log);
      break;
    case 'run.cancelling':
      view.cancelling = { at, by: event.data.by };
      break;
    case 'run.pausing':
      view.paused = { at, by: event.data.by };
      break;
    case 'run.resumed':
      view.paused = null;
      break;
    case 'run.priority':
      view.priority = event.data.priority;
      break;
    default:
      applyEnd(view, event);
  }
}

function applyEnd(view: RunView, event: Event): void {
  switch (event.type) {
    case 'run.succeeded':
      view.usage = event.data.usage;
      return end(view, 'succeeded', event.at);
    case 'run.failed':
      view.error = event.data.error;
      return end(view, 'failed', event.at);
    case 'run.cancelled':
      return end(view, 'cancelled', event.at);
    case 'run.dead':
      view.error = event.data.error;
      return end(view, 'dead', event.at);
  }
}

function applyStepEvent(
  view: RunView,
  event: Exclude<Event, { type: 'output' | 'usage' | 'said' | 'state' }>,
): void {
  switch (event.type) {
    case 'log':
      return;
    case 'progress':
      addPhase(view.phases, event.data, event.at);
      return;
    case 'step.started':
    case 'step.retrying':
    case 'step.succeeded':
    case 'step.failed':
    case 'child.started':
      addStepEvent(view.timeline, event);
      if (view.timeline.open.size === 0) keepOutput(view.log);
      return;
    default:
      addTold(view.timeline, event);
  }
}

function enter(view: RunView, status: RunStatus, state: RunTimes['state'], at: string): void {
  tally(view.times, state, at);
  view.status = status;
  view.waiting = null;
}

function end(view: RunView, status: RunStatus, at: string): void {
  enter(view, status, 'ended', at);
  view.worker = null;
  view.cancelling = null;
  view.paused = null;
  loseSteps(view.timeline, at);
  loseConversation(view.conversation);
  endPhases(view.phases, status, at);
}

function lose(view: RunView, at: string): void {
  loseSteps(view.timeline, at);
  loseConversation(view.conversation);
  loseOutput(view.log);
}

function tally(times: RunTimes, state: RunTimes['state'], at: string): void {
  if (times.since !== null) {
    const passed = Math.max(0, Date.parse(at) - Date.parse(times.since));
    if (times.state === 'queued') times.queuedMs += passed;
    if (times.state === 'active') times.activeMs += passed;
    if (times.state === 'waiting') times.waitedMs += passed;
  }
  times.state = state;
  times.since = state === 'ended' ? null : at;
}

/** Whether the run's end is in the view. */
export function hasEnded(view: RunView): boolean {
  return isTerminal(view.status);
}
