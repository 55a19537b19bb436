import { GantryError } from '../../../base/errors.ts';
import { withForge } from '../../../resources/repositories/with-forge.ts';
import { specOfGoal } from '../goal/spec-of-goal.ts';
import { branchOf, measureBefore, prepare } from '../prepare.ts';
import { phase } from '../phases.ts';
import { retries } from '../retries.ts';
import { followUpSchema, type CodingOutput, type SessionPull } from '../schema.ts';
import type { SessionContext } from '../session-context.ts';
import { sessionPull } from '../session-pull.ts';
import { tellBranch, tellState } from '../tell-state.ts';
import { followPull } from './follow-pull.ts';
import { takeOverBranch } from './take-over-branch.ts';

/** Looks once after the pull request of an earlier session, until nothing is left to do about it. */
export async function continueSession(session: SessionContext, earlier: string): Promise<CodingOutput> {
  const { ctx, input } = session;
  ctx.emit({ type: 'progress', data: { phase: phase.prepare, coming: [phase.followUp] } });
  const branch = branchOf(earlier);
  const pull = await findPull(session, earlier, branch);
  const start = { ...(await prepare(session)), branch };
  const before = await measureBefore(session, start);
  const { repository } = start.state.base;
  if (repository.kind !== 'connected') throw noPull(branch);
  const state = await takeOverBranch(session, repository.name, branch);
  const head = state.base.commit ?? '';
  tellBranch(ctx, start, [], head);
  tellState(ctx, 'pull', pull);
  const spec = specOfGoal(input.goal);
  const followUp = input.followUp ?? followUpSchema.parse({});
  const followed = await followPull(
    { session, start, before, spec, plan: { steps: [] }, pull, followUp, once: true },
    { commits: [], verification: null },
    { state, head, from: state },
  );
  return {
    ...{ outcome: 'followed-up', notice: followed.notice, branch, goal: null, bundleFile: null },
    commits: followed.commits.map(({ sha, message }) => ({ sha, message })),
    pullUrl: followed.pull.url,
    pull: followed.pull,
    verification: followed.verification,
  };
}

async function findPull(session: SessionContext, earlier: string, branch: string): Promise<SessionPull> {
  const { ctx, input, resources } = session;
  const found = await ctx.step(
    'find the pull request',
    async () => {
      // Whoever may not see the session may not have it gone on with either.
      const [run] = await ctx.runs.find([earlier]);
      if (run?.capability !== 'coding' || input.repository.kind !== 'connected') return null;
      if (run.repository !== input.repository.name) return null;
      return withForge(resources.repositories, input.repository, async (forge) => {
        for await (const pull of forge.pulls({ state: 'open', head: branch }))
          if (!pull.head.isFork && pull.head.branch === branch) return sessionPull(pull);
        return null;
      });
    },
    { retry: retries.asking },
  );
  if (!found) throw noPull(branch);
  return found;
}

function noPull(branch: string): GantryError {
  const message = `There is no open pull request of ${branch}. It was closed or merged meanwhile, or the session opened none. Start a new session for more work.`;
  return new GantryError('NOT_FOUND', message);
}
