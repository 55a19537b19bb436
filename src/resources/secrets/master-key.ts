import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GantryError } from '../../base/errors.ts';
import { newToken } from '../../base/ids.ts';

/** The key that seals every secret. It never goes into the database or a backup. */
export interface MasterKey {
  /** Says which key sealed a secret, and nothing about the key itself. */
  readonly id: string;
  readonly bytes: Buffer;
  /** Where it came from, for people: a path or the name of a setting. */
  readonly source: string;
}

const keyBytes = 32;

/**
 * The master key: `configured` (32 bytes in base64) when given, else `<dataDir>/master.key`, made at the first start,
 * readable by its owner only. Throws CONFIG_INVALID or DATA_DIR_UNUSABLE.
 */
export async function loadMasterKey(dataDir: string, configured?: string): Promise<MasterKey> {
  if (configured !== undefined) return parseKey(configured, 'GANTRY_MASTER_KEY');
  const path = join(dataDir, 'master.key');
  try {
    return parseKey((await readKey(path)) ?? (await makeKey(path)), path);
  } catch (cause) {
    if (cause instanceof GantryError) throw cause;
    const message = `The master key ${path} cannot be read or made (${String(cause)}). Give this user access to ${dataDir}, or set GANTRY_MASTER_KEY_FILE.`;
    throw new GantryError('DATA_DIR_UNUSABLE', message, { cause });
  }
}

/** 32 bytes in base64. CONFIG_INVALID names `source`. */
export function parseKey(text: string, source: string): MasterKey {
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== keyBytes) {
    const message = `${source} must hold ${keyBytes} random bytes in base64 (make them with "openssl rand -base64 32"); it holds ${bytes.length}.`;
    throw new GantryError('CONFIG_INVALID', message);
  }
  const id = createHash('sha256').update('gantry master key id').update(bytes).digest('hex').slice(0, 16);
  return { id, bytes, source };
}

/** Undefined when there is no such file. */
export async function readKey(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A new key in a file. Of two who make it at once, the second finds the key of the first: a link never replaces a file. */
export async function makeKey(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o711 });
  const temporary = `${path}.${newToken(6)}.tmp`;
  await writeFile(temporary, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    await link(temporary, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  return readFile(path, 'utf8');
}
