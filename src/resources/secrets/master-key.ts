import { hkdfSync, randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GantryError } from '../../base/errors.ts';
import { newToken } from '../../base/ids.ts';

const keyBytes = 32;

/** Where the master key lies when the configuration gives none. */
export function masterKeyPath(dataDir: string): string {
  return join(dataDir, 'master.key');
}

/**
 * The key that seals all secrets: 32 bytes, from the configuration (base64) or from `master.key` in the data directory,
 * which is made at the first start, 0600. It is never in the database, nor in a backup. Throws SECRET_UNREADABLE.
 */
export async function loadMasterKey(dataDir: string, configured?: string): Promise<Buffer> {
  if (configured !== undefined) return decode(configured, 'GANTRY_MASTER_KEY');
  const path = masterKeyPath(dataDir);
  const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new GantryError('SECRET_UNREADABLE', `The master key ${path} can't be read (${error.code}).`, { cause: error });
  });
  return found === undefined ? createKey(path) : decode(found, path);
}

/** A key for one purpose, from which the master key can't be found again (HKDF, RFC 5869). */
export function deriveKey(masterKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `gantry ${purpose}`, keyBytes));
}

/* Written aside and linked into place: of two processes that start at once one wins, and the other reads its key. */
async function createKey(path: string): Promise<Buffer> {
  const draft = `${path}.${newToken(6)}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    await file.writeFile(`${randomBytes(keyBytes).toString('base64')}\n`);
    await file.sync();
    await file.close();
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } catch (cause) {
    throw new GantryError('DATA_DIR_UNUSABLE', `The master key ${path} can't be written.`, { cause });
  } finally {
    await rm(draft, { force: true });
  }
  return decode(await readFile(path, 'utf8'), path);
}

function decode(text: string, origin: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === keyBytes) return key;
  throw new GantryError(
    'SECRET_UNREADABLE',
    `The master key of ${origin} must be ${keyBytes} bytes in base64, but has ${key.length}. Put back the key that this database was used with.`,
  );
}
