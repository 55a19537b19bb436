import { build, type Built } from './build.ts';
import type { Building } from './build-step.ts';
import { continueSession } from './follow/continue-session.ts';
import { followPull } from './follow/follow-pull.ts';
import { agreeOnGoal } from './goal/agree-on-goal.ts';
import { agreeOnPlan } from './plan/agree-on-plan.ts';
import { comingPhases, phase } from './phases.ts';
import { mayPush } from './may-push.ts';
import { mayWorkUnproven, measureBefore, prepare } from './prepare.ts';
import { publish, type Published } from './publish.ts';
import type { CodingOutput, GoalSpec } from './schema.ts';
import type { SessionContext } from './session-context.ts';
import { withIssue } from './trigger/tell-issue.ts';

/**
 * The story: agree on the goal and on a plan, write each step and prove it, commit what passes, and open a pull request.
 * Wherever a person is needed it asks and waits; whatever it has by then is kept.
 */
export function session(context: SessionContext): Promise<CodingOutput> {
  const declined = (notice: string) => ended('rejected', notice, null);
  return withIssue(context, (opened) => work(context, opened), declined);
}

/** `opened` is called when the pull request is there and is looked after from then on. */
async function work(
  context: SessionContext,
  opened: (output: CodingOutput) => Promise<void>,
): Promise<CodingOutput> {
  const { ctx, input, resources } = context;
  try {
    if (input.continues !== undefined) return await continueSession(context, input.continues);
    ctx.emit({ type: 'progress', data: { phase: phase.prepare, coming: comingPhases(input) } });
    if (!(await mayPush(context))) return ended('stopped', 'Gantry may not push to the repository.', null);
    const start = await prepare(context);
    // A question stands only once nothing is under way: what people are to answer soon is not kept waiting by slow tests.
    const beside = input.auto === true ? measureBefore(context, start) : null;
    try {
      const goal = await agreeOnGoal(context, start);
      if (goal.kind === 'rejected') return ended('rejected', goal.notice, null);
      const { spec } = goal;
      const before = await (beside ?? measureBefore(context, start));
      if (!(await mayWorkUnproven(context, start, before)))
        return ended('stopped', 'Nothing in the repository could have proven the change.', spec);
      const agreed = await agreeOnPlan(context, start, spec);
      if (agreed.kind === 'rejected') return ended('rejected', agreed.notice, spec);
      const building: Building = { session: context, start, before, spec, plan: agreed.plan };
      const published = await publish(building, await build(building));
      return await lookedAfter(building, published, opened);
    } finally {
      await Promise.allSettled([beside]);
    }
  } finally {
    await resources.workspaces.release(ctx.run.id);
  }
}

async function lookedAfter(
  building: Building,
  published: Published,
  opened: (output: CodingOutput) => Promise<void>,
): Promise<CodingOutput> {
  const output = outputOf(building, published);
  const { built, pull } = published;
  const { followUp } = building.session.input;
  if (pull === null || built.head === null || followUp === undefined) return output;
  await opened(output);
  const standing = { state: built.state, head: built.head, from: null };
  const followed = await followPull({ ...building, pull, followUp, once: false }, built, standing);
  const { verification, notice } = followed;
  return { ...output, commits: commitsOf(followed), verification, notice, pull: followed.pull };
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

function commitsOf({ commits }: Pick<Built, 'commits'>): CodingOutput['commits'] {
  return commits.map(({ sha, message }) => ({ sha, message }));
}
