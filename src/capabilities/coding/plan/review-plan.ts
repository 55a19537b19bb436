import { inputProblems } from '../../../contract/problem.ts';
import type { GivenAnswer } from '../../../contract/question.ts';
import { planSchema, type Plan, type PlanState } from '../schema.ts';
import type { SessionContext } from '../session-context.ts';
import { planProblems } from './check-plan.ts';
import { planDiff } from './plan-diff.ts';
import { tidyStep } from './tidy-step.ts';
import { planQuestion } from './plan-question.ts';

/** The versions of the plan, and how they become known. */
export interface Versions {
  readonly latest: Plan;
  /** Adds what a person made of it. */
  edit(plan: Plan): void;
  tell(status: PlanState['status']): PlanState;
}

export type Reviewed =
  | { readonly kind: 'approved' }
  | { readonly kind: 'modify'; readonly wish: string }
  | { readonly kind: 'rejected'; readonly notice: string };

/**
 * Shows a person the plan until they have decided. A version of theirs that can't be worked on is kept as it is, and they
 * are asked again with what is wrong with it.
 */
export async function reviewPlan(
  { ctx }: SessionContext,
  versions: Versions,
  notices: readonly string[],
): Promise<Reviewed> {
  for (let notes = notices; ;) {
    const given = await ctx.ask('plan', planQuestion(versions.tell('proposed'), notes));
    if (given === undefined || given.value === 'reject')
      return { kind: 'rejected', notice: rejection(given) };
    const unread = takeEdit(versions, given);
    if (unread.length > 0) {
      notes = [...unreadable(unread, given)];
      continue;
    }
    if (given.value === 'modify') return { kind: 'modify', wish: given.comment };
    const problems = planProblems(versions.latest);
    if (problems.length === 0) return { kind: 'approved' };
    notes = [`The plan can't be worked on as it is now. Your edits are kept. ${problems.join(' ')}`];
  }
}

/** Makes the next version of what came with the answer; what is wrong with it when it is no plan at all. */
function takeEdit(versions: Versions, { data }: GivenAnswer): string[] {
  if (data === undefined) return [];
  const read = planSchema.safeParse(data);
  if (!read.success)
    return inputProblems(read.error).map(({ path, message }) => `${path || 'plan'}: ${message}`);
  const edited = { steps: read.data.steps.map(tidyStep) };
  const isOther = planDiff(versions.latest, edited).some(({ change }) => change !== 'same');
  if (isOther) versions.edit(edited);
  return [];
}

function unreadable(problems: readonly string[], { comment }: GivenAnswer): string[] {
  const named = problems.slice(0, 5).join('; ');
  const words = comment === '' ? [] : [`Your words were: ${comment}`];
  return [`What came with your answer is no plan, so the last version is shown (${named}).`, ...words];
}

function rejection(given: GivenAnswer | undefined): string {
  const words = given?.comment ? `: ${given.comment}` : '.';
  return `${given?.byName ?? 'The user'} rejected the plan${words}`;
}
