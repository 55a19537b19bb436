import { GantryError } from '../../base/errors.ts';
import type { SandboxDriver, SandboxLimits, SandboxMount, SandboxTree } from '../ports/sandbox.ts';
import { runScript } from './sandbox-script.ts';
import { checkoutScript, unbundleScript } from './scripts.ts';

/** Where layers are made, and for whom. */
export interface LayerPlace {
  readonly sandboxes: SandboxDriver;
  readonly tenant: string;
  readonly limits: SandboxLimits;
  readonly disk: SandboxTree['disk'];
  readonly mounts: readonly SandboxMount[];
  readonly signal: AbortSignal;
  /** What its script may take, in milliseconds. */
  readonly mostMs: number;
}

export interface CheckoutWish {
  readonly commit: string;
  readonly branch: string | null;
  /** Shown as the address of `origin`; null to leave it out. */
  readonly origin: string | null;
}

/** The key of a checked-out commit, within its tenant. */
export function checkoutKey({ commit, branch }: Pick<CheckoutWish, 'commit' | 'branch'>): string {
  return `checkout 2 ${commit} ${branch ?? ''}`;
}

/** Checks a commit out of the mirror that is mounted, in a sandbox of its own, and keeps it as a layer. */
export async function makeCheckout(place: LayerPlace, wish: CheckoutWish): Promise<void> {
  const { sandboxes, tenant, limits, disk, mounts, signal, mostMs } = place;
  const sandbox = await sandboxes.create({ tenant, limits, mounts, tree: { layers: [], disk } });
  try {
    await runScript(sandbox, {
      script: checkoutScript,
      args: [wish.commit, wish.branch ?? '', wish.origin ?? ''],
      maxOutput: 1024 ** 2,
      mostMs,
      doing: 'checking out the repository',
      signal,
    });
    await sandbox.save(checkoutKey(wish));
  } finally {
    await sandbox.destroy();
  }
}

export interface Unbundled {
  readonly commit: string;
  readonly branch: string | null;
}

/**
 * Clones an uploaded bundle in a sandbox of its own, and keeps it as a layer. INPUT_INVALID for what is no proper bundle,
 * NOT_FOUND for a ref that it lacks, REPOSITORY_EMPTY without commits.
 */
export async function makeFromBundle(
  place: LayerPlace,
  content: AsyncIterable<Uint8Array>,
  ref: string | undefined,
): Promise<Unbundled> {
  const { sandboxes, tenant, limits, disk, signal, mostMs } = place;
  const sandbox = await sandboxes.create({ tenant, limits, tree: { layers: [], disk } });
  try {
    const printed = await runScript(sandbox, {
      script: unbundleScript,
      args: [ref ?? ''],
      stdin: content,
      maxOutput: 4096,
      mostMs,
      doing: 'reading the bundle',
      signal,
      meanings: {
        3: (said) =>
          new GantryError(
            'INPUT_INVALID',
            'The bundle is no git bundle, is damaged, or needs commits that are not in it. Make it with `git bundle create` of whole branches, and upload it again.',
            { cause: new Error(said) },
          ),
        4: () => new GantryError('NOT_FOUND', `The bundle has no branch, tag or commit called ${ref ?? ''}.`),
        5: () => new GantryError('REPOSITORY_EMPTY', 'The bundle holds no commits. Commit something first.'),
      },
    });
    const [commit = '', branch = ''] = printed.toString().trimEnd().split(' ');
    await sandbox.save(checkoutKey({ commit, branch: branch === '' ? null : branch }));
    return { commit, branch: branch === '' ? null : branch };
  } finally {
    await sandbox.destroy();
  }
}
