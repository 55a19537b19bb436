import type { RunContext } from '../../kernel/context.ts';
import type { BranchState, FollowUpState, GoalState, PlanState, SessionPull, StepState } from './schema.ts';
import type { Verification } from './verify/verification.ts';

/** What a session stands at, by key. */
interface SessionValues {
  readonly goal: GoalState;
  readonly plan: PlanState;
  readonly baseline: Verification;
  readonly branch: BranchState;
  readonly pull: SessionPull;
  readonly 'follow-up': FollowUpState;
  readonly [step: `step ${string}`]: StepState;
}

/** Says what the session stands at, for all that show it. */
export function tellState<Key extends keyof SessionValues>(
  ctx: Pick<RunContext, 'emit'>,
  key: Key,
  value: SessionValues[Key],
): void {
  ctx.emit({ type: 'state', data: { key, value } });
}
