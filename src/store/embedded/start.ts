import { setTimeout as pause } from 'node:timers/promises';
import { GantryError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { databaseAccount } from './account.ts';
import { dropOtherVersions, ensureBinaries } from './binaries.ts';
import { ensureCluster, prepareHome, readPassword } from './cluster.ts';
import { answers } from './connect.ts';
import { chooseEndpoint, type Endpoint, urlOf } from './endpoint.ts';
import { explainFileError } from './explain.ts';
import { type OwnerLock, ownerPid, takeOwnerLock } from './owner-lock.ts';
import type { Paths } from './paths.ts';
import { dropStalePidFile, findRunning, launch, type Postmaster, stopPostmaster } from './postmaster.ts';
import { watch } from './watch.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly logger: Logger;
  /** Told what a long start is doing, in a few words. */
  readonly onProgress?: (text: string) => void;
  /** Settings of PostgreSQL over the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** Connection URL of the database `gantry`; it stays the same when the server is started again. */
  readonly url: string;
  /** True when the server was already running: left by a process that died, or owned by another one that lives. */
  readonly adopted: boolean;
  /** Shuts the server down, when this process owns it. */
  stop(): Promise<void>;
}

interface Keeper {
  readonly paths: Paths;
  readonly options: EmbeddedOptions;
  lock: OwnerLock | undefined;
  endpoint: Endpoint | undefined;
}

interface Obtained {
  readonly server: Postmaster;
  readonly adopted: boolean;
}

const answerTimeoutMs = 60_000;
const lockRetryMs = 30_000;
const stopGraceMs = 15_000;

/**
 * Runs PostgreSQL on `<dataDir>/postgres` and keeps it running: made on the first start, adopted when one already
 * serves that directory, started again when it dies. One process owns it; others that start at the same time share it.
 * Throws DATA_DIR_UNUSABLE, DISK_FULL, DATABASE_LOCKED (an owner that never answers) or DATABASE_FAILED.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  let keeper: Keeper | undefined;
  try {
    keeper = { paths: await prepareHome(options.dataDir), options, lock: undefined, endpoint: undefined };
    return await keep(keeper);
  } catch (error) {
    await keeper?.lock?.release();
    throw explainFileError(error, options.dataDir);
  }
}

async function keep(keeper: Keeper): Promise<EmbeddedPostgres> {
  const { paths, options } = keeper;
  const { server, adopted } = await obtain(keeper);
  const url = urlOf(server.endpoint, await readPassword(paths));
  const watching = watch(server, paths, options.logger, async () => (await obtain(keeper)).server);
  const stop = async () => {
    const last = await watching.end();
    if (!keeper.lock) return;
    await stopPostmaster(last, paths, stopGraceMs);
    await keeper.lock.release();
    keeper.lock = undefined;
  };
  return { url, adopted, stop };
}

/** The server of this cluster: as the owner, found or started; otherwise as soon as its owner's server answers. */
async function obtain(keeper: Keeper): Promise<Obtained> {
  const { paths } = keeper;
  const deadline = Date.now() + answerTimeoutMs;
  while (Date.now() < deadline) {
    keeper.lock ??= await takeOwnerLock(paths.home);
    const running = await findRunning(paths);
    if (running && (await answers(running.endpoint, await readPassword(paths), paths))) {
      keeper.endpoint = running.endpoint;
      return { server: running, adopted: true };
    }
    if (keeper.lock && !running) return { server: await start(keeper), adopted: false };
    await pause(50);
  }
  const who = keeper.lock
    ? 'A PostgreSQL that does not answer'
    : `Another Gantry (process ${await ownerPid(paths.home)})`;
  const message = `${who} uses ${paths.home}. Stop it, or name another data directory with GANTRY_DATA_DIR.`;
  throw new GantryError('DATABASE_LOCKED', message);
}

async function start(keeper: Keeper): Promise<Postmaster> {
  const { paths, options } = keeper;
  const onProgress = options.onProgress ?? (() => undefined);
  const account = await databaseAccount(paths.cluster, options.logger);
  const binaries = await ensureBinaries(paths.home, onProgress);
  await ensureCluster(paths, binaries, account, onProgress);
  await dropStalePidFile(paths);
  keeper.endpoint ??= await chooseEndpoint(paths);
  const endpoint = keeper.endpoint;
  const server = await retryWhileLocked(() =>
    launch(paths, binaries, account, endpoint, options.settings ?? {}),
  );
  if (!(await answers(endpoint, await readPassword(paths), paths))) {
    await stopPostmaster(server, paths, stopGraceMs);
    const message = `PostgreSQL runs but does not take the password in ${paths.password}. Put the file back from a backup.`;
    throw new GantryError('DATABASE_FAILED', message);
  }
  await dropOtherVersions(paths.home, binaries.version);
  return server;
}

/** What a killed server left (its lock file, its shared memory) goes when its last backend has gone. */
async function retryWhileLocked(attempt: () => Promise<Postmaster>): Promise<Postmaster> {
  const deadline = Date.now() + lockRetryMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const locked = error instanceof GantryError && /lock file|shared memory block/.test(error.message);
      if (!locked || Date.now() > deadline) throw error;
      await pause(100);
    }
  }
}
