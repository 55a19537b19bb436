import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from '../../base/logger.ts';
import { GantryError } from '../../base/errors.ts';

/** The user and group that PostgreSQL runs as; empty when it is the present user. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const run = promisify(execFile);
const ownName = 'gantry-db';

/**
 * Whom PostgreSQL runs as. It refuses to be root, so root lends it the owner of an existing cluster, else the system
 * user `gantry-db` (made when missing), else an existing `postgres` or `nobody`.
 * Throws DATABASE_FAILED when none of them exists.
 */
export async function databaseAccount(cluster: string, logger: Logger): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const owner = await stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const own = (await findAccount(ownName)) ?? (await createAccount(logger));
  if (own) return own;
  for (const name of ['postgres', 'nobody']) {
    const account = await findAccount(name);
    if (!account) continue;
    logger.warn(`PostgreSQL runs as the user ${name}, because the user ${ownName} could not be made.`);
    return account;
  }
  const message = `PostgreSQL refuses to run as root, and no user for it could be made. Run "useradd --system ${ownName}", start Gantry as an ordinary user, or name a database with GANTRY_DATABASE_URL.`;
  throw new GantryError('DATABASE_FAILED', message);
}

/** Throws DATA_DIR_UNUSABLE when a directory above `path` doesn't let `account` pass. */
export async function requireTraversable(path: string, account: Account): Promise<void> {
  if (account.uid === undefined) return;
  for (let directory = path; directory !== dirname(directory); directory = dirname(directory)) {
    const { uid, gid, mode } = await stat(directory);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) !== 0) continue;
    const message = `The database's user (uid ${account.uid}) cannot enter ${directory}, which is private. Run "chmod o+x ${directory}", or name a data directory elsewhere with GANTRY_DATA_DIR.`;
    throw new GantryError('DATA_DIR_UNUSABLE', message);
  }
}

async function createAccount(logger: Logger): Promise<Account | undefined> {
  const options = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  try {
    await run('useradd', [...options, '--shell', '/usr/sbin/nologin', ownName], { timeout: 20_000 });
  } catch (error) {
    // Two first starts at once race for the name; the loser finds it made.
    logger.debug({ err: error }, `useradd ${ownName} failed`);
  }
  return findAccount(ownName);
}

async function findAccount(name: string): Promise<Account | undefined> {
  const fromFile = parseEntry(await readFile('/etc/passwd', 'utf8').catch(() => ''), name);
  if (fromFile) return fromFile;
  const entry = await run('getent', ['passwd', name]).catch(() => undefined);
  return entry && parseEntry(entry.stdout, name);
}

function parseEntry(passwd: string, name: string): Account | undefined {
  const fields = passwd
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':');
  if (!fields) return undefined;
  const [uid, gid] = [Number(fields[2]), Number(fields[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : undefined;
}
