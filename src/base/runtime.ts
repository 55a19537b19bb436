import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, link, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newToken } from './ids.ts';

export interface Runtime {
  /** The Node program of this process, at a place that every user of the machine can execute. */
  readonly nodePath: string;
}

/**
 * Puts the Node that runs Gantry under the data directory, once: sandboxes run JavaScript with it, and the clone that
 * it came from may lie in a private home. A hard link where possible, so that it takes no room.
 */
export async function ensureRuntime(options: { readonly dataDir: string }): Promise<Runtime> {
  const directory = join(options.dataDir, 'runtime', `node-${process.version.slice(1)}`, 'bin');
  const nodePath = join(directory, 'node');
  if (existsSync(nodePath)) return { nodePath };
  await mkdir(directory, { recursive: true });
  // Whatever umask Gantry was started under.
  for (const level of ['.', '..', '../..']) await chmod(join(directory, level), 0o755);
  const temporary = `${nodePath}.${newToken(6)}.tmp`;
  try {
    await place(await realpath(process.execPath), temporary);
    await rename(temporary, nodePath);
  } finally {
    // Two links to one file: renaming one over the other leaves both.
    await rm(temporary, { force: true });
  }
  return { nodePath };
}

async function place(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch {
    await copyFile(source, target, constants.COPYFILE_FICLONE);
    await chmod(target, 0o755);
  }
}
