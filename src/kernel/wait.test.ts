import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { asSystem, finished, withKernel, type TestKernel } from '../../test/support/with-kernel.ts';
import { until } from '../../test/support/until.ts';
import { defineCapability } from './capability.ts';

const none = z.strictObject({});
const asking = defineCapability({
  name: 'asking',
  input: z.strictObject({ timeoutMs: z.int().optional() }),
  output: z.unknown(),
  title: () => 'asks',
  run: async (ctx, { timeoutMs }) => {
    const before = await ctx.step('before', async () => 'done once');
    const answer = await ctx.signal(
      'answer',
      z.object({ yes: z.boolean() }),
      timeoutMs === undefined ? {} : { timeoutMs },
    );
    return { before, answer: answer ?? 'nobody answered' };
  },
});
const sleeping = defineCapability({
  name: 'sleeping',
  input: none,
  output: z.unknown(),
  title: () => 'sleeps',
  run: async (ctx) => {
    await ctx.sleep('nap', 20);
    await ctx.sleep('nap', 20);
    return 'awake';
  },
});
const leaf = defineCapability({
  name: 'leaf',
  input: z.strictObject({ n: z.int() }),
  output: z.int(),
  title: () => 'leaf',
  run: async (_, { n }) => n * 2,
});
const parent = defineCapability({
  name: 'parent',
  input: z.strictObject({ children: z.int() }),
  output: z.unknown(),
  title: () => 'parent',
  run: async (ctx, { children }) => {
    const results = await Promise.all(
      Array.from({ length: children }, (_, n) => ctx.child('leaf', 'leaf', { n })),
    );
    return results.map((result) => result.output);
  },
});
const capabilities = [asking, sleeping, leaf, parent];
const start = (kernel: TestKernel['kernel'], capability: string, input: unknown = {}) =>
  kernel.start({ ...asSystem, capability, input }).then(({ run }) => run.id);
const isWaiting = (kernel: TestKernel['kernel'], id: string) =>
  until(async () => (await kernel.get(id)).status === 'waiting');

test('a run that waits for a signal holds no slot and no worker, and goes on with the answer', () =>
  withKernel({ capabilities }, async ({ kernel, work }) => {
    const worker = await work({ slots: 1 });
    const id = await start(kernel, 'asking');
    await isWaiting(kernel, id);
    assert.equal(worker.busy(), 0);
    const run = await kernel.get(id);
    assert.equal(run.worker, null);
    assert.equal(run.waitingFor, 'answer');
    await kernel.signal(id, 'answer', { yes: true }, 'somebody');
    const end = await finished(kernel, id);
    assert.deepEqual(end.output, { before: 'done once', answer: { yes: true } });
    assert.equal(
      (await kernel.events(id, 0, 100)).filter((event) => event.type === 'step.started').length,
      1,
    );
  }));

test('a signal that comes before it is waited for is not lost, and each is consumed once', () =>
  withKernel({ capabilities }, async ({ kernel, work, db }) => {
    const id = await start(kernel, 'asking');
    await kernel.signal(id, 'answer', { yes: false }, null);
    await kernel.signal(id, 'answer', { yes: true }, null);
    await work();
    assert.deepEqual((await finished(kernel, id)).output, { before: 'done once', answer: { yes: false } });
    assert.equal((await db.query('SELECT FROM signals WHERE consumed_at IS NULL')).length, 1);
    await assert.rejects(kernel.signal(id, 'answer', {}, null), { code: 'RUN_FINISHED' });
  }));

test('a wait with a timeout goes on when nobody answers', () =>
  withKernel({ capabilities }, async ({ kernel, work }) => {
    await work();
    const id = await start(kernel, 'asking', { timeoutMs: 30 });
    assert.deepEqual((await finished(kernel, id)).output, { before: 'done once', answer: 'nobody answered' });
  }));

test('sleeps of the same name are different sleeps', () =>
  withKernel({ capabilities }, async ({ kernel, work }) => {
    await work();
    const id = await start(kernel, 'sleeping');
    assert.equal((await finished(kernel, id)).output, 'awake');
    assert.deepEqual(
      (await kernel.steps(id)).map((step) => [step.name, step.ordinal, step.status]),
      [
        ['nap', 0, 'succeeded'],
        ['nap', 1, 'succeeded'],
      ],
    );
  }));

test('a hundred waiting runs under a cap of ten keep nobody from running', () =>
  withKernel({ capabilities }, async ({ kernel, work }) => {
    await work({ slots: 10, caps: { running: 10 } });
    const waiting = await Promise.all(Array.from({ length: 100 }, () => start(kernel, 'asking')));
    await until(async () => (await kernel.stats()).waiting === 100);
    const id = await start(kernel, 'leaf', { n: 21 });
    assert.equal((await finished(kernel, id)).output, 42);
    for (const each of waiting) await kernel.signal(each, 'answer', { yes: true }, null);
    for (const each of waiting) assert.equal((await finished(kernel, each)).status, 'succeeded');
  }));

test('parents that await children cannot starve them of slots', () =>
  withKernel({ capabilities }, async ({ kernel, work }) => {
    await work({ slots: 1, caps: { running: 1 } });
    const ids = await Promise.all([
      start(kernel, 'parent', { children: 5 }),
      start(kernel, 'parent', { children: 5 }),
    ]);
    for (const id of ids) assert.deepEqual((await finished(kernel, id)).output, [0, 2, 4, 6, 8]);
    const children = await kernel.list({ limit: 100, capability: 'leaf' });
    assert.equal(children.items.length, 10);
    assert.ok(children.items.every((child) => ids.includes(child.parentId ?? '')));
  }));

test('signals that race with falling asleep are never lost', () =>
  withKernel({ capabilities }, async ({ kernel, work }) => {
    await work();
    const ids = await Promise.all(Array.from({ length: 40 }, () => start(kernel, 'asking')));
    await Promise.all(ids.map((id) => kernel.signal(id, 'answer', { yes: true }, null)));
    for (const id of ids) assert.equal((await finished(kernel, id)).status, 'succeeded');
  }));
