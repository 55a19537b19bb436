import type { Event } from './event.ts';
import type { GivenAnswer, Question } from './question.ts';
import type { RunError } from './run.ts';
import type { Step } from './step.ts';

type StepEvent = Extract<
  Event,
  { type: 'step.started' | 'step.retrying' | 'step.succeeded' | 'step.failed' | 'child.started' }
>;
type ToldEvent = Exclude<Event, StepEvent | { type: 'output' | 'usage' | 'log' | 'progress' }>;

/** One try of a step that did not do. */
export interface FailedTry {
  readonly attempt: number;
  readonly at: string;
  readonly error: RunError;
  /** Pause before the next try, in milliseconds. */
  readonly delayMs: number;
}

/** A step, wait or child of a run. */
export interface StepEntry {
  readonly kind: 'step';
  /** The same at every fold; a step that a lost worker had begun stands beside the one that was done. */
  readonly key: string;
  readonly step: string;
  readonly ordinal: number;
  readonly does: Step['kind'];
  /** `lost`: its worker was lost or its run ended before it was done. */
  state: 'running' | 'retrying' | 'waiting' | 'succeeded' | 'failed' | 'lost';
  readonly startedAt: string;
  endedAt: string | null;
  durationMs: number | null;
  attempt: number;
  readonly failedTries: FailedTry[];
  error: RunError | null;
  child: { readonly runId: string; readonly capability: string | null } | null;
  question: Question | null;
  given: GivenAnswer | null;
  /** Until when a wait lasts at the latest. */
  dueAt: string | null;
  /** Its place among the recorded steps, from which a fork counts; null while it isn't recorded. */
  position: number | null;
  /** A fork took it over from the run that it came from. */
  kept: boolean;
}

/** What happened to the run as a whole: starts, waits, signals, recoveries, the end. */
export interface ToldEntry {
  readonly kind: 'told';
  readonly key: string;
  readonly at: string;
  readonly event: ToldEvent;
}

export type TimelineEntry = StepEntry | ToldEntry;

export interface Timeline {
  /** In the order in which they began. */
  readonly entries: TimelineEntry[];
  /** Steps that have begun and not ended, by name and ordinal. */
  readonly open: Map<string, StepEntry>;
}

const placeOf = (step: string, ordinal: number) => `${step}#${ordinal}`;

/** Adds what a step says of itself. */
export function addStepEvent(timeline: Timeline, event: StepEvent): void {
  const { step, ordinal } = event.data;
  const place = placeOf(step, ordinal);
  const entry = timeline.open.get(place) ?? begin(timeline, place, event);
  switch (event.type) {
    case 'step.started':
      entry.attempt = event.data.attempt;
      entry.state = 'running';
      return;
    case 'step.retrying': {
      const { attempt, error, delayMs } = event.data;
      entry.failedTries.push({ attempt, at: event.at, error, delayMs });
      entry.state = 'retrying';
      return;
    }
    case 'step.succeeded':
    case 'step.failed':
      entry.state = event.type === 'step.failed' ? 'failed' : 'succeeded';
      entry.error = event.type === 'step.failed' ? event.data.error : null;
      entry.durationMs = event.data.durationMs;
      entry.endedAt = event.at;
      timeline.open.delete(place);
      return;
    case 'child.started':
      entry.child = { runId: event.data.runId, capability: event.data.capability };
      entry.state = 'waiting';
      // Its end has no event: the recorded step tells it.
      timeline.open.delete(place);
  }
}

function begin(timeline: Timeline, place: string, event: StepEvent): StepEntry {
  const { step, ordinal } = event.data;
  const does = event.type === 'child.started' ? 'child' : step.startsWith('undo ') ? 'compensation' : 'step';
  const entry: StepEntry = {
    ...{ kind: 'step', key: `s${event.seq}`, step, ordinal, does, state: 'running', startedAt: event.at },
    ...{ endedAt: null, durationMs: null, attempt: 1, failedTries: [], error: null, child: null },
    ...{ question: null, given: null, dueAt: null, position: null, kept: false },
  };
  timeline.entries.push(entry);
  timeline.open.set(place, entry);
  return entry;
}

/** Adds what happened to the run as a whole. */
export function addTold(timeline: Timeline, event: ToldEvent): void {
  timeline.entries.push({ kind: 'told', key: `e${event.seq}`, at: event.at, event });
}

/** The attempt is over: what was under way will not be heard of again. */
export function loseSteps(timeline: Timeline, at: string): void {
  for (const entry of timeline.open.values()) Object.assign(entry, { state: 'lost', endedAt: at });
  timeline.open.clear();
}

/**
 * The timeline together with the recorded steps, which know what events do not tell: waits and their ends, positions,
 * and what a fork took over.
 */
export function withSteps(timeline: Timeline, steps: readonly Step[]): TimelineEntry[] {
  const recorded = new Map(steps.map((step) => [placeOf(step.name, step.ordinal), step]));
  const told = new Set<string>();
  // The waits themselves say it better, and until when they lasted.
  const waits = steps.some(({ kind }) => kind !== 'step' && kind !== 'compensation');
  const heard = timeline.entries.filter(
    (entry) => !waits || entry.kind !== 'told' || entry.event.type !== 'run.waiting',
  );
  const entries = heard.map((entry): TimelineEntry => {
    if (entry.kind === 'told') return entry;
    const place = placeOf(entry.step, entry.ordinal);
    const step = recorded.get(place);
    if (!step || entry.state === 'lost') return entry;
    told.add(place);
    return { ...entry, ...recordOf(step), durationMs: entry.durationMs ?? tookOf(step) };
  });
  const silent = steps.filter((step) => !told.has(placeOf(step.name, step.ordinal)));
  return merge(
    silent.map((step) => fromStep(step, timeline)),
    entries,
  );
}

function recordOf(step: Step) {
  const { position, error, dueAt, question, given } = step;
  const child = step.childId === null ? null : { runId: step.childId, capability: null };
  return {
    ...{
      position,
      error,
      dueAt,
      question,
      given,
      does: step.kind,
      state: step.status,
      endedAt: step.finishedAt,
    },
    ...(child && { child }),
  };
}

function tookOf({ startedAt, finishedAt }: Step): number | null {
  return finishedAt === null ? null : Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt));
}

/** A step that no event told of: a wait, or one that a fork took over. */
function fromStep(step: Step, timeline: Timeline): StepEntry {
  const first = timeline.entries[0];
  const began = first === undefined ? null : first.kind === 'told' ? first.at : first.startedAt;
  return {
    ...{ kind: 'step', key: `r${step.position}`, step: step.name, ordinal: step.ordinal, does: step.kind },
    ...{ startedAt: step.startedAt, attempt: step.attempts, failedTries: [], child: null },
    ...recordOf(step),
    durationMs: tookOf(step),
    kept: step.finishedAt !== null && began !== null && step.finishedAt < began,
  };
}

/** Both are in order already. */
function merge(silent: readonly StepEntry[], entries: readonly TimelineEntry[]): TimelineEntry[] {
  const all: TimelineEntry[] = [...entries];
  let at = 0;
  for (const entry of silent.toSorted((a, b) => compare(a.startedAt, b.startedAt))) {
    while (at < all.length && startOf(all[at]) <= entry.startedAt) at += 1;
    all.splice(at, 0, entry);
    at += 1;
  }
  return all;
}

function startOf(entry: TimelineEntry | undefined): string {
  return entry === undefined ? '' : entry.kind === 'told' ? entry.at : entry.startedAt;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
