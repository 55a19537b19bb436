import { GantryError } from '../../../base/errors.ts';
import type { GoalSpec } from '../schema.ts';
import type { SessionContext, SessionStart } from '../session-context.ts';

export type AgreedGoal =
  | { readonly kind: 'accepted'; readonly spec: GoalSpec }
  | { readonly kind: 'rejected'; readonly notice: string };

/**
 * The phase `Goal`: what the user wants becomes a specification that agents have debated and a person has accepted.
 * State `goal` tells of each word of it.
 */
export async function agreeOnGoal(session: SessionContext, start: SessionStart): Promise<AgreedGoal> {
  throw new GantryError('INTERNAL', `Not yet: ${session.input.goal} on ${start.branch}.`);
}
