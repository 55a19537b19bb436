import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { GantryError } from '../../../base/errors.ts';
import type { FilePart } from '../../../resources/ports/sandbox.ts';
import { pathSegments } from './workspace.ts';

const { O_DIRECTORY, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Reads a plain file below `root`, in which nothing runs. Throws INPUT_INVALID when a part of its path is a link. */
export function readPart(
  root: string,
  path: string,
  range: { readonly offset: number; readonly bytes: number },
): FilePart | undefined {
  return within(root, path, (place) => {
    const entry = lstatSync(place, { throwIfNoEntry: false });
    if (entry === undefined) return undefined;
    if (!entry.isFile())
      throw refused(path, entry.isDirectory() ? 'it is a directory' : 'it is no plain file');
    const fd = opened(place, 0, path);
    try {
      return partOf(fd, range);
    } finally {
      closeSync(fd);
    }
  });
}

/** Removes what is no directory. Throws INPUT_INVALID when a part of the path before the last is a link. */
export function removeEntry(root: string, path: string): void {
  within(root, path, (place) => {
    const entry = lstatSync(place, { throwIfNoEntry: false });
    if (entry === undefined) return;
    if (entry.isDirectory()) throw refused(path, 'it is a directory');
    try {
      unlinkSync(place);
    } catch (cause) {
      throw refused(path, 'its directory does not let it go', cause);
    }
  });
}

/** Opens directory after directory, each relative to the one before: never through a link. */
function within<Found>(root: string, path: string, act: (place: string) => Found): Found | undefined {
  const segments = pathSegments(path);
  const name = segments.pop() ?? '';
  let directory = opened(root, O_DIRECTORY, path);
  try {
    for (const segment of segments) {
      const place = `/proc/self/fd/${directory}/${segment}`;
      const entry = lstatSync(place, { throwIfNoEntry: false });
      if (entry === undefined) return undefined;
      if (!entry.isDirectory()) throw refused(path, 'a part of its path is no directory');
      const next = opened(place, O_DIRECTORY, path);
      closeSync(directory);
      directory = next;
    }
    return act(`/proc/self/fd/${directory}/${name}`);
  } finally {
    closeSync(directory);
  }
}

function opened(place: string, flags: number, path: string): number {
  try {
    return openSync(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | flags);
  } catch (cause) {
    throw refused(path, 'a program took away the right to read it', cause);
  }
}

function partOf(fd: number, range: { readonly offset: number; readonly bytes: number }): FilePart {
  const { size } = fstatSync(fd);
  const content = Buffer.alloc(Math.max(0, Math.min(range.bytes, size - range.offset)));
  let filled = 0;
  while (filled < content.length) {
    const read = readSync(fd, content, filled, content.length - filled, range.offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return { content: content.subarray(0, filled), size };
}

function refused(path: string, why: string, cause?: unknown): GantryError {
  return new GantryError('INPUT_INVALID', `${path} can't be used as a file of the workspace: ${why}.`, {
    cause,
  });
}
