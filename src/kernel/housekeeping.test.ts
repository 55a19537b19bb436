import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { asSystem, finished, withKernel } from '../../test/support/with-kernel.ts';
import { createLogger } from '../base/logger.ts';
import { defineCapability } from './capability.ts';
import { reconcile } from './reconcile.ts';
import { expireRuns } from './retention.ts';

const quick = defineCapability({
  name: 'quick',
  input: z.strictObject({}),
  output: z.null(),
  title: () => 'quick',
  run: async (ctx) => ctx.step('s', async () => null),
});
const asking = defineCapability({
  name: 'asking',
  input: z.strictObject({}),
  output: z.unknown(),
  title: () => 'asks',
  run: (ctx) => ctx.signal('answer', z.unknown()),
});
const capabilities = [quick, asking];
const log = createLogger('silent');
const start = (capability: string) => ({ ...asSystem, capability, input: {} });

test('retention deletes what finished long ago with all that belongs to it, and nothing else', () =>
  withKernel({ capabilities }, async ({ kernel, work, db }) => {
    await work();
    const old = (await kernel.start(start('quick'))).run.id;
    const fresh = (await kernel.start(start('quick'))).run.id;
    await Promise.all([finished(kernel, old), finished(kernel, fresh)]);
    const waiting = (await kernel.start(start('asking'))).run.id;
    await db.query(`UPDATE runs SET finished_at = now() - interval '31 days' WHERE id = $1`, [old]);
    assert.equal(await expireRuns(db, 0), 0);
    assert.equal(await expireRuns(db, 30), 1);
    assert.deepEqual(
      (await kernel.list({ limit: 9 })).items.map((run) => run.id),
      [waiting, fresh],
    );
    for (const table of ['events', 'steps'])
      assert.equal((await db.query(`SELECT FROM ${table} WHERE run_id = $1`, [old])).length, 0);
    assert.equal((await kernel.events(fresh, 0, 99)).length, 5);
  }));

test('the reconciler queues runs of workers that nobody knows', () =>
  withKernel({ capabilities }, async ({ kernel, db }) => {
    const { run } = await kernel.start(start('quick'));
    await db.query(`UPDATE runs SET status = 'running', worker_id = 'forgotten', claim = 1`);
    assert.equal(await reconcile(db, 5, log), 1);
    assert.equal((await kernel.get(run.id)).status, 'queued');
    assert.equal(await reconcile(db, 5, log), 0);
  }));

test('the reconciler wakes a sleeper whose signal is there', () =>
  withKernel({ capabilities }, async ({ kernel, db, work }) => {
    const worker = await work();
    const { run } = await kernel.start(start('asking'));
    while ((await kernel.get(run.id)).status !== 'waiting')
      await new Promise((resolve) => setImmediate(resolve));
    await worker.stop();
    await kernel.signal(run.id, 'answer', 1, null);
    await db.query(`UPDATE runs SET status = 'waiting' WHERE id = $1`, [run.id]);
    assert.equal(await reconcile(db, 5, log), 1);
    assert.equal((await kernel.get(run.id)).status, 'queued');
  }));
