import type { RunStatus } from './run.ts';

/** A stretch of a run that its story named with `progress`, in the order in which they first came. */
export interface Phase {
  readonly name: string;
  message: string | undefined;
  state: 'active' | 'done' | 'failed' | 'stopped';
  readonly startedAt: string;
  endedAt: string | null;
  /** How often it was begun: the story came back to it. */
  rounds: number;
}

/** A phase begins, which ends the one before, or says something new. */
export function addPhase(
  phases: Phase[],
  { phase, message }: { phase: string; message?: string | undefined },
  at: string,
): void {
  const known = phases.find((each) => each.name === phase);
  if (known?.state === 'active') {
    known.message = message;
    return;
  }
  for (const each of phases) if (each.state === 'active') endPhase(each, 'done', at);
  if (known) Object.assign(known, { message, state: 'active', endedAt: null, rounds: known.rounds + 1 });
  else phases.push({ name: phase, message, state: 'active', startedAt: at, endedAt: null, rounds: 1 });
}

/** The run is over, and its phase with it. */
export function endPhases(phases: readonly Phase[], status: RunStatus, at: string): void {
  const state = status === 'succeeded' ? 'done' : status === 'cancelled' ? 'stopped' : 'failed';
  for (const each of phases) if (each.state === 'active') endPhase(each, state, at);
}

function endPhase(phase: Phase, state: Phase['state'], at: string): void {
  phase.state = state;
  phase.endedAt = at;
}
