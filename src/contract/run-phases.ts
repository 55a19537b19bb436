import type { EventBody } from './event.ts';
import type { RunStatus } from './run.ts';

/** A stretch of a run that its story named with `progress`, in the order in which they first came. */
export interface Phase {
  readonly name: string;
  message: string | undefined;
  /** `coming`: not begun; `startedAt` says then since when it is expected. */
  state: 'coming' | 'active' | 'done' | 'failed' | 'stopped';
  startedAt: string;
  endedAt: string | null;
  /** How often it was begun: the story came back to it. */
  rounds: number;
  /** The story named it before it came. What else says how far it is, is said of the phase that is active. */
  readonly isExpected: boolean;
  /** Milliseconds of its rounds that have ended, without what happened between them. */
  workedMs: number;
  /** When the round that is under way began; null while there is none. */
  since: string | null;
}

/** A phase begins, which ends the one before, says something new, or fails; what is expected after it is added once. */
export function addPhase(
  phases: Phase[],
  { phase, message, failed, coming = [] }: Extract<EventBody, { type: 'progress' }>['data'],
  at: string,
): void {
  const known = phases.find((each) => each.name === phase);
  const active = phases.find((each) => each.state === 'active');
  if (!known && active && phases.some(({ isExpected }) => isExpected)) {
    active.message = message === undefined ? phase : `${phase}: ${message}`;
    return;
  }
  if (known?.state === 'active') known.message = message;
  else begin(phases, known, { phase, message }, at);
  if (failed === true)
    for (const each of phases)
      if (each.name === phase && each.state === 'active') endPhase(each, 'failed', at);
  for (const name of coming)
    if (!phases.some((each) => each.name === name)) phases.push(newPhase(name, at, true));
}

function begin(
  phases: Phase[],
  known: Phase | undefined,
  { phase, message }: { phase: string; message: string | undefined },
  at: string,
): void {
  for (const each of phases) if (each.state === 'active') endPhase(each, 'done', at);
  const begun = known ?? newPhase(phase, at);
  if (!known) phases.push(begun);
  if (begun.state === 'coming') begun.startedAt = at;
  Object.assign(begun, { message, state: 'active', endedAt: null, since: at, rounds: begun.rounds + 1 });
}

function newPhase(name: string, at: string, isExpected = false): Phase {
  return {
    ...{ name, message: undefined, state: 'coming', startedAt: at, endedAt: null },
    ...{ rounds: 0, workedMs: 0, since: null, isExpected },
  };
}

/** The run is over, and its phase with it. */
export function endPhases(phases: readonly Phase[], status: RunStatus, at: string): void {
  const state = status === 'succeeded' ? 'done' : status === 'cancelled' ? 'stopped' : 'failed';
  for (const each of phases) if (each.state === 'active') endPhase(each, state, at);
}

function endPhase(phase: Phase, state: Phase['state'], at: string): void {
  if (phase.since !== null) phase.workedMs += Math.max(0, Date.parse(at) - Date.parse(phase.since));
  Object.assign(phase, { state, endedAt: at, since: null });
}
