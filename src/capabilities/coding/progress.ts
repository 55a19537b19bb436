import { phase } from './phases.ts';
import type { Plan, StepState } from './schema.ts';
import type { SessionContext } from './session-context.ts';
import { tellState } from './tell-state.ts';

/** One step of the plan while it is worked on: what is told of it. */
export interface StepProgress {
  readonly now: StepState;
  /** `Step 2 of 3` */
  readonly place: string;
  set(change: Partial<StepState>): void;
  at(where: 'build' | 'verify', message: string, failed?: true): void;
}

export function openStepProgress(
  { ctx }: SessionContext,
  { steps }: Plan,
  step: Plan['steps'][number],
): StepProgress {
  const position = steps.indexOf(step) + 1;
  const place = `Step ${position} of ${steps.length}`;
  let now: StepState = {
    ...{ id: step.id, title: step.title, position, status: 'writing' },
    ...{ attempts: [], commit: null, diffFile: null },
  };
  return {
    get now() {
      return now;
    },
    place,
    set: (change) => {
      now = { ...now, ...change };
      tellState(ctx, `step ${step.id}`, now);
    },
    at: (where, message, failed) =>
      ctx.emit({
        type: 'progress',
        data: { phase: phase[where], message: `${place}: ${message}`, ...(failed && { failed }) },
      }),
  };
}
