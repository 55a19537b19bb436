import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/base/logger.ts';
import { startEmbedded } from '../../src/store/embedded/start.ts';

export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A PostgreSQL for tests: forgetful (no fsync), in a directory that goes with it. */
export async function startTestServer(): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gantry-test-'));
  await chmod(dataDir, 0o755);
  const server = await startEmbedded({
    dataDir,
    logger: createLogger('error'),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  const stop = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url: server.url, stop };
}
