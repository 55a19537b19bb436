import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { defineCapability } from './capability.ts';
import { listening } from '../../test/support/stories.ts';
import { killHard, spawnWorker } from '../../test/support/worker-process.ts';
import { until } from '../../test/support/until.ts';
import { asSystem, finished, withKernel } from '../../test/support/with-kernel.ts';
import { messageLimits } from './messages.ts';

const capabilities = [listening];
const start = { ...asSystem, capability: 'listening', input: {} };

test('a running step hears what was sent before it began, then what comes, in order', async () => {
  await withKernel({ capabilities }, async ({ kernel, work }) => {
    const { run } = await kernel.start(start);
    await kernel.send(run.id, 'word', ['one', 'two'], null);
    await kernel.send(run.id, 'other', ['not for it'], null);
    await kernel.signal(run.id, 'word', 'three', null);
    await work();
    const seen = kernel.follow(run.id, 0, AbortSignal.timeout(20_000));
    for await (const event of seen) if (event.type === 'progress' && event.data.phase === 'three') break;
    await kernel.send(run.id, 'word', [{ four: 4 }], 'user');
    await kernel.send(run.id, 'word', ['end'], null);
    const done = await finished(kernel, run.id);
    assert.deepEqual(done.output, ['one', 'two', 'three', { four: 4 }, 'end']);
    const events = await kernel.events(run.id, 0, 100);
    assert.equal(events.filter(({ type }) => type === 'signal.received').length, 1);
  });
});

test('each step, and each try of one, hears all from the start', async () => {
  await withKernel({ capabilities }, async ({ kernel, work }) => {
    const { run } = await kernel.start({ ...start, input: { steps: 2 } });
    await kernel.send(run.id, 'word', ['a', 'b', 'end'], null);
    await work();
    assert.deepEqual((await finished(kernel, run.id)).output, ['a', 'b', 'end']);
  });
});

test('what two senders send at once arrives whole, each in its own order', async () => {
  await withKernel({ capabilities }, async ({ kernel, work }) => {
    await work();
    const { run } = await kernel.start(start);
    const send = async (who: string) => {
      for (let n = 0; n < 60; n += 1) await kernel.send(run.id, 'word', [`${who}${n}`, `${who}${n}+`], null);
    };
    const signal = async () => {
      for (let n = 0; n < 20; n += 1) await kernel.signal(run.id, 'word', `s${n}`, null);
    };
    await Promise.all([send('x'), send('y'), signal()]);
    await kernel.send(run.id, 'word', ['end'], null);
    const heard = z.array(z.string()).parse((await finished(kernel, run.id)).output);
    const of = (who: string) => heard.filter((word) => word.startsWith(who));
    const sent = (who: string) => Array.from({ length: 60 }, (_, n) => [`${who}${n}`, `${who}${n}+`]).flat();
    assert.deepEqual(of('x'), sent('x'));
    assert.deepEqual(of('y'), sent('y'));
    assert.deepEqual(
      of('s'),
      Array.from({ length: 20 }, (_, n) => `s${n}`),
    );
    for (const [index, word] of heard.entries())
      if (/^[xy]\d+$/.test(word)) assert.equal(heard[index + 1], `${word}+`, 'a batch stays together');
  });
});

test('a flood is taken, and refused only beyond what a run may be sent', async () => {
  await withKernel({ capabilities }, async ({ kernel, db, work }) => {
    await work();
    const { run } = await kernel.start(start);
    const line = 'x'.repeat(1000);
    for (let n = 0; n < 40; n += 1)
      await kernel.send(
        run.id,
        'word',
        Array.from({ length: 100 }, () => line),
        null,
      );
    await kernel.send(run.id, 'word', ['end'], null);
    const heard = z.array(z.string()).parse((await finished(kernel, run.id)).output);
    assert.equal(heard.length, 4001);
    const full = await kernel.start(start);
    await kernel.send(full.run.id, 'word', ['first'], null);
    await db.query('UPDATE signals SET total_bytes = $2 WHERE run_id = $1', [
      full.run.id,
      messageLimits.bytes,
    ]);
    await assert.rejects(kernel.send(full.run.id, 'word', ['more'], null), { code: 'CONFLICT' });
    await assert.rejects(kernel.signal(full.run.id, 'word', 'more', null), { code: 'CONFLICT' });
    await kernel.cancel(full.run.id, null);
    await finished(kernel, full.run.id);
  });
});

test('a message of nearly a megabyte arrives as it was, and a larger one is refused', async () => {
  await withKernel({ capabilities }, async ({ kernel, work }) => {
    await work();
    const { run } = await kernel.start(start);
    const line = 'é'.repeat(524_000);
    await kernel.send(run.id, 'word', [line], null);
    await assert.rejects(kernel.send(run.id, 'word', [line + line], null), { code: 'BODY_TOO_LARGE' });
    await kernel.send(run.id, 'word', ['end'], null);
    assert.deepEqual((await finished(kernel, run.id)).output, [line, 'end']);
  });
});

test('nobody is there to hear what comes after the end, or what goes to no run', async () => {
  await withKernel({ capabilities }, async ({ kernel, work }) => {
    await work();
    const { run } = await kernel.start(start);
    await kernel.send(run.id, 'word', ['end'], null);
    await finished(kernel, run.id);
    await assert.rejects(kernel.send(run.id, 'word', ['late'], null), { code: 'RUN_FINISHED' });
    await assert.rejects(kernel.send('no-id', 'word', ['x'], null), { code: 'NOT_FOUND' });
    const nobody = run.id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    await assert.rejects(kernel.send(nobody, 'word', ['x'], null), { code: 'NOT_FOUND' });
  });
});

test('a cancelled step stops hearing', async () => {
  await withKernel({ capabilities }, async ({ kernel, work }) => {
    await work();
    const { run } = await kernel.start(start);
    await until(async () => (await kernel.get(run.id)).status === 'running');
    await kernel.cancel(run.id, null);
    assert.equal((await finished(kernel, run.id)).status, 'cancelled');
  });
});

test('after its worker was killed in the middle, the step hears all of it again, in order', async () => {
  await withKernel({ capabilities }, async ({ kernel, url, work }) => {
    const { run } = await kernel.start(start);
    const child = await spawnWorker(url, 4);
    try {
      await kernel.send(run.id, 'word', ['one', 'two'], null);
      for await (const event of kernel.follow(run.id, 0, AbortSignal.timeout(20_000)))
        if (event.type === 'progress' && event.data.phase === 'two') break;
    } finally {
      await killHard(child);
    }
    await work();
    await kernel.send(run.id, 'word', ['three', 'end'], null);
    const done = await finished(kernel, run.id);
    assert.deepEqual(done.output, ['one', 'two', 'three', 'end']);
    assert.equal(done.attempt, 2);
  });
});

const looking = defineCapability({
  name: 'looking',
  input: z.strictObject({}),
  output: z.array(z.unknown()),
  title: () => 'looks',
  run: async (ctx) => {
    const first = await ctx.step('look', ({ received }) => received('word', 0));
    const answer = await ctx.ask('sure', {
      title: 'Sure?',
      answers: [{ value: 'yes', label: 'Yes', tone: 'go' }],
    });
    const later = await ctx.step('look', ({ received }) => received('word', first.at(-1)?.seq ?? 0));
    return [first.map(({ payload }) => payload), answer?.value, later.map(({ payload }) => payload)];
  },
});

test('a step that only looks gets what came until now, behind what it has seen, and goes on at once', async () => {
  await withKernel({ capabilities: [looking] }, async ({ kernel, work }) => {
    const { run } = await kernel.start({ ...asSystem, capability: 'looking', input: {} });
    await kernel.send(run.id, 'word', ['one', 'two'], null);
    await work();
    await until(async () => (await kernel.get(run.id)).asks !== null);
    await kernel.send(run.id, 'word', ['three'], null);
    await kernel.signal(run.id, 'sure', { answer: 'yes' }, null);
    assert.deepEqual((await finished(kernel, run.id)).output, [['one', 'two'], 'yes', ['three']]);
  });
});
