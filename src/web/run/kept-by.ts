import type { Step } from '../../contract/step.ts';

/** The steps from which a fork can do everything again. */
export function forkable(steps: readonly Step[]): Step[] {
  return steps.filter((step) => step.status !== 'waiting' && step.kind !== 'compensation');
}

/** Those that a fork from a position takes over: recorded before it, ended, and no undoing. */
export function keptBy(steps: readonly Step[], from: number): Step[] {
  return forkable(steps).filter((step) => step.position < from);
}
