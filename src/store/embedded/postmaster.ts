import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, open, readdir, readFile, readlink, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { cleanEnvironment } from './cluster.ts';
import { type Endpoint, listenSettings } from './endpoint.ts';
import { codeOf, explainOutput } from './explain.ts';
import type { Paths } from './paths.ts';
import { serverSettings, settingArguments } from './settings.ts';

/** A running PostgreSQL: its first process, and where it listens. */
export interface Postmaster {
  readonly pid: number;
  readonly endpoint: Endpoint;
  readonly child?: ChildProcess;
}

const readyTimeoutMs = 300_000;
const largestLogBytes = 10 * 1024 * 1024;

/**
 * Starts PostgreSQL on the cluster and waits until it takes connections. It gets a session of its own: Ctrl-C on the
 * terminal reaches only Gantry, which stops the database last. Throws what its last lines mean when it doesn't start.
 */
export async function launch(
  paths: Paths,
  binaries: Binaries,
  account: Account,
  endpoint: Endpoint,
  extra: Readonly<Record<string, string>>,
): Promise<Postmaster> {
  await rotateLog(paths);
  const log = await open(paths.log, 'a', 0o600);
  const { size } = await log.stat();
  const settings = settingArguments({ ...serverSettings, ...listenSettings(endpoint), ...extra });
  const child = spawn(binaries.postgres, ['-D', paths.cluster, ...settings], {
    ...account,
    cwd: '/',
    env: cleanEnvironment,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  try {
    await Promise.race([failed, untilReady(child, paths)]);
  } catch (error) {
    const said = (await readFile(paths.log)).subarray(size).toString();
    throw codeOf(error) ? error : explainOutput(said, paths.dataDir, 'to start');
  } finally {
    await log.close();
  }
  child.unref();
  return { pid: child.pid ?? 0, endpoint, child };
}

/** The PostgreSQL that runs on the cluster now, whoever started it. */
export async function findRunning(paths: Paths): Promise<Postmaster | undefined> {
  const lines = await pidFile(paths);
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !(await isRunning(pid, paths))) return undefined;
  const directory = lines[4]?.trim();
  if (directory) return { pid, endpoint: { kind: 'socket', directory } };
  return { pid, endpoint: { kind: 'port', port: Number(lines[3]) } };
}

/**
 * Deletes a `postmaster.pid` whose number now belongs to an unrelated process: PostgreSQL would take that one for a
 * server and refuse to start. Backends that outlive their postmaster still work in the cluster's directory; as long as
 * there is one, the file stays.
 */
export async function dropStalePidFile(paths: Paths): Promise<void> {
  for (const name of await readdir('/proc')) {
    if (/^\d+$/.test(name) && (await readlink(`/proc/${name}/cwd`).catch(() => '')) === paths.cluster) return;
  }
  await rm(join(paths.cluster, 'postmaster.pid'), { force: true });
}

/** True while the process `pid` is a PostgreSQL at work in the cluster. */
export async function isRunning(pid: number, paths: Paths): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === paths.cluster;
  } catch (error) {
    return codeOf(error) === 'EACCES';
  }
}

/** Ends the server: a fast shutdown, and after `graceMs` an immediate one. Resolves when the process is gone. */
export async function stopPostmaster(server: Postmaster, paths: Paths, graceMs: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', graceMs],
    ['SIGQUIT', 5000],
    ['SIGKILL', 5000],
  ] as const) {
    if (!sendSignal(server.pid, signal)) return;
    const deadline = Date.now() + waitMs;
    while (Date.now() < deadline) {
      if (!(await isRunning(server.pid, paths))) return;
      await pause(5);
    }
  }
}

/** Moves a log over 10 MiB to `postgres.log.1`; the running server appends to the emptied file. */
export async function rotateLog(paths: Paths): Promise<void> {
  const size = (await stat(paths.log).catch(() => undefined))?.size ?? 0;
  if (size < largestLogBytes) return;
  await copyFile(paths.log, `${paths.log}.1.tmp`);
  await rename(`${paths.log}.1.tmp`, `${paths.log}.1`);
  await truncate(paths.log);
}

async function untilReady(child: ChildProcess, paths: Paths): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('PostgreSQL ended');
    const lines = await pidFile(paths);
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return;
    await pause(5);
  }
  child.kill('SIGQUIT');
  throw new Error('PostgreSQL was not ready in time');
}

async function pidFile(paths: Paths): Promise<string[]> {
  const text = await readFile(join(paths.cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n');
}

function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
