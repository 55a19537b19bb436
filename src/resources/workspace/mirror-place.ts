import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFile, type FileLock } from './file-lock.ts';

/**
 * Where one repository's mirror lies. Each generation is a bare repository; nothing is ever taken out of one that is in
 * use, so what a sandbox sees of it stays whole.
 */
export interface MirrorPlace {
  readonly directory: string;
}

export function mirrorPlace(root: string, key: string): MirrorPlace {
  return { directory: join(root, createHash('sha256').update(key).digest('hex').slice(0, 40)) };
}

export function mirrorPlaces(root: string): MirrorPlace[] {
  return readdirSync(root)
    .filter((name) => /^[0-9a-f]{40}$/.test(name))
    .map((name) => ({ directory: join(root, name) }));
}

/** Sandboxes have users of their own: they must come through to what they are shown. */
export async function makePlace(place: MirrorPlace): Promise<void> {
  await mkdir(place.directory, { recursive: true, mode: 0o711 });
  await chmod(place.directory, 0o711);
}

/** The present generation; undefined when there is none that is whole. */
export function currentGeneration(place: MirrorPlace): string | undefined {
  try {
    const name = readFileSync(join(place.directory, 'current'), 'utf8');
    const path = join(place.directory, name);
    return /^g-[0-9a-f-]+$/.test(name) && existsSync(join(path, 'HEAD')) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Where the next generation is made; nobody finds it before it is published. */
export function newGeneration(place: MirrorPlace): string {
  return join(place.directory, `g-${randomUUID()}`);
}

export function publish(place: MirrorPlace, generation: string): void {
  const draft = join(place.directory, 'current.new');
  writeFileSync(draft, generation.slice(place.directory.length + 1), { flush: true });
  renameSync(draft, join(place.directory, 'current'));
}

/** Who changes a mirror has this lock; crashed holders lose it. */
export async function lockPlace(
  place: MirrorPlace,
  options: { readonly wait: boolean; readonly signal?: AbortSignal | undefined },
): Promise<FileLock | undefined> {
  return lockFile(join(place.directory, 'lock'), options);
}

/** Who uses a generation has this, so that nobody removes it. */
export async function leaseGeneration(generation: string): Promise<FileLock | undefined> {
  const lease = await lockFile(`${generation}.lease`, { shared: true, wait: true });
  if (existsSync(join(generation, 'HEAD'))) return lease;
  await lease?.release();
  return undefined;
}

/** Removes what is not the present generation and not in use: old ones, and halves that a crash left. With the lock. */
export async function removeOld(place: MirrorPlace, keep: string | undefined): Promise<boolean> {
  let all = true;
  for (const name of readdirSync(place.directory)) {
    const path = join(place.directory, name);
    if (!/^g-[0-9a-f-]+$/.test(name) || path === keep) continue;
    all = (await removeGeneration(path)) && all;
  }
  return all;
}

async function removeGeneration(path: string): Promise<boolean> {
  const lease = await lockFile(`${path}.lease`, { wait: false });
  if (!lease) return false;
  await rm(path, { recursive: true, force: true });
  await rm(`${path}.lease`, { force: true });
  await lease.release();
  return true;
}

/** Takes away what a killed git leaves and what would stop the next one. With the lock. */
export async function clearRemains(generation: string): Promise<void> {
  const entries = readdirSync(generation, { recursive: true, withFileTypes: true });
  for (const entry of entries)
    if (entry.isFile() && /^tmp_|\.lock$|^\.tmp-/.test(entry.name))
      await rm(join(entry.parentPath, entry.name), { force: true });
}

export function touchPlace(place: MirrorPlace): void {
  const now = new Date();
  try {
    utimesSync(join(place.directory, 'current'), now, now);
  } catch {
    // It was removed in this moment; who wants it makes it again.
  }
}

export function placeUsedAt(place: MirrorPlace): number {
  return statSync(join(place.directory, 'current'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Size of all files below, in bytes. */
export function sizeOf(directory: string): number {
  let bytes = 0;
  try {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
      if (entry.isFile())
        bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    // It is being removed.
  }
  return bytes;
}
