import type { RunContext } from '../../kernel/context.ts';
import type {
  BranchState,
  FollowUpState,
  GoalState,
  PlanState,
  SessionCommit,
  SessionPull,
  StepState,
} from './schema.ts';
import type { SessionStart } from './session-context.ts';
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

/** State `branch`: its commits so far, and which of them the remote has last. */
export function tellBranch(
  ctx: Pick<RunContext, 'emit'>,
  { branch: name, state: { base } }: Pick<SessionStart, 'branch' | 'state'>,
  commits: readonly SessionCommit[],
  pushed: string | null,
): void {
  const value = { name, base: base.branch ?? '', baseCommit: base.commit ?? '' };
  tellState(ctx, 'branch', { ...value, commits: [...commits], pushed });
}
