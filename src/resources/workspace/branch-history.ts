import { GantryError } from '../../base/errors.ts';
import type { StepOwner } from '../../kernel/context.ts';
import { bundleHead, packOf } from './bundle-pack.ts';
import type { Bundles, StoredCheckpoint } from './bundles.ts';
import { fullHash } from './remote-ref.ts';

/** What the bundle of a commit of a branch calls it; checkpoints have other names. */
export const branchRef = 'refs/gantry/branch';

/** Where commits of a run come from. */
export interface BranchHistory {
  /** Those that the run made, each after what it stands on. */
  readonly own: readonly StoredCheckpoint[];
  /** Commits of the repository that they stand on. */
  readonly roots: readonly string[];
}

/**
 * Finds what leads to commits: what the run has made is stored with it, all else is the repository's. INPUT_INVALID for what
 * is no full hash.
 */
export async function historyOf(
  bundles: Bundles,
  owner: StepOwner,
  commits: readonly string[],
): Promise<BranchHistory> {
  const own = new Map<string, StoredCheckpoint>();
  const roots = new Set<string>();
  for (const commit of commits) {
    if (!fullHash.test(commit))
      throw new GantryError(
        'INPUT_INVALID',
        `${JSON.stringify(commit.slice(0, 80))} is no full hash of a commit.`,
      );
    const chain = await storedChain(bundles, owner, commit);
    if (!chain) roots.add(commit);
    for (const each of chain ?? []) own.set(each.commit, each);
  }
  for (const { id } of own.values()) {
    const { needs, names } = await bundleHead(bundles.read(id));
    // A checkpoint holds what belongs to no branch.
    if (!names.has(branchRef)) throw notOfBranch();
    for (const commit of needs) if (!own.has(commit)) roots.add(commit);
  }
  return { own: [...own.values()], roots: [...roots] };
}

async function storedChain(
  bundles: Bundles,
  owner: StepOwner,
  commit: string,
): Promise<StoredCheckpoint[] | undefined> {
  try {
    return await bundles.chain(owner, commit);
  } catch (error) {
    if (error instanceof GantryError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

function notOfBranch(): GantryError {
  return new GantryError(
    'INPUT_INVALID',
    'A checkpoint of the workspace is no commit of a branch. Make a commit of its files first.',
  );
}

/** The packs of commits as the input of a script, one after another, and the size of each. */
export async function packsOf(
  bundles: Bundles,
  commits: readonly StoredCheckpoint[],
): Promise<{ readonly sizes: readonly string[]; readonly content: AsyncIterable<Uint8Array> }> {
  const sizes: string[] = [];
  for (const { id, bytes } of commits) {
    const pack = await packOf(bundles.read(id), bytes);
    sizes.push(String(pack.bytes));
  }
  return {
    sizes,
    content: (async function* () {
      for (const { id, bytes } of commits) yield* (await packOf(bundles.read(id), bytes)).content;
    })(),
  };
}
