import { GantryError } from '../../base/errors.ts';
import type { Built } from './build.ts';
import { keepWholeDiff, oneFile } from './commit-step.ts';
import { mayPublish } from './may-publish.ts';
import { mergeBase } from './merge-base.ts';
import { phase, skips } from './phases.ts';
import { openPull } from './open-pull.ts';
import { pushStep } from './push-step.ts';
import { retries } from './retries.ts';
import type { CodingOutput, SessionPull } from './schema.ts';
import type { Building } from './build-step.ts';
import { tellBranch, tellState } from './tell-state.ts';

/** How the work left the session. */
export interface Published {
  readonly built: Built;
  readonly outcome: Extract<
    CodingOutput['outcome'],
    'opened' | 'pushed' | 'committed' | 'unchanged' | 'stopped'
  >;
  readonly notice: string | null;
  readonly pull: SessionPull | null;
  readonly bundleFile: string | null;
}

/**
 * Takes the commits to the repository and opens the pull request. What is refused there is asked about; where nothing
 * leaves the session, its commits are kept as a bundle.
 */
export async function publish(building: Building, built: Built): Promise<Published> {
  const { session, start } = building;
  const { ctx, input } = session;
  if (built.head === null) {
    const notice = built.notice ?? 'Nothing had to be changed.';
    return {
      built,
      outcome: built.notice === null ? 'unchanged' : 'stopped',
      notice,
      pull: null,
      bundleFile: null,
    };
  }
  ctx.emit({ type: 'progress', data: { phase: phase.publish } });
  await keepWholeDiff(session, start.state.base, built.head);
  if (start.state.base.repository.kind === 'bundle' || skips(input, 'push'))
    return kept(building, built, built.isStopped ? 'stopped' : 'committed', built.notice);
  const allowed = await mayPublish(session, start, built.paths);
  if (!allowed.yes) return kept(building, built, 'stopped', allowed.notice);
  const merged = await mergeBase(building, built);
  if (merged.kind === 'stopped') return kept(building, built, 'stopped', merged.notice);
  const ready = merged.built;
  const pushed = await pushStep(session, start, {
    head: ready.head ?? built.head,
    replaces: null,
    name: 'the branch',
  });
  if (pushed.kind === 'stopped') return kept(building, ready, 'stopped', pushed.notice);
  tellBranch(ctx, start, ready.commits, ready.head);
  if (built.isStopped || skips(input, 'pull'))
    return {
      built: ready,
      outcome: built.isStopped ? 'stopped' : 'pushed',
      notice: built.notice,
      pull: null,
      bundleFile: null,
    };
  const opened = await openPull(building, ready);
  if (opened.kind === 'unable')
    return { built: ready, outcome: 'pushed', notice: opened.notice, pull: null, bundleFile: null };
  tellState(ctx, 'pull', opened.pull);
  return { built: ready, outcome: 'opened', notice: built.notice, pull: opened.pull, bundleFile: null };
}

async function kept(
  { session, start }: Building,
  built: Built,
  outcome: Published['outcome'],
  notice: string | null,
): Promise<Published> {
  const { ctx, resources } = session;
  const { base } = start.state;
  const bundleFile = await ctx.step(
    'keep the branch',
    async (step) => {
      const { head } = built;
      if (head === null) throw new GantryError('INTERNAL', 'A branch without commits was to be kept.');
      try {
        const content = await resources.workspaces.bundle(step, { base, head, branch: start.branch });
        const name = `${start.branch.replaceAll('/', '-')}.bundle`;
        const [file] = await resources.artifacts.save(step.owner, oneFile(name, content));
        return file?.id ?? null;
      } catch (error) {
        if (!(error instanceof GantryError) || error.code !== 'WORKSPACE_FULL') throw error;
        // Commits that are too large to push are too large for a file as well; each step's diff is kept all the same.
        step.emit({ type: 'log', data: { level: 'warn', message: error.message } });
        return null;
      }
    },
    { retry: retries.files },
  );
  return { built, outcome, notice, pull: null, bundleFile };
}
