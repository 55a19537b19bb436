import { GantryError } from '../../base/errors.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { WorkspaceParts } from './create-workspaces.ts';
import { inHistory } from './history-sandbox.ts';
import { bundleScript, compareScript, conflictsScript } from './history-scripts.ts';
import { readNames } from './commit-files.ts';
import { cutAtLine } from './open-workspace.ts';
import { publishBranch, remoteOf } from './publish-branch.ts';
import { assertRef } from './remote-ref.ts';
import { sourceOf, taskOf } from './resolve.ts';
import type { PublishRequest, WorkspaceBase, Workspaces } from './workspace.ts';

const listBytes = 16 * 1024 ** 2;

/** What is done with commits beside any open workspace. */
export function branchWork(
  parts: WorkspaceParts,
): Pick<Workspaces, 'latest' | 'conflicts' | 'compare' | 'publish' | 'bundle'> {
  return {
    latest: (step, base) => latest(parts, step, base),
    conflicts: (step, base, ours, theirs) =>
      inHistory(parts, step, base, [ours, theirs], async ({ run }) =>
        readNames(
          await run({
            script: conflictsScript,
            args: [ours, theirs],
            maxOutput: listBytes,
            doing: 'looking for conflicts',
          }),
        ),
      ),
    compare: (step, base, { from, to, maxBytes }) =>
      inHistory(parts, step, base, [from, to], async ({ run }) =>
        cutAtLine(
          await run({
            script: compareScript,
            args: [from, to],
            maxOutput: maxBytes,
            cut: true,
            doing: 'comparing commits',
          }),
          maxBytes,
        ),
      ),
    publish: (step, request) => publishBranch(parts, step, request),
    bundle: (step, request) => bundle(parts, step, request),
  };
}

async function latest(parts: WorkspaceParts, step: StepContext, base: WorkspaceBase): Promise<string> {
  const connected = await remoteOf(parts, base);
  const source = sourceOf(parts.repositories, connected);
  const task = taskOf(step, connected.name);
  // A tag or a bare commit stays what it is.
  const commit = base.branch === null ? base.commit : await parts.mirrors.branch(source, base.branch, task);
  if (commit === undefined || commit === null)
    throw new GantryError(
      'NOT_FOUND',
      `The branch ${base.branch ?? ''} is no longer in ${connected.name}. It may have been deleted or renamed; name another.`,
    );
  const mirror = await parts.mirrors.open(source, commit, task);
  await mirror.release();
  return commit;
}

async function bundle(
  parts: WorkspaceParts,
  step: StepContext,
  { base, head, branch }: Omit<PublishRequest, 'replaces'>,
): Promise<Buffer> {
  assertRef(branch);
  return inHistory(parts, step, base, [head], ({ history, run }) =>
    run({
      script: bundleScript,
      args: [head, branch, history.roots.join(' '), history.own.map(({ commit }) => commit).join(' ')],
      maxOutput: parts.checkpointBytes,
      doing: 'bundling the commits',
    }),
  );
}
