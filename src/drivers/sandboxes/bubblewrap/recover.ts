import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { emptyCgroups, killQuietly, removeCgroup } from './cgroup.ts';
import { runCommand } from './command.ts';
import { unmount } from './disk.ts';
import { hasOwnUids, identityOf } from './identity.ts';
import { ownerIndex, tryClaim } from './owner.ts';

const CGROUPS_FILE = 'cgroups.json';

/** Writes down where an owner's cgroups are, so that another process finds them after its death. */
export function rememberCgroups(directory: string, roots: readonly string[]): void {
  writeFileSync(join(directory, CGROUPS_FILE), JSON.stringify(roots));
}

/**
 * Clears away what owners that live no more left below `sandboxes`, and below those of other data directories as far
 * as their file systems are still mounted. A live owner holds its lock and isn't touched.
 */
export async function recoverDead(sandboxes: string): Promise<void> {
  const own = existsSync(sandboxes) ? readdirSync(sandboxes).map((name) => join(sandboxes, name)) : [];
  const others = mountPoints().flatMap(
    (path) => /^.*\/sandboxes\/gantry-r\d+(?=\/(?:s\d+\/(?:disk|save)|layers\/\d+)$)/.exec(path) ?? [],
  );
  for (const directory of new Set([...own, ...others])) {
    if (statSync(directory, { throwIfNoEntry: false })?.uid !== process.getuid?.()) continue;
    const index = ownerIndex(basename(directory));
    const owner = index === undefined ? undefined : await tryClaim(index);
    if (!owner) continue;
    try {
      await clearOwner(directory, owner.index);
    } finally {
      await owner.release();
    }
  }
}

/** Only for whoever holds the lock of this owner. */
export async function clearOwner(directory: string, index: number): Promise<void> {
  const identity = identityOf(index);
  if (hasOwnUids(identity)) killUsers(identity.firstUid, identity.places);
  const roots = rememberedCgroups(directory);
  await emptyCgroups(roots);
  for (const root of roots) await removeCgroup(root);
  for (const mount of mountsBelow(directory)) await unmount(mount);
  await runCommand('sh', ['-c', 'chmod -R u+rwX "$1"; rm -rf -- "$1"', 'sh', directory]);
}

function rememberedCgroups(directory: string): string[] {
  try {
    const roots: unknown = JSON.parse(readFileSync(join(directory, CGROUPS_FILE), 'utf8'));
    return Array.isArray(roots) ? roots.filter((root) => typeof root === 'string') : [];
  } catch {
    return [];
  }
}

/** A dead owner's programs die with it; this is for one that is only just dying. */
function killUsers(firstUid: number, count: number): void {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const uid = statSync(join('/proc', name), { throwIfNoEntry: false })?.uid ?? 0;
    if (uid >= firstUid && uid < firstUid + count) killQuietly(Number(name));
  }
}

/** Innermost first. */
function mountsBelow(directory: string): string[] {
  return mountPoints()
    .filter((point) => point.startsWith(`${directory}/`))
    .reverse();
}

function mountPoints(): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => plainPath(line.split(' ')[4] ?? ''));
}

function plainPath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
