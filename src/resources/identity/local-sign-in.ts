import { hash, timingSafeEqual } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import { newToken } from '../../base/ids.ts';

export const localTokenPrefix = 'gtl_';

const fileSchema = z.object({ url: z.string(), token: z.string(), pid: z.int().positive() });
export type LocalSignIn = z.infer<typeof fileSchema>;

/** Where the running server leaves what the command line on the same machine signs in with. */
export function localSignInPath(dataDir: string): string {
  return join(dataDir, 'local.json');
}

/**
 * Writes `local.json` with a fresh token, readable by this account only, whole or not at all. `remove` takes it away,
 * unless another server has put its own there meanwhile. Throws DATA_DIR_UNUSABLE.
 */
export async function writeLocalSignIn(options: {
  readonly dataDir: string;
  readonly url: string;
}): Promise<{ readonly remove: () => Promise<void> }> {
  const path = localSignInPath(options.dataDir);
  const token = localTokenPrefix + newToken();
  const draft = `${path}.${newToken(6)}`;
  const content: LocalSignIn = { url: options.url, token, pid: process.pid };
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(content)}\n`);
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new GantryError(
      'DATA_DIR_UNUSABLE',
      `${path} can't be written, so the command line can't sign in.`,
      {
        cause,
      },
    );
  }
  return {
    remove: async () => {
      const present = await readIfThere(path).catch(() => null);
      if (present?.token === token) await rm(path, { force: true });
    },
  };
}

/**
 * How to reach the server that runs on this data directory; null when none does, also when one died and left its file.
 * Throws FORBIDDEN when the server belongs to another account.
 */
export async function readLocalSignIn(dataDir: string): Promise<LocalSignIn | null> {
  const present = await readIfThere(localSignInPath(dataDir));
  return present && isAlive(present.pid) ? present : null;
}

/** Compares in constant time; false when there is no file. */
export async function isLocalToken(path: string, token: string): Promise<boolean> {
  const present = await readIfThere(path).catch(() => null);
  if (!present) return false;
  return timingSafeEqual(hash('sha256', token, 'buffer'), hash('sha256', present.token, 'buffer'));
}

async function readIfThere(path: string): Promise<LocalSignIn | null> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code !== 'EACCES' && code !== 'EPERM') return null;
    const message = `${path} belongs to another account. Run the command as that one, or give an API key.`;
    throw new GantryError('FORBIDDEN', message, { cause });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
