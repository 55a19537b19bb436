import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { mkdtemp, chmod, rm, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLogger } from '../base/logger.ts';
import { openDatabase } from '../store/database.ts';
import { startEmbedded } from '../store/embedded/start.ts';
import { migrate } from '../store/migrate.ts';
import { until } from '../../test/support/until.ts';
import { asSystem, withKernel } from '../../test/support/with-kernel.ts';
import { chain, effectsTable } from '../../test/support/worker-process.ts';

test('PostgreSQL killed with -9 under load: every run that was accepted is finished when it is back', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gantry-outage-'));
  await chmod(dataDir, 0o755);
  const server = await startEmbedded({ dataDir, logger: createLogger('silent') });
  try {
    const db = openDatabase({ url: server.url, poolSize: 2, onError: () => undefined });
    await migrate(db);
    await db.query(effectsTable);
    await db.close();
    process.env['EFFECTS_URL'] = server.url;
    await withKernel({ capabilities: [chain], url: server.url }, async ({ kernel, work, db: own }) => {
      await work({ slots: 8, maxAttempts: 100 });
      const accepted: string[] = [];
      const request = { ...asSystem, capability: 'chain', input: { steps: 3, ms: 20 } };
      for (let index = 0; index < 60; index += 1) accepted.push((await kernel.start(request)).run.id);
      await until(async () => (await own.query(`SELECT FROM runs WHERE status = 'succeeded'`)).length >= 5);
      const pid = Number((await readFile(postmasterFile(dataDir), 'utf8')).split('\n')[0]);
      process.kill(pid, 'SIGKILL');
      const left = async () => (await own.query(`SELECT FROM runs WHERE status <> 'succeeded'`)).length;
      await until(async () => (await left().catch(() => -1)) === 0, 60_000);
      assert.equal((await own.query('SELECT FROM runs')).length, accepted.length);
      const again = await own.query('SELECT FROM effects WHERE again');
      assert.equal(again.length, 0);
    });
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});

function postmasterFile(dataDir: string): string {
  const [found] = globSync(join(dataDir, '**', 'postmaster.pid'));
  assert.ok(found);
  return found;
}
