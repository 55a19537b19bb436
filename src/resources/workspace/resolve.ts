import type { Repository, RepositoryChoice } from '../../contract/repository.ts';
import type { StepContext } from '../../kernel/context.ts';
import { checkoutKey, makeFromBundle } from './base-layer.ts';
import type { WorkspaceParts } from './create-workspaces.ts';
import type { Mirror, MirrorSource, MirrorTask } from './mirrors.ts';
import { assertRef } from './remote-ref.ts';
import { checkoutShare, scriptLimits } from './script-limits.ts';
import type { WorkspaceBase, WorkspaceState } from './workspace.ts';

type Connected = Extract<RepositoryChoice, { kind: 'connected' }>;
type Uploaded = Extract<RepositoryChoice, { kind: 'bundle' }>;

/** Finds what a ref of a connected repository means now, and fetches it. */
export async function resolveConnected(
  { repositories, mirrors }: WorkspaceParts,
  step: StepContext,
  choice: Connected,
  trust: WorkspaceBase['trust'],
): Promise<WorkspaceState> {
  const repository = await repositories.get(choice.name);
  const source = sourceOf(repositories, repository);
  const { commit, branch } = await mirrors.resolve(source, choice.ref, taskOf(step, repository.name));
  return { base: { repository: choice, commit, branch, trust }, checkpoint: null };
}

/** Has a sandbox read an uploaded bundle; the host's git never sees it. */
export async function resolveBundle(
  parts: WorkspaceParts,
  step: StepContext,
  choice: Uploaded,
  trust: WorkspaceBase['trust'],
): Promise<WorkspaceState> {
  if (choice.ref !== undefined) assertRef(choice.ref);
  await parts.bundles.use(choice.bundleId, step.owner.runId);
  const { commit, branch } = await unbundle(parts, step.signal, choice, trust);
  return { base: { repository: choice, commit, branch, trust }, checkpoint: null };
}

export async function unbundle(
  parts: WorkspaceParts,
  signal: AbortSignal,
  choice: Uploaded,
  trust: WorkspaceBase['trust'],
): Promise<{ commit: string; branch: string | null; key: string }> {
  const { sandboxes, bundles, limits, disk } = parts;
  const tenant = tenantOf({ repository: choice, trust });
  const place = {
    sandboxes,
    tenant,
    limits: scriptLimits(limits, parts.checkpointBytes),
    disk,
    mounts: [],
    signal,
    mostMs: checkoutShare * parts.scriptMs,
  };
  const made = await makeFromBundle(place, bundles.read(choice.bundleId), choice.ref);
  return { ...made, key: checkoutKey(made) };
}

/** Whose layers a workspace may use: those of its repository and credential, at its level of trust. */
export function tenantOf(
  { repository, trust }: Pick<WorkspaceBase, 'repository' | 'trust'>,
  repositoryId?: string,
): string {
  return repository.kind === 'bundle'
    ? `bundle ${repository.bundleId} ${trust}`
    : `repository ${repositoryId ?? repository.name} ${trust}`;
}

/**
 * One mirror with all these commits of the base's repository, fetched where they lack; undefined for an upload, and without
 * commits.
 */
export async function bringCommits(
  { repositories, mirrors }: WorkspaceParts,
  step: StepContext,
  { repository }: WorkspaceBase,
  commits: readonly string[],
): Promise<Mirror | undefined> {
  if (repository.kind === 'bundle') return undefined;
  const connected = await repositories.get(repository.name);
  const source = sourceOf(repositories, connected);
  let mirror: Mirror | undefined;
  // A later one has what the earlier ones brought.
  for (const commit of commits) {
    await mirror?.release();
    mirror = await mirrors.open(source, commit, taskOf(step, connected.name));
  }
  return mirror;
}

/** A connected repository as a mirror has it; its credential is asked for when it is needed, and let go of at once. */
export function sourceOf(repositories: WorkspaceParts['repositories'], repository: Repository): MirrorSource {
  return {
    scope: repository.id,
    url: repository.url,
    credential: async () => {
      if (repository.auth === 'none') return null;
      const forge = await repositories.forge(repository);
      const credential = await forge.credential('read').catch(async (error: unknown) => {
        await forge.close();
        throw error;
      });
      if (credential === null) {
        await forge.close();
        return null;
      }
      const revoke = () => credential.revoke().finally(() => forge.close());
      return { ...credential, revoke };
    },
  };
}

/** Tells the run how the fetch goes, at most once for each tenth. */
export function taskOf(step: StepContext, name: string): MirrorTask {
  let last = '';
  return {
    signal: step.signal,
    onProgress: ({ phase, percent }) => {
      const text = `${phase} ${percent - (percent % 10)} %`;
      if (text === last) return;
      last = text;
      step.emit({ type: 'progress', data: { phase: `Fetching ${name}`, message: text } });
    },
  };
}
