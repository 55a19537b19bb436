import { createHash, randomUUID, type Hash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  type BigIntStats,
} from 'node:fs';
import { setImmediate } from 'node:timers/promises';

const { O_DIRECTORY, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Each level holds a descriptor. */
const deepest = 200;
const isRoot = process.getuid?.() === 0;
/** So many entries are looked at before others get a turn. */
const batch = 256;

interface Walk {
  readonly hash: Hash;
  entries: number;
  /** Something could not be looked at: it may have changed. */
  unsure: boolean;
}

/**
 * A text that is the same as before only if nothing below `root` was changed: the kernel sets the time of change of
 * whatever a program writes, renames or takes rights from, and no program can set it back. What lies too deep to look at
 * counts as changed. Nothing may run in there; no link is followed.
 */
export async function markOf(root: string): Promise<string> {
  const walk: Walk = { hash: createHash('sha256'), entries: 0, unsure: false };
  await enter(walk, root, 0);
  return walk.unsure ? randomUUID() : walk.hash.digest('base64url');
}

async function enter(walk: Walk, place: string, depth: number): Promise<void> {
  const opened = depth > deepest ? undefined : openDirectory(place);
  if (opened === undefined) {
    walk.unsure = true;
    return;
  }
  const { fd, closed } = opened;
  try {
    // To open one changes its time; whatever is done in it shows in what it holds.
    if (closed === undefined) note(walk, fstatSync(fd, { bigint: true }));
    else walk.hash.update(`${closed} ${fstatSync(fd).ino} `);
    const names = readdirSync(`/proc/self/fd/${fd}`, { encoding: 'latin1' }).sort();
    for (const name of names) {
      walk.entries += 1;
      if (walk.entries % batch === 0) await setImmediate();
      await visit(walk, Buffer.from(`/proc/self/fd/${fd}/${name}`, 'latin1'), name, depth);
      if (walk.unsure) return;
    }
    walk.hash.update('\0\0');
  } finally {
    // An overlay remembers the mode that it knew: it has to be that again.
    if (closed !== undefined) fchmodSync(fd, closed);
    closeSync(fd);
  }
}

async function visit(walk: Walk, place: Buffer, name: string, depth: number): Promise<void> {
  const entry = lstatSync(place, { bigint: true });
  walk.hash.update(name, 'latin1').update('\0');
  if (entry.isDirectory()) await enter(walk, place.toString('latin1'), depth + 1);
  else note(walk, entry);
}

function note({ hash }: Walk, entry: BigIntStats): void {
  hash.update(`${entry.mode} ${entry.ino} ${entry.size} ${entry.ctimeNs} ${entry.mtimeNs} `);
}

/**
 * An ordinary user owns what the sandbox wrote, but the program may have taken the right to list it away: then it is opened,
 * and `closed` is the mode that it had.
 */
function openDirectory(latin: string): { readonly fd: number; readonly closed?: number } | undefined {
  const place = Buffer.from(latin, 'latin1');
  const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_DIRECTORY;
  try {
    // To look into it takes the right to pass as well.
    if (isRoot || (lstatSync(place).mode & 0o100) !== 0) return { fd: openSync(place, flags) };
  } catch {
    // It may still be opened below.
  }
  try {
    const closed = lstatSync(place).mode & 0o7777;
    chmodSync(place, (closed & 0o777) | 0o500);
    return { fd: openSync(place, flags), closed };
  } catch {
    return undefined;
  }
}
