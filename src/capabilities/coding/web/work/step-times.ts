import type { StateChange } from '../../../../contract/run-state.ts';
import { readStep } from '../../read-state.ts';
import type { StepState } from '../../schema.ts';

/** From when to when; `endedAt` is null while it goes on. */
export interface Span {
  readonly startedAt: string;
  readonly endedAt: string | null;
}

export interface StepTimes extends Span {
  /** Of each try, the first first. */
  readonly tries: readonly Span[];
}

const over: ReadonlySet<StepState['status']> = new Set(['done', 'unchanged', 'skipped', 'failed']);

interface Times {
  startedAt: string;
  endedAt: string | null;
  tries: { startedAt: string; endedAt: string | null }[];
}

/** When each step and each of its tries began and ended, by the step's id: told by how its state changed. */
export function stepTimes(changes: readonly StateChange[]): Map<string, StepTimes> {
  const all = new Map<string, Times>();
  for (const { key, at, value } of changes) {
    if (!key.startsWith('step ')) continue;
    const step = readStep(value);
    if (!step) continue;
    const times = all.get(step.id) ?? { startedAt: at, endedAt: null, tries: [] };
    all.set(step.id, times);
    times.endedAt = over.has(step.status) ? at : null;
    // What a try came to is told while it still counts as verified.
    const isNew = step.status === 'writing' || times.tries.length === 0;
    const begun = step.attempts.length + (isNew && !over.has(step.status) ? 1 : 0);
    for (let index = times.tries.length; index < begun; index += 1)
      times.tries.push({ startedAt: at, endedAt: null });
    for (const [index, each] of times.tries.entries()) if (index < step.attempts.length) each.endedAt ??= at;
  }
  return all;
}
