import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { asSystem, finished, withKernel } from '../../test/support/with-kernel.ts';
import { defineCapability } from './capability.ts';

const add = defineCapability({
  name: 'add',
  input: z.strictObject({ a: z.number(), b: z.number() }),
  output: z.object({ sum: z.number() }),
  title: ({ a, b }) => `${a} + ${b}`,
  run: async (ctx, { a, b }) => {
    const sum = await ctx.step('add', async (step) => {
      step.emit({ type: 'output', data: { stream: 'stdout', text: `${a + b}` } });
      return a + b;
    });
    return { sum };
  },
});

const failing = defineCapability({
  name: 'failing',
  input: z.strictObject({ code: z.enum(['INPUT_INVALID', 'SANDBOX_FAILED']) }),
  output: z.object({}),
  title: () => 'fails',
  run: async (ctx, { code }) => {
    await ctx.step('fail', async () => {
      throw new GantryError(code, 'It went wrong.');
    });
    return {};
  },
});

const start = { capability: 'add', input: { a: 1, b: 2 }, ...asSystem };

test('a run goes from start to output, and its events tell the whole story without a gap', () =>
  withKernel({ capabilities: [add] }, async ({ kernel, work }) => {
    await work();
    const { run } = await kernel.start(start);
    assert.equal(run.status, 'queued');
    const end = await finished(kernel, run.id);
    assert.equal(end.status, 'succeeded');
    assert.deepEqual(end.output, { sum: 3 });
    assert.equal(end.worker, null);
    const events = await kernel.events(run.id, 0, 100);
    assert.deepEqual(
      events.map((event) => event.type),
      ['run.queued', 'run.started', 'step.started', 'output', 'step.succeeded', 'run.succeeded'],
    );
    assert.deepEqual(
      events.map((event) => event.seq),
      [1, 2, 3, 4, 5, 6],
    );
    const [step] = await kernel.steps(run.id);
    assert.equal(step?.output, 3);
  }));

test('an input that does not fit names every problem and leaves no run behind', () =>
  withKernel({ capabilities: [add] }, async ({ kernel, db }) => {
    await assert.rejects(kernel.start({ ...start, input: { a: 'x', c: 1 } }), (error: GantryError) => {
      assert.equal(error.code, 'INPUT_INVALID');
      assert.deepEqual(error.problems.map((problem) => problem.path).sort(), ['a', 'b', 'c']);
      return true;
    });
    await assert.rejects(kernel.start({ ...start, capability: 'nothing' }), { code: 'INPUT_INVALID' });
    assert.equal((await db.query('SELECT FROM runs')).length, 0);
    assert.equal((await db.query('SELECT FROM events')).length, 0);
  }));

test('an idempotency key starts one run, however often and from however many sides it comes', () =>
  withKernel({ capabilities: [add] }, async ({ kernel, db }) => {
    const request = { ...start, idempotencyKey: 'once' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => kernel.start(request)));
    assert.equal(new Set(answers.map((answer) => answer.run.id)).size, 1);
    assert.equal(answers.filter((answer) => !answer.replayed).length, 1);
    assert.equal((await db.query('SELECT FROM runs')).length, 1);
    await assert.rejects(kernel.start({ ...request, input: { a: 1, b: 3 } }), {
      code: 'IDEMPOTENCY_MISMATCH',
    });
    const other = await kernel.start({ ...request, userId: 'somebody' });
    assert.equal(other.replayed, false);
  }));

test('a full queue refuses the next run and says when to come back', () =>
  withKernel({ capabilities: [add], maxQueued: 3 }, async ({ kernel }) => {
    for (let i = 0; i < 3; i += 1) await kernel.start(start);
    await assert.rejects(kernel.start(start), (error: GantryError) => {
      assert.equal(error.code, 'QUEUE_FULL');
      assert.ok((error.retryAfterSeconds ?? 0) > 0);
      return true;
    });
  }));

test('a fatal error fails the run; one that may pass is tried again until the run is dead', () =>
  withKernel({ capabilities: [failing] }, async ({ kernel, work }) => {
    await work({ maxAttempts: 2 });
    const fatal = await kernel.start({
      ...asSystem,
      capability: 'failing',
      input: { code: 'INPUT_INVALID' },
    });
    const failed = await finished(kernel, fatal.run.id);
    assert.equal(failed.status, 'failed');
    assert.deepEqual(failed.error, { code: 'INPUT_INVALID', message: 'It went wrong.' });
    const passing = await kernel.start({
      ...asSystem,
      capability: 'failing',
      input: { code: 'SANDBOX_FAILED' },
    });
    const dead = await finished(kernel, passing.run.id);
    assert.equal(dead.status, 'dead');
    assert.equal(dead.attempt, 2);
    assert.match(dead.error?.message ?? '', /Given up after 2 attempts/);
  }));

test('retry makes a new run that points back; a run that still goes on is refused', () =>
  withKernel({ capabilities: [add] }, async ({ kernel, work }) => {
    const { run } = await kernel.start(start);
    await assert.rejects(kernel.retry(run.id, asSystem.trigger, null), { code: 'CONFLICT' });
    await work();
    await finished(kernel, run.id);
    const { run: again } = await kernel.retry(run.id, asSystem.trigger, null);
    assert.deepEqual(again.origin, { kind: 'retry', runId: run.id });
    assert.deepEqual((await finished(kernel, again.id)).output, { sum: 3 });
    assert.equal((await kernel.get(run.id)).status, 'succeeded');
  }));

test('a run that does not exist is not found, whatever is asked of it', () =>
  withKernel({ capabilities: [add] }, async ({ kernel }) => {
    for (const id of ['01890a5d-ac96-774b-bcce-b302099a8057', 'nonsense', "'; DROP TABLE runs; --"]) {
      await assert.rejects(kernel.get(id), { code: 'NOT_FOUND' });
      await assert.rejects(kernel.cancel(id, null), { code: 'NOT_FOUND' });
      await assert.rejects(kernel.signal(id, 'x', null, null), { code: 'NOT_FOUND' });
      await assert.rejects(kernel.events(id, 0, 1), { code: 'NOT_FOUND' });
      await assert.rejects(kernel.prioritise(id, 'high', null), { code: 'NOT_FOUND' });
      await assert.rejects(kernel.discard(id), { code: 'NOT_FOUND' });
    }
  }));

test('lists page by cursor from the newest to the oldest, each run once', () =>
  withKernel({ capabilities: [add] }, async ({ kernel }) => {
    const ids: string[] = [];
    for (let i = 0; i < 7; i += 1)
      ids.push((await kernel.start({ ...start, input: { a: i, b: 100 } })).run.id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await kernel.list({ limit: 3, cursor });
      seen.push(...page.items.map((run) => run.id));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    assert.deepEqual(seen, ids.toReversed());
    const found = await kernel.list({ limit: 10, text: '3 + 1' });
    assert.deepEqual(
      found.items.map((run) => run.title),
      ['3 + 100'],
    );
    assert.equal((await kernel.list({ limit: 10, text: '%' })).items.length, 0);
  }));

test('discard deletes a finished run with all that belongs to it, and no other', () =>
  withKernel({ capabilities: [add] }, async ({ kernel, work, db }) => {
    const { run } = await kernel.start(start);
    await assert.rejects(kernel.discard(run.id), { code: 'CONFLICT' });
    await work();
    await finished(kernel, run.id);
    const kept = await kernel.start(start);
    await finished(kernel, kept.run.id);
    await kernel.discard(run.id);
    await assert.rejects(kernel.get(run.id), { code: 'NOT_FOUND' });
    assert.equal((await db.query('SELECT FROM events WHERE run_id = $1', [run.id])).length, 0);
    assert.equal((await kernel.events(kept.run.id, 0, 100)).length, 6);
  }));

test('a step that has used up its retry policy fails the run; it is not replayed until the run is dead', () => {
  let tries = 0;
  const stubborn = defineCapability({
    name: 'stubborn',
    input: z.strictObject({}),
    output: z.null(),
    title: () => 'stubborn',
    run: (ctx) =>
      ctx.step(
        'fail',
        async () => {
          tries += 1;
          throw new GantryError('SANDBOX_FAILED', 'It went wrong.');
        },
        { retry: { attempts: 3, delayMs: 1 } },
      ),
  });
  return withKernel({ capabilities: [stubborn] }, async ({ kernel, work }) => {
    await work({ maxAttempts: 5 });
    const { run } = await kernel.start({ ...asSystem, capability: 'stubborn', input: {} });
    const end = await finished(kernel, run.id);
    assert.deepEqual([end.status, end.attempt, end.error?.code, tries], ['failed', 1, 'SANDBOX_FAILED', 3]);
  });
});
