import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { formatBytes } from '../../base/format-bytes.ts';
import { toGantryError } from '../../base/errors.ts';
import type { Check } from '../../contract/system.ts';

const littleBytes = 1024 ** 3;
const leastBytes = 100 * 1024 ** 2;

/** Whether the data directory can be written, and has room. */
export async function lookAtDisk(dataDir: string): Promise<Check[]> {
  const name = 'data directory';
  try {
    const present = await firstPresent(resolve(dataDir));
    await access(present, constants.W_OK | constants.X_OK);
    const { bavail, bsize, files, ffree } = await statfs(present);
    const free = bavail * bsize;
    const detail = `${dataDir}, ${formatBytes(free)} free`;
    if (free >= littleBytes && (ffree > 0 || files === 0)) return [{ name, state: 'ok', detail }];
    const remedy = 'Free some space, or name another directory with GANTRY_DATA_DIR.';
    return [{ name, state: free < leastBytes ? 'missing' : 'gap', detail, remedy }];
  } catch (cause) {
    const detail = `${dataDir} can't be used (${toGantryError(cause).message})`;
    const remedy = 'Make it writable for this user, or name another one with GANTRY_DATA_DIR.';
    return [{ name, state: 'missing', detail, remedy }];
  }
}

/** The directory itself, or the one in which it would be made. */
async function firstPresent(path: string): Promise<string> {
  const there = await access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  return there || path === '/' ? path : firstPresent(dirname(path));
}
