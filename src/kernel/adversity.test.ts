import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { createLogger } from '../base/logger.ts';
import { until } from '../../test/support/until.ts';
import { asSystem, finished, withKernel, type TestKernel } from '../../test/support/with-kernel.ts';
import { defineCapability } from './capability.ts';
import { catalogueOf } from './create-kernel.ts';
import { startDue } from './schedule.ts';

const done: string[] = [];
const story = (name: string, run: Parameters<typeof defineCapability>[0]['run']) =>
  defineCapability({ name, input: z.strictObject({}), output: z.unknown(), title: () => `${name}\0!`, run });
const refused = () => {
  throw new GantryError('CONFLICT', 'Refused.');
};
const undo = (name: string) => ({ compensate: async () => void done.push(`undo ${name}`) });

const halfUndone = story('half undone', async (ctx) => {
  await ctx.step('a', async () => 1, undo('a'));
  await ctx.step('b', async () => 2, undo('b'));
  await ctx.step('c', async () => refused());
});
const leavesWait = story('leaves wait', async (ctx) => {
  await ctx.step('a', async () => 1, {
    compensate: async () => {
      await pause(60);
      done.push('undo a');
    },
  });
  await Promise.all([ctx.signal('never', z.unknown()), ctx.step('b', async () => refused())]);
});
const leavesStep = story('leaves step', async (ctx) => {
  const slow = ctx.step(
    'slow',
    (step) =>
      new Promise<string>((resolve) =>
        step.signal.addEventListener('abort', () => resolve('stopped'), { once: true }),
      ),
    undo('slow'),
  );
  await Promise.all([slow, ctx.step('fails', async () => refused())]);
});
const bigInt = story('bigint', (ctx) =>
  ctx.step('n', async () => {
    done.push('n');
    return 1n;
  }),
);
const nulls = story('nulls', async (ctx) => {
  const values = [await ctx.step('null', async () => null), await ctx.step('void', async () => undefined)];
  await ctx.signal('go', z.strictObject({ ok: z.boolean() }));
  return values.map((value) => (value === null ? 'null' : typeof value));
});
const number = defineCapability({
  name: 'number',
  input: z.strictObject({}),
  output: z.number(),
  title: () => 'number',
  run: async () => 'a text' as unknown as number,
});
const capabilities = [halfUndone, leavesWait, leavesStep, bigInt, nulls, number];
async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
const start = async ({ kernel }: TestKernel, capability: string) =>
  (await kernel.start({ ...asSystem, capability, input: {} })).run.id;

test('compensations that were recorded before a crash are not run again', () =>
  withKernel({ capabilities }, async (test) => {
    done.length = 0;
    const id = await start(test, 'half undone');
    await test.db.query(
      `INSERT INTO steps (run_id, name, ordinal, position, kind, status, output, error) VALUES
       ($1, 'a', 0, 0, 'step', 'succeeded', '1', NULL), ($1, 'b', 0, 1, 'step', 'succeeded', '2', NULL),
       ($1, 'c', 0, 2, 'step', 'failed', NULL, '{"code":"CONFLICT","message":"Refused."}'),
       ($1, 'undo b', 0, 3, 'compensation', 'succeeded', NULL, NULL)`,
      [id],
    );
    await test.db.query('UPDATE runs SET claim = 1');
    await test.work();
    assert.equal((await finished(test.kernel, id)).status, 'failed');
    assert.deepEqual(done, ['undo a']);
  }));

test('a story that fails while another branch waits is undone and ends; it does not fall asleep', () =>
  withKernel({ capabilities }, async (test) => {
    done.length = 0;
    await test.work();
    assert.equal((await finished(test.kernel, await start(test, 'leaves wait'))).status, 'failed');
    assert.deepEqual(done, ['undo a']);
  }));

test('a step that another branch’s failure leaves behind is stopped, then undone', () =>
  withKernel({ capabilities }, async (test) => {
    done.length = 0;
    await test.work();
    const id = await start(test, 'leaves step');
    assert.equal((await finished(test.kernel, id)).status, 'failed');
    assert.deepEqual(done, ['undo slow']);
  }));

test('a result that JSON or the schema refuses fails the run at once, and the work is done once', () =>
  withKernel({ capabilities }, async (test) => {
    done.length = 0;
    await test.work();
    for (const name of ['bigint', 'number']) {
      const end = await finished(test.kernel, await start(test, name));
      assert.deepEqual([end.status, end.error?.code], ['failed', 'OUTPUT_INVALID']);
    }
    assert.deepEqual(done, ['n']);
  }));

test('a replay tells null from nothing, and a signal that does not fit is dropped with a word', () =>
  withKernel({ capabilities }, async (test) => {
    await test.work();
    const id = await start(test, 'nulls');
    assert.equal((await test.kernel.get(id)).title, 'nulls\u{fffd}!');
    await until(async () => (await test.kernel.get(id)).status === 'waiting');
    await test.kernel.signal(id, 'go', 'no object\0\ud800', null);
    await test.kernel.signal(id, 'go', { ok: true }, null);
    assert.deepEqual((await finished(test.kernel, id)).output, ['null', 'undefined']);
    const logs = (await test.kernel.events(id, 0, 100)).filter((event) => event.type === 'log');
    assert.equal(logs.length, 1);
  }));

test('a signal’s idempotency key leaves one message, also from many sides at once', () =>
  withKernel({ capabilities }, async (test) => {
    const id = await start(test, 'nulls');
    const send = (ok: boolean) => test.kernel.signal(id, 'go', { ok }, null, 'key');
    await Promise.all(Array.from({ length: 8 }, () => send(true)));
    assert.equal((await test.db.query('SELECT FROM signals')).length, 1);
    await assert.rejects(send(false), { code: 'IDEMPOTENCY_MISMATCH' });
    await test.work();
    await finished(test.kernel, id);
    await send(true);
    await assert.rejects(test.kernel.signal(id, 'go', {}, null, 'other'), { code: 'RUN_FINISHED' });
  }));

test('a schedule that can not start, or whose owner is gone, does not hold up the others', () =>
  withKernel({ capabilities }, async ({ kernel, db }) => {
    const base = { input: {}, cron: '* * * * *', timeZone: 'UTC' };
    for (const [name, userId] of [
      ['retired', null],
      ['orphan', 'nobody'],
      ['good', null],
    ] as const)
      await kernel.schedules.create({ ...base, name, capability: 'number', userId });
    await db.query(`UPDATE schedules SET next_at = now() - interval '1 hour'`);
    await db.query(`UPDATE schedules SET capability = 'gone', next_at = now() - interval '2 hours'
      WHERE name = 'retired'`);
    assert.equal(await startDue(db, catalogueOf(capabilities), 100, createLogger('silent')), 1);
    const enabled = (await kernel.schedules.list()).map((each) => [each.name, each.enabled]);
    assert.deepEqual(enabled, [
      ['good', true],
      ['orphan', false],
      ['retired', true],
    ]);
  }));

test('following from beyond the last event of a finished or deleted run ends', () =>
  withKernel({ capabilities }, async (test) => {
    await test.work();
    const id = await start(test, 'number');
    await finished(test.kernel, id);
    for (const after of [0, 4, 999]) {
      const seen = await collect(test.kernel.follow(id, after, AbortSignal.timeout(20_000)));
      assert.equal(seen.length > 0, after < 4 && seen.at(-1)?.type === 'run.failed');
    }
    await test.kernel.discard(id);
    assert.deepEqual(await collect(test.kernel.follow(id, 0, AbortSignal.timeout(20_000))), []);
    assert.deepEqual(test.hub.size(), { runs: 0, followers: 0 });
  }));
