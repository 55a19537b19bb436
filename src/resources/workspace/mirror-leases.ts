import type { FileLock } from './file-lock.ts';
import { askHostGit } from './host-git.ts';
import { currentGeneration, leaseGeneration, touchPlace, type MirrorPlace } from './mirror-place.ts';
import type { Mirror } from './mirrors.ts';

/** What this process has of the mirrors: one lease per generation, however many use it. */
export interface MirrorLeases {
  /** The mirror as it is, if it has the commit. */
  take(place: MirrorPlace, commit: string | undefined): Promise<Mirror | undefined>;
}

export function createLeases(): MirrorLeases {
  const leases = new Map<string, { count: number; lock: FileLock }>();
  const known = new Set<string>();
  const lease = async (generation: string): Promise<boolean> => {
    if (share(generation)) return true;
    const lock = await leaseGeneration(generation);
    if (!lock) return false;
    if (share(generation)) await lock.release();
    else leases.set(generation, { count: 1, lock });
    return true;
  };
  const share = (generation: string): boolean => {
    const held = leases.get(generation);
    if (held) held.count += 1;
    return held !== undefined;
  };
  const release = async (generation: string): Promise<void> => {
    const held = leases.get(generation);
    if (!held) return;
    held.count -= 1;
    if (held.count > 0) return;
    leases.delete(generation);
    await held.lock.release();
  };
  const has = async (generation: string, commit: string): Promise<boolean> => {
    const key = `${generation} ${commit}`;
    if (known.has(key)) return true;
    if (!(await hasCommit(generation, commit))) return false;
    if (known.size > 10_000) known.clear();
    known.add(key);
    return true;
  };
  return {
    take: async (place, commit) => {
      const generation = currentGeneration(place);
      if (generation === undefined || !(await lease(generation))) return undefined;
      if (commit !== undefined && !(await has(generation, commit))) {
        await release(generation);
        return undefined;
      }
      touchPlace(place);
      let done: Promise<void> | undefined;
      return { path: generation, from: 'cache', release: () => (done ??= release(generation)) };
    },
  };
}

export async function hasCommit(generation: string, commit: string): Promise<boolean> {
  return (await commitNamed(generation, commit)) !== undefined;
}

/** Undefined when there is no such commit, or several. */
export async function commitNamed(generation: string, name: string): Promise<string | undefined> {
  const { exitCode, stdout } = await askHostGit({
    args: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
    repository: generation,
  });
  return exitCode === 0 ? stdout.trim() : undefined;
}
