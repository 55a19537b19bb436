import { GantryError } from '../../../base/errors.ts';
import type { GoalSpec, Plan } from '../schema.ts';
import type { SessionContext, SessionStart } from '../session-context.ts';

export type AgreedPlan =
  | { readonly kind: 'approved'; readonly plan: Plan }
  | { readonly kind: 'rejected'; readonly notice: string };

/**
 * The phase `Plan`: the goal becomes steps that a person has seen, edited where they liked, and approved. State `plan` has
 * every version.
 */
export async function agreeOnPlan(
  session: SessionContext,
  start: SessionStart,
  spec: GoalSpec,
): Promise<AgreedPlan> {
  throw new GantryError('INTERNAL', `Not yet: ${spec.summary}, ${session.input.goal} on ${start.branch}.`);
}
