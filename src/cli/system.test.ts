import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from '../../test/support/gantry-up.ts';
import type { Overview } from '../contract/system.ts';
import type { Run } from '../contract/run.ts';
import type { WorkerView } from '../contract/worker.ts';

const { cli, json, program } = withServer({ GANTRY_SANDBOX_WARM: '0' });

test('system says how Gantry stands and lists its worker with what it has', async () => {
  const view = await json<Overview>('system');
  assert.equal(view.state, 'healthy');
  const [worker] = await json<WorkerView[]>('system', 'workers');
  assert.equal(worker?.name, 'worker-1');
  assert.ok(worker.offers.some(({ name, versions }) => name === 'bash' && versions.length > 0));
  assert.match((await cli('system')).stdout, /^Healthy\./);
  assert.match((await cli('system', 'workers')).stdout, /worker-1 +idle/);
  assert.match((await cli('system', 'queues')).stdout, /background +0 +0 +0/);
  assert.match((await cli('system', 'database')).stdout, /embedded PostgreSQL \d+/);
});

test('a worker drains by its name and goes on', async () => {
  assert.equal((await cli('system', 'drain', 'worker-1')).stdout, 'worker-1 begins no new runs.\n');
  assert.equal((await json<Overview>('system')).state, 'degraded');
  assert.equal((await cli('system', 'undrain', 'worker-1')).stdout, 'worker-1 begins runs again.\n');
  assert.equal((await cli('system', 'drain', 'nobody')).code, 66);
});

test('replay says what it would start, and starts it when told to', async () => {
  const file = await program('a.sh', 'exit 3');
  await cli('exec', file);
  const plan = await json<Run>('replay', '--status', 'succeeded', '--dry-run');
  assert.equal((plan.output as { selected: number }).selected, 1);
  const refused = await cli('replay', '--status', 'succeeded');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /Start 1 runs again\? Say --yes/);
  const started = await json<Run>('replay', '--status', 'succeeded', '--yes');
  const { code } = await cli('runs', 'follow', started.id);
  assert.equal(code, 0);
});
