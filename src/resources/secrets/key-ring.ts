import { link, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { GantryError } from '../../base/errors.ts';
import { loadMasterKey, makeKey, parseKey, readKey, type MasterKey } from './master-key.ts';

/** The master keys that this process has. Each opens what it sealed; the database says which one seals now. */
export interface KeyRing {
  /** Seals for as long as the database knows of no change of the key. */
  readonly first: MasterKey;
  /** Looks at the key files again for one that isn't known yet: another process may have made it since. */
  find(id: string): Promise<MasterKey | undefined>;
  /** The key to change to, made unless it is configured. CONFLICT says what to configure when there is none. */
  next(sealing: string): Promise<MasterKey>;
  /** Once all is sealed under it, the key is the one that a start reads; the one before stays in a file of its own. */
  settle(id: string): Promise<void>;
}

export interface ConfiguredKeys {
  readonly current?: string | undefined;
  /** The key before, while secrets are sealed anew. */
  readonly old?: string | undefined;
}

const keyFile = /^master\.key(\.next|\.[0-9a-f]{16})?$/;

/**
 * The keys of `configured`, and those in files of `dataDir`: `master.key`, `master.key.next` while the key is being changed,
 * and `master.key.<id>` for earlier ones. Throws CONFIG_INVALID or DATA_DIR_UNUSABLE.
 */
export async function openKeyRing(dataDir: string, configured: ConfiguredKeys = {}): Promise<KeyRing> {
  const primary = await loadMasterKey(dataDir, configured.current);
  const old = configured.old === undefined ? undefined : parseKey(configured.old, 'GANTRY_MASTER_KEY_OLD');
  const known = new Map([old, primary].flatMap((key) => (key ? [[key.id, key]] : [])));
  const path = join(dataDir, 'master.key');
  return {
    first: old ?? primary,
    find: async (id) => {
      if (!known.has(id)) for (const key of await readKeys(dataDir)) known.set(key.id, key);
      return known.get(id);
    },
    next: async (sealing) => {
      if (configured.current === undefined) return nextFile(`${path}.next`);
      if (primary.id !== sealing) return primary;
      const message =
        'Secrets are sealed under GANTRY_MASTER_KEY already. Set GANTRY_MASTER_KEY to a new key (openssl rand -base64 32) and GANTRY_MASTER_KEY_OLD to the present one for every process, restart them, and try again.';
      throw new GantryError('CONFLICT', message);
    },
    settle: async (id) => {
      if (configured.current === undefined) await settleFile(path, id);
    },
  };
}

async function readKeys(dataDir: string): Promise<MasterKey[]> {
  const names = (await readdir(dataDir).catch(() => [])).filter((name) => keyFile.test(name));
  const keys = await Promise.all(names.map((name) => keyIn(join(dataDir, name))));
  return keys.flatMap((key) => (key ? [key] : []));
}

async function keyIn(path: string): Promise<MasterKey | undefined> {
  const text = await readKey(path);
  return text === undefined ? undefined : parseKey(text, path);
}

async function nextFile(path: string): Promise<MasterKey> {
  try {
    return (await keyIn(path)) ?? parseKey(await makeKey(path), path);
  } catch (cause) {
    if (cause instanceof GantryError) throw cause;
    const message = `The new master key ${path} cannot be made (${String(cause)}). Nothing was changed. Give this user access to its directory.`;
    throw new GantryError('DATA_DIR_UNUSABLE', message, { cause });
  }
}

/** Safe to do again after a crash anywhere in it: no key is ever without a file. */
async function settleFile(path: string, id: string): Promise<void> {
  const [present, next] = await Promise.all([keyIn(path), keyIn(`${path}.next`)]);
  if (next?.id !== id) return;
  if (present && present.id !== id) {
    await link(path, `${path}.${present.id}`).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  }
  await rename(`${path}.next`, path);
}
