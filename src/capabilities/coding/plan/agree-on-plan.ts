import { latestWithin } from '../latest-within.ts';
import { phase, skips } from '../phases.ts';
import type { GoalSpec, Plan, PlanIteration, PlanState } from '../schema.ts';
import type { SessionContext, SessionStart } from '../session-context.ts';
import { tellState } from '../tell-state.ts';
import { planProblems } from './check-plan.ts';
import { makePlan } from './make-plan.ts';
import { planOfGoal } from './plan-of-goal.ts';
import { editWords, type Wanted } from './prompts.ts';
import { reviewPlan } from './review-plan.ts';

export type AgreedPlan =
  | { readonly kind: 'approved'; readonly plan: Plan }
  | { readonly kind: 'rejected'; readonly notice: string };

/**
 * The phase `Plan`: the goal becomes steps, in the order in which they are done, that a person has seen, edited where they
 * liked, and approved. Nothing is asked without a person. State `plan` has the versions.
 */
export async function agreeOnPlan(
  session: SessionContext,
  start: SessionStart,
  spec: GoalSpec,
): Promise<AgreedPlan> {
  const { ctx, input } = session;
  const versions = openVersions(session);
  if (skips(input, 'plan')) {
    versions.add(planOfGoal(input.goal, spec), 'agent', null);
    versions.tell('skipped');
    return { kind: 'approved', plan: versions.latest };
  }
  ctx.emit({ type: 'progress', data: { phase: phase.plan } });
  const wishes: string[] = [];
  for (let wanted: Wanted | null = null; ;) {
    versions.tell('planning');
    const notices = await nextVersion(session, start, spec, { versions, wanted });
    const reviewed =
      input.auto === true ? ({ kind: 'approved' } as const) : await reviewPlan(session, versions, notices);
    if (reviewed.kind === 'modify') {
      wishes.push(reviewed.wish);
      wanted = wantedOf(versions, wishes);
      continue;
    }
    versions.tell(reviewed.kind);
    return reviewed.kind === 'approved' ? { kind: 'approved', plan: versions.latest } : reviewed;
  }
}

/** Has the next version made; answers what is to be told of it. */
async function nextVersion(
  session: SessionContext,
  start: SessionStart,
  spec: GoalSpec,
  { versions, wanted }: { readonly versions: PlanVersions; readonly wanted: Wanted | null },
): Promise<string[]> {
  const { ctx, input } = session;
  const iteration = versions.all.length + 1;
  const message = iteration === 1 ? 'planning' : `planning version ${iteration}`;
  ctx.emit({ type: 'progress', data: { phase: phase.plan, message } });
  const { plan, notice } = await makePlan(session, start, spec, { iteration, wanted });
  // What came to nothing is a version too, so that what was wanted of it stays.
  const instead = wanted?.from ?? planOfGoal(input.goal, spec);
  versions.add(plan ?? instead, 'agent', wanted?.wishes.at(-1) ?? null);
  if (notice === null) return [];
  const standing = wanted === null ? 'The goal stands here as one step.' : 'The last version stands here.';
  const words = plan
    ? `The planner came to an end early. ${notice}`
    : `The planner made no plan. ${notice} ${standing}`;
  ctx.emit({ type: 'log', data: { level: 'warn', message: words } });
  return [words];
}

function wantedOf({ all, latest }: PlanVersions, wishes: readonly string[]): Wanted {
  const byAgent = all.findLast(({ by }) => by === 'agent') ?? latest;
  return {
    wishes: [...wishes],
    from: { steps: latest.steps },
    edits: editWords(byAgent, latest),
    problems: planProblems(latest),
  };
}

type PlanVersions = ReturnType<typeof openVersions>;

function openVersions({ ctx }: SessionContext) {
  const all: PlanIteration[] = [];
  const add = ({ steps }: Plan, by: PlanIteration['by'], feedback: string | null) =>
    void all.push({ iteration: all.length + 1, by, feedback, steps });
  return {
    all,
    add,
    edit: (plan: Plan) => add(plan, 'person', null),
    get latest(): Plan {
      return { steps: all.at(-1)?.steps ?? [] };
    },
    tell: (status: PlanState['status']): PlanState => {
      const state = { status, iterations: latestWithin(all) };
      tellState(ctx, 'plan', state);
      return state;
    },
  };
}
