import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../base/logger.ts';
import type { Paths } from './paths.ts';
import { isRunning, type Postmaster, rotateLog } from './postmaster.ts';

export interface Watch {
  /** Stops watching, after a restart that is under way; answers the server as it is now. */
  end(): Promise<Postmaster>;
}

const pollMs = 250;
const rotateMs = 60_000;
const slowestRetryMs = 5000;

/** Calls `restart` whenever the server ends without being told to, again and again until it succeeds. */
export function watch(
  first: Postmaster,
  paths: Paths,
  logger: Logger,
  restart: () => Promise<Postmaster>,
): Watch {
  let server = first;
  const ending = new AbortController();
  const rotating = setInterval(() => void rotateLog(paths).catch(() => undefined), rotateMs).unref();
  const keepRunning = async () => {
    while (!ending.signal.aborted) {
      await untilGone(server, paths, ending.signal);
      if (ending.signal.aborted) return;
      logger.error(`PostgreSQL (process ${server.pid}) ended unexpectedly; it is being started again.`);
      server = (await retry(restart, logger, ending.signal)) ?? server;
    }
  };
  const running = keepRunning();
  return {
    end: async () => {
      ending.abort();
      clearInterval(rotating);
      await running;
      return server;
    },
  };
}

async function retry(
  restart: () => Promise<Postmaster>,
  logger: Logger,
  signal: AbortSignal,
): Promise<Postmaster | undefined> {
  for (let delayMs = 100; !signal.aborted; delayMs = Math.min(delayMs * 2, slowestRetryMs)) {
    try {
      const server = await restart();
      logger.info(`PostgreSQL answers again (process ${server.pid}).`);
      return server;
    } catch (error) {
      logger.error({ err: error }, 'PostgreSQL could not be started again; the next try follows.');
      await pause(delayMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
  return undefined;
}

function untilGone(server: Postmaster, paths: Paths, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearInterval(timer);
      server.child?.off('exit', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const check = async () => {
      if (!(await isRunning(server.pid, paths))) done();
    };
    const timer = setInterval(() => void check(), pollMs).unref();
    server.child?.once('exit', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
