import { GantryError } from '../../base/errors.ts';
import type { StepContext } from '../../kernel/context.ts';
import { historyOf, packsOf, type BranchHistory } from './branch-history.ts';
import { harmIn, noSuchCommit } from './commit-files.ts';
import type { WorkspaceParts } from './create-workspaces.ts';
import type { Mirror } from './mirrors.ts';
import { groundOfBundle } from './ready-workspace.ts';
import { bringCommits, tenantOf } from './resolve.ts';
import { runScript, type ScriptRequest } from './sandbox-script.ts';
import { scriptLimits } from './script-limits.ts';
import { mirrorTarget } from './scripts.ts';
import type { WorkspaceBase } from './workspace.ts';

/** Commits of a run, to be looked at in a sandbox where no program of anybody ran. */
export interface HistoryPlace {
  readonly history: BranchHistory;
  /** With the repository's commits that they stand on; undefined where it is no connected one, or empty. */
  readonly mirror: Mirror | undefined;
  run(
    request: Pick<ScriptRequest, 'script' | 'args' | 'maxOutput' | 'cut' | 'doing' | 'meanings'>,
  ): Promise<Buffer>;
}

/** Opens one for some commits of a run and its repository, and closes it after the work. */
export async function inHistory<T>(
  parts: WorkspaceParts,
  step: StepContext,
  base: WorkspaceBase,
  commits: readonly string[],
  work: (place: HistoryPlace) => Promise<T>,
): Promise<T> {
  const { sandboxes, bundles, checkpointBytes, disk } = parts;
  const history = await historyOf(bundles, step.owner, commits);
  const wanted = new Set([...history.roots, ...(base.commit === null ? [] : [base.commit])]);
  const mirror = await bringCommits(parts, step, base, [...wanted]);
  try {
    const uploaded = base.repository.kind === 'bundle' ? await groundOfBundle(parts, step, base) : undefined;
    const sandbox = await sandboxes.create({
      tenant: uploaded?.tenant ?? tenantOf(base, (await parts.repositories.get(base.repository.name)).id),
      // A pack, its index and a head.
      limits: scriptLimits(parts.limits, 2 * checkpointBytes),
      mounts: mirror ? [{ source: mirror.path, target: mirrorTarget }] : [],
      tree: { layers: uploaded?.layers ?? [], disk },
    });
    try {
      const run: HistoryPlace['run'] = async (request) => {
        const { sizes, content } = await packsOf(bundles, history.own);
        return runScript(sandbox, {
          ...request,
          args: [...request.args, ...sizes],
          ...(sizes.length > 0 && { stdin: content }),
          mostMs: parts.scriptMs,
          signal: step.signal,
          meanings: { 6: () => noSuchCommit(), 7: () => notOwn(), 8: harmful, ...request.meanings },
        });
      };
      return await work({ history, mirror, run });
    } finally {
      await sandbox.destroy();
    }
  } finally {
    await mirror?.release();
  }
}

function notOwn(): GantryError {
  return new GantryError(
    'PUSH_REFUSED',
    'The branch leads to commits that this run has not made, so it was not pushed. Start again from the base branch.',
  );
}

function harmful(said: string): GantryError {
  return new GantryError(
    'PUSH_REFUSED',
    `The commits hold what git refuses as harmful: ${harmIn(said)}. Take it out of the files and commit again.`,
    { cause: new Error(said) },
  );
}
