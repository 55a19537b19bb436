import { build, type Built } from './build.ts';
import type { Building } from './build-step.ts';
import { agreeOnGoal } from './goal/agree-on-goal.ts';
import { agreeOnPlan } from './plan/agree-on-plan.ts';
import { comingPhases, phase } from './phases.ts';
import { mayPush } from './may-push.ts';
import { mayWorkUnproven, measureBefore, prepare } from './prepare.ts';
import { publish, type Published } from './publish.ts';
import type { CodingOutput, GoalSpec } from './schema.ts';
import type { SessionContext } from './session-context.ts';

/**
 * The story: agree on the goal and on a plan, write each step and prove it, commit what passes, and open a pull request.
 * Wherever a person is needed it asks and waits; whatever it has by then is kept.
 */
export async function session(context: SessionContext): Promise<CodingOutput> {
  const { ctx, input, resources } = context;
  ctx.emit({ type: 'progress', data: { phase: phase.prepare, coming: comingPhases(input) } });
  try {
    if (!(await mayPush(context))) return ended('stopped', 'Gantry may not push to the repository.', null);
    const start = await prepare(context);
    const measured = measureBefore(context, start);
    try {
      const goal = await agreeOnGoal(context, start);
      if (goal.kind === 'rejected') return ended('rejected', goal.notice, null);
      const { spec } = goal;
      const agreed = await agreeOnPlan(context, start, spec);
      if (agreed.kind === 'rejected') return ended('rejected', agreed.notice, spec);
      const before = await measured;
      if (!(await mayWorkUnproven(context, start, before)))
        return ended('stopped', 'Nothing in the repository could have proven the change.', spec);
      const building: Building = { session: context, start, before, spec, plan: agreed.plan };
      const built = await build(building);
      return outputOf(building, await publish(building, built));
    } finally {
      await Promise.allSettled([measured]);
    }
  } finally {
    await resources.workspaces.release(ctx.run.id);
  }
}

function ended(outcome: 'rejected' | 'stopped', notice: string, goal: GoalSpec | null): CodingOutput {
  return {
    ...{ outcome, notice, goal, branch: null, commits: [], pullUrl: null, pull: null },
    ...{ verification: null, bundleFile: null },
  };
}

function outputOf(
  { start, spec }: Building,
  { built, outcome, notice, pull, bundleFile }: Published,
): CodingOutput {
  return {
    ...{ outcome, notice, goal: spec, pull, bundleFile },
    branch: built.head === null ? null : start.branch,
    commits: commitsOf(built),
    pullUrl: pull?.url ?? null,
    verification: built.verification,
  };
}

function commitsOf({ commits }: Built): CodingOutput['commits'] {
  return commits.map(({ sha, message }) => ({ sha, message }));
}
