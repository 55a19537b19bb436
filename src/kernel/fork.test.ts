import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { until } from '../../test/support/until.ts';
import { asSystem, finished, withKernel } from '../../test/support/with-kernel.ts';
import { defineCapability } from './capability.ts';

const calls: string[] = [];
const counting = defineCapability({
  name: 'counting',
  input: z.strictObject({}),
  output: z.array(z.string()),
  title: () => 'counts',
  run: async (ctx) => {
    const results: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      results.push(
        await ctx.step(name, async () => {
          calls.push(name);
          return `${name} by ${ctx.run.origin ? 'fork' : 'first'}`;
        }),
      );
    }
    return results;
  },
});

let shape: 'old' | 'new' = 'old';
const changing = defineCapability({
  name: 'changing',
  input: z.strictObject({}),
  output: z.null(),
  title: () => 'changes',
  run: async (ctx) => {
    await ctx.step(shape === 'old' ? 'before' : 'renamed', async () => null);
    await ctx.signal('go', z.unknown());
    return null;
  },
});
const telling = defineCapability({
  name: 'telling',
  input: z.strictObject({}),
  output: z.null(),
  title: () => 'tells',
  run: async (ctx) => {
    for (const phase of ['Goal', 'Plan', 'Build']) {
      ctx.emit({ type: 'progress', data: { phase } });
      ctx.emit({ type: 'log', data: { level: 'info', message: phase } });
      const value = await ctx.step(
        phase,
        async () => `${phase} of ${ctx.run.origin ? 'the fork' : 'the first'}`,
      );
      ctx.emit({ type: 'state', data: { key: phase, value } });
      if (phase === 'Plan' && ctx.run.origin) await ctx.signal('go', z.unknown());
    }
    return null;
  },
});
const capabilities = [counting, changing, telling];

test('a fork keeps the steps before the chosen one and does the rest again, without touching the first run', () =>
  withKernel({ capabilities }, async ({ kernel, work }) => {
    calls.length = 0;
    await work();
    const { run } = await kernel.start({ ...asSystem, capability: 'counting', input: {} });
    const first = await finished(kernel, run.id);
    const { run: fork } = await kernel.fork(run.id, 1, asSystem.trigger, null);
    assert.deepEqual(fork.origin, { kind: 'fork', runId: run.id });
    const second = await finished(kernel, fork.id);
    assert.deepEqual(second.output, ['one by first', 'two by fork', 'three by fork']);
    assert.deepEqual(calls, ['one', 'two', 'three', 'two', 'three']);
    assert.deepEqual(await kernel.get(run.id), first);
    await assert.rejects(kernel.fork(run.id, 9, asSystem.trigger, null), { code: 'INPUT_INVALID' });
    await assert.rejects(kernel.fork(run.id, -1, asSystem.trigger, null), { code: 'INPUT_INVALID' });
  }));

test('a story that was changed under a run stops it with a clear error instead of acting twice', () =>
  withKernel({ capabilities }, async ({ kernel, work }) => {
    shape = 'old';
    const worker = await work();
    const { run } = await kernel.start({ ...asSystem, capability: 'changing', input: {} });
    while ((await kernel.get(run.id)).status !== 'waiting')
      await new Promise((resolve) => setImmediate(resolve));
    await worker.stop();
    shape = 'new';
    await kernel.signal(run.id, 'go', null, null);
    await work();
    const end = await finished(kernel, run.id);
    assert.equal(end.status, 'failed');
    assert.equal(end.error?.code, 'HISTORY_MISMATCH');
  }));

test('a fork tells the phases and states of the steps that it keeps, once, and nothing else of them', () =>
  withKernel({ capabilities }, async ({ kernel, work, db }) => {
    await work();
    const { run } = await kernel.start({ ...asSystem, capability: 'telling', input: {} });
    await finished(kernel, run.id);
    const { run: fork } = await kernel.fork(run.id, 2, asSystem.trigger, null);
    await until(async () => (await kernel.get(fork.id)).status === 'waiting');
    const words = async () =>
      (await kernel.events(fork.id, 0, 1000)).flatMap((event) =>
        event.type === 'progress'
          ? [event.data.phase]
          : event.type === 'state'
            ? [event.data.value]
            : event.type === 'log'
              ? [`log ${event.data.message}`]
              : [],
      );
    const kept = ['Goal', 'Goal of the first', 'Plan', 'Plan of the first'];
    assert.deepEqual(await words(), kept);
    // As if its first worker had been lost before all of it was written.
    await db.query(`DELETE FROM events WHERE run_id = $1 AND data::text LIKE '%Plan of the first%'`, [
      fork.id,
    ]);
    await kernel.signal(fork.id, 'go', null, null);
    await finished(kernel, fork.id);
    assert.deepEqual(await words(), [...kept, 'Build', 'log Build', 'Build of the fork']);
  }));
