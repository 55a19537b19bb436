import {
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  opendirSync,
  rmdirSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { GantryError } from '../../../base/errors.ts';
import type { SandboxFile } from '../../../resources/ports/sandbox.ts';

/** More entries than this at the top, or anything but plain files, and the whole file system is thrown away instead. */
const FEW_ENTRIES = 64;
/** Its number in `statfs`. */
const EXT4 = 0xef53;
/** A write of many pages at once is refused as a whole, so that the last blocks stay free. */
const LAST_BLOCKS = 33;
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;

/** Checks a path relative to the workspace and answers its segments. Throws INPUT_INVALID. */
export function pathSegments(path: string): string[] {
  const segments = path.split('/');
  const plain = segments.every(
    (segment) => segment !== '' && segment !== '.' && segment !== '..' && Buffer.byteLength(segment) <= 255,
  );
  if (plain && !CONTROL_CHARACTERS.test(path) && Buffer.byteLength(path) <= 4_000) return segments;
  throw new GantryError(
    'INPUT_INVALID',
    `${JSON.stringify(path.slice(0, 200))} can't be a path in the workspace: use relative names without "..", empty parts or control characters.`,
  );
}

/**
 * Writes files into a workspace in which no program runs. A link that an earlier program left is never followed:
 * directories must be real ones, and what lies at a file's name is replaced.
 */
export function putFiles(workspace: string, files: readonly SandboxFile[], uid: number | undefined): void {
  for (const file of files) {
    const segments = pathSegments(file.path);
    const name = segments.pop() ?? '';
    const directory = segments.reduce(
      (parent, segment) => enterDirectory(join(parent, segment), file.path, uid),
      workspace,
    );
    try {
      replaceFile(join(directory, name), file, uid);
    } catch (cause) {
      throw refusal(cause, file.path);
    }
  }
}

/** True when the program could write no further: no space or no inode is left, or a file has reached its limit. */
export function isFull(places: readonly [string, ...string[]], fileBytes: number): boolean {
  const { bavail, ffree, files, type } = statfsSync(places[0]);
  return (
    bavail < (type === EXT4 ? LAST_BLOCKS : 1) ||
    (files > 0 && ffree === 0) ||
    places.some((place) => plainEntries(place).some((entry) => entry.size >= fileBytes))
  );
}

export function makeWorkspace(path: string, uid: number | undefined): void {
  mkdirSync(path, { mode: 0o755 });
  if (uid !== undefined) chownSync(path, uid, uid);
}

/** Removes a workspace that holds only a few plain files; answers false, with no promise what is left, otherwise. */
export function removeSimpleWorkspace(path: string): boolean {
  try {
    const entries = plainEntries(path);
    if (entries.length > FEW_ENTRIES) return false;
    for (const entry of entries) unlinkSync(entry.path);
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

function plainEntries(directory: string): { readonly path: string; readonly size: number }[] {
  const found: { path: string; size: number }[] = [];
  const reader = opendirSync(directory);
  try {
    for (
      let entry = reader.readSync();
      entry !== null && found.length <= FEW_ENTRIES;
      entry = reader.readSync()
    ) {
      if (!entry.isFile()) continue;
      const path = join(directory, entry.name);
      found.push({ path, size: lstatSync(path).size });
    }
  } finally {
    reader.closeSync();
  }
  return found;
}

function enterDirectory(path: string, wanted: string, uid: number | undefined): string {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) {
    try {
      makeWorkspace(path, uid);
    } catch (cause) {
      throw refusal(cause, wanted);
    }
  } else if (!entry.isDirectory()) {
    throw new GantryError('INPUT_INVALID', `${wanted} can't be written: a part of its path is no directory.`);
  }
  return path;
}

function replaceFile(path: string, file: SandboxFile, uid: number | undefined): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) unlinkSync(path);
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    for (let at = 0; at < file.content.length;) at += writeSync(fd, file.content, at);
    if (uid !== undefined) fchownSync(fd, uid, uid);
    fchmodSync(fd, file.executable === true ? 0o755 : 0o644);
  } finally {
    closeSync(fd);
  }
}

function refusal(cause: unknown, path: string): GantryError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOSPC')
    return new GantryError(
      'INPUT_INVALID',
      `${path} does not fit into the workspace; raise the disk limit.`,
      { cause },
    );
  return new GantryError('INPUT_INVALID', `${path} can't be written into the workspace (${String(code)}).`, {
    cause,
  });
}
