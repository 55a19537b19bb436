import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { GantryError } from '../../base/errors.ts';
import { type Account, requireTraversable } from './account.ts';
import type { Binaries } from './binaries.ts';
import { explainOutput } from './explain.ts';
import { type Paths, pathsBelow } from './paths.ts';

/** The environment of the database's programs: nothing of ours. */
export const cleanEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Makes the data directory and the part of it that belongs to the database. */
export async function prepareHome(dataDir: string): Promise<Paths> {
  await mkdir(resolve(dataDir), { recursive: true, mode: 0o711 });
  const paths = pathsBelow(await realpath(dataDir));
  await mkdir(paths.home, { recursive: true, mode: 0o711 });
  return paths;
}

/**
 * Makes the cluster on the first start: in a directory beside it that takes its name when complete, so that a start
 * that was killed half-way leaves nothing that looks like a database.
 */
export async function ensureCluster(
  paths: Paths,
  binaries: Binaries,
  account: Account,
  onProgress: (text: string) => void,
): Promise<void> {
  await openToAccount(paths, account);
  await ensurePassword(paths, account);
  if (existsSync(paths.cluster)) return requireVersion(paths, binaries);
  onProgress('Creating the database');
  await dropHalfMade(paths);
  const temporary = `${paths.cluster}.${process.pid}.tmp`;
  try {
    await mkdir(temporary, { mode: 0o700 });
    await give(temporary, account);
    await initdb(paths, binaries, account, temporary);
    await rename(temporary, paths.cluster);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

export async function readPassword(paths: Paths): Promise<string> {
  const password = (await readFile(paths.password, 'utf8').catch(() => '')).trim();
  if (password) return password;
  const message = `The password of the embedded database (${paths.password}) is missing or cannot be read. Start Gantry as the user that made it, or put the file back from a backup.`;
  throw new GantryError('DATA_DIR_UNUSABLE', message);
}

async function openToAccount(paths: Paths, account: Account): Promise<void> {
  if (account.uid !== undefined) {
    for (const directory of [paths.dataDir, paths.home]) {
      const { mode } = await stat(directory);
      if ((mode & 0o001) === 0) await chmod(directory, (mode & 0o777) | 0o011);
    }
    await requireTraversable(paths.home, account);
  }
  await mkdir(paths.sockets, { recursive: true, mode: 0o700 });
  await give(paths.sockets, account);
}

async function ensurePassword(paths: Paths, account: Account): Promise<void> {
  if (existsSync(paths.password) || existsSync(paths.cluster)) return;
  const temporary = `${paths.password}.${process.pid}.tmp`;
  await writeFile(temporary, randomBytes(32).toString('base64url'), { mode: 0o600 });
  await give(temporary, account);
  await rename(temporary, paths.password);
}

async function requireVersion(paths: Paths, binaries: Binaries): Promise<void> {
  const made = (await readFile(join(paths.cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  const ours = binaries.version.split('.')[0];
  if (made === ours || made === '') return;
  const message = `The database in ${paths.cluster} was made by PostgreSQL ${made}; this Gantry brings PostgreSQL ${ours}. Write a backup with the Gantry that made it, move ${paths.home} away, and restore the backup.`;
  throw new GantryError('DATABASE_FAILED', message);
}

async function initdb(paths: Paths, binaries: Binaries, account: Account, directory: string): Promise<void> {
  const options = [
    '--username=gantry',
    `--pwfile=${paths.password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
  ];
  // The password is 256 random bits: stretching it protects nothing and costs each connection milliseconds.
  options.push('--locale=C.UTF-8', '--set=scram_iterations=1', `--pgdata=${directory}`);
  const [program = '', ...words] = [...nameLender(account), binaries.initdb, ...options];
  const child = spawn(program, words, {
    ...account,
    cwd: '/',
    env: cleanEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await once(child, 'close');
  const said = (await output).join('\n');
  if (status !== 0) throw explainOutput(said, paths.dataDir, 'to create the database');
}

/**
 * initdb wants its user id to have a name, which it hasn't in a container started with a bare number. There it runs in
 * a user namespace, in which that id is one that every system names; the files still belong to the real id.
 */
function nameLender(account: Account): string[] {
  if (account.uid !== undefined) return [];
  try {
    userInfo();
    return [];
  } catch {
    return ['unshare', '--user', '--map-user=1', '--map-group=1'];
  }
}

async function dropHalfMade(paths: Paths): Promise<void> {
  for (const name of await readdir(paths.home)) {
    if (name.endsWith('.tmp')) await rm(join(paths.home, name), { recursive: true, force: true });
  }
}

async function give(path: string, account: Account): Promise<void> {
  if (account.uid !== undefined && account.gid !== undefined) await chown(path, account.uid, account.gid);
}
