import type { EventType } from './event.ts';

const all: Readonly<Record<EventType, true>> = {
  'run.queued': true,
  'run.started': true,
  'run.waiting': true,
  'run.cancelling': true,
  'run.pausing': true,
  'run.resumed': true,
  'run.priority': true,
  'run.budget': true,
  'run.succeeded': true,
  'run.failed': true,
  'run.cancelled': true,
  'run.dead': true,
  'step.started': true,
  'step.retrying': true,
  'step.succeeded': true,
  'step.failed': true,
  'signal.received': true,
  'child.started': true,
  output: true,
  usage: true,
  log: true,
  workspace: true,
  egress: true,
  said: true,
  model: true,
  'tool.called': true,
  'tool.answered': true,
  plan: true,
  told: true,
  progress: true,
  state: true,
};

/** Every type of the closed union that events are. */
export const eventTypes: readonly string[] = Object.keys(all);

/** The events that end a run: nothing comes after one. */
export const lastEventTypes: ReadonlySet<string> = new Set<EventType>([
  'run.succeeded',
  'run.failed',
  'run.cancelled',
  'run.dead',
]);
