import { isUtf8 } from 'node:buffer';
import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync, read, readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inert } from '../../../base/inert.ts';
import type { SkipReason } from '../../../contract/file.ts';
import type { CollectLimits, Collected, OutputFile, Skipped } from '../../../resources/ports/sandbox.ts';

const { O_DIRECTORY, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const deepest = 20;
const longestPath = 1024;
const shownName = 200;
const mostTold = 100;
const pieceBytes = 1024 * 1024;
/** So many entries are looked at before others get a turn. */
const batch = 128;
const readPiece = promisify(read);

interface Walk {
  readonly limits: CollectLimits;
  readonly skipped: Skipped[];
  more: number;
  files: number;
  bytes: number;
  entries: number;
}

/**
 * Reads what a program left below `root`, as the hostile input that it is. Each name is opened relative to the directory
 * that was opened before it, never through a link: `/proc/self/fd/N` is that directory itself, so this is openat with
 * O_NOFOLLOW for every part of a path. Nothing may run in there any more.
 */
export async function* collectFiles(
  root: string,
  limits: CollectLimits,
): AsyncGenerator<OutputFile, Collected> {
  const walk: Walk = { limits, skipped: [], more: 0, files: 0, bytes: 0, entries: 0 };
  const fd = openOrAllow(Buffer.from(root), O_DIRECTORY);
  if (fd !== undefined) yield* enter(walk, fd, Buffer.alloc(0), 1);
  return { skipped: walk.skipped, more: walk.more };
}

/** Visits the directory by name, and closes it. */
async function* enter(walk: Walk, fd: number, path: Buffer, depth: number): AsyncGenerator<OutputFile, void> {
  try {
    const names = readdirSync(`/proc/self/fd/${fd}`, { encoding: 'buffer' }).sort(Buffer.compare);
    for (const name of names) {
      walk.entries += 1;
      if (walk.entries % batch === 0) await setImmediate();
      const place = Buffer.concat([Buffer.from(`/proc/self/fd/${fd}/`), name]);
      yield* visit(walk, place, path.length === 0 ? name : Buffer.concat([path, slash, name]), depth);
    }
  } finally {
    closeSync(fd);
  }
}

const slash = Buffer.from('/');

async function* visit(
  walk: Walk,
  place: Buffer,
  path: Buffer,
  depth: number,
): AsyncGenerator<OutputFile, void> {
  const entry = lstatSync(place);
  if (entry.isSymbolicLink()) return skip(walk, path, 'link');
  if (entry.isDirectory()) {
    if (depth > deepest) return skip(walk, path, 'too_deep');
    const fd = openOrAllow(place, O_DIRECTORY);
    return fd === undefined ? skip(walk, path, 'unreadable') : yield* enter(walk, fd, path, depth + 1);
  }
  if (!entry.isFile()) return skip(walk, path, 'special');
  const name = nameOf(path);
  if (name === undefined) return skip(walk, path, 'name');
  if (walk.files >= walk.limits.files) return skip(walk, path, 'too_many');
  const fd = openOrAllow(place, 0);
  if (fd === undefined) return skip(walk, path, 'unreadable');
  try {
    const content = await contentOf(walk, fd);
    if (!(content instanceof Uint8Array)) return skip(walk, path, content);
    walk.files += 1;
    walk.bytes += content.length;
    yield { name, content };
  } finally {
    closeSync(fd);
  }
}

/** Exactly as many bytes as the file has, or why not. A sparse file counts as large as it says it is. */
async function contentOf({ limits, bytes }: Walk, fd: number): Promise<Uint8Array | SkipReason> {
  const stat = fstatSync(fd);
  if (!stat.isFile()) return 'special';
  if (stat.size > limits.fileBytes) return 'too_large';
  if (bytes + stat.size > limits.bytes) return 'too_large_together';
  const content = Buffer.alloc(stat.size);
  for (let at = 0; at < content.length;) {
    const { bytesRead } = await readPiece(fd, content, at, Math.min(pieceBytes, content.length - at), at);
    if (bytesRead === 0) return 'unreadable';
    at += bytesRead;
  }
  return content;
}

/** An ordinary user owns what the sandbox wrote, but the program may have taken the right to read it away. */
function openOrAllow(place: Buffer, flags: number): number | undefined {
  const all = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | flags;
  try {
    return openSync(place, all);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EACCES')) return undefined;
  }
  try {
    // Nothing runs in there that could have put a link in the place of what was just looked at.
    chmodSync(place, flags === O_DIRECTORY ? 0o700 : 0o600);
    return openSync(place, all);
  } catch {
    return undefined;
  }
}

/** The path as text that is safe to show, store and send; undefined when it is none. */
function nameOf(path: Buffer): string | undefined {
  if (path.length > longestPath || !isUtf8(path)) return undefined;
  const name = path.toString('utf8');
  return inert(name) === name ? name : undefined;
}

function skip(walk: Walk, path: Buffer, reason: SkipReason): void {
  if (walk.skipped.length >= mostTold) {
    walk.more += 1;
    return;
  }
  const text = inert(path.subarray(0, 4 * shownName).toString('utf8'));
  walk.skipped.push({ name: text.length > shownName ? `${text.slice(0, shownName)}\u2026` : text, reason });
}
