import { readFileSync, rmSync } from 'node:fs';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/base/logger.ts';
import { pathsBelow } from '../../src/store/embedded/paths.ts';
import { findRunning } from '../../src/store/embedded/postmaster.ts';
import { startEmbedded } from '../../src/store/embedded/start.ts';

export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A PostgreSQL for tests: forgetful (no fsync), in a directory that goes with it. Who doesn't stop it leaves that to
 * the end of the process: hooks of node:test run in the order in which they were added, so one that was added here
 * would end the server before the hooks of the tests that use it.
 */
export async function startTestServer(): Promise<TestServer> {
  const dataDir = await realpath(await mkdtemp(join(tmpdir(), 'gantry-test-')));
  await chmod(dataDir, 0o755);
  const server = await startEmbedded({
    dataDir,
    logger: createLogger('error'),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  const pid = (await findRunning(pathsBelow(dataDir)))?.pid ?? 0;
  const atExit = () => {
    endNow(pid);
    rmSync(dataDir, { recursive: true, force: true });
  };
  process.once('exit', atExit);
  // By default these end a process without its exit handlers, and a timed-out test file would leave its server behind.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(1));
  }
  const stop = async () => {
    process.off('exit', atExit);
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url: server.url, stop };
}

function endNow(pid: number): void {
  const deadline = Date.now() + 10_000;
  try {
    process.kill(pid, 'SIGQUIT');
    while (Date.now() < deadline && !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  } catch {
    // It is gone already.
  }
}
