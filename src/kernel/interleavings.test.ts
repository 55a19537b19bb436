import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { isTerminal } from '../contract/run-status.ts';
import { until } from '../../test/support/until.ts';
import { asSystem, withKernel, type TestKernel } from '../../test/support/with-kernel.ts';
import { defineCapability } from './capability.ts';

const errand = defineCapability({
  name: 'errand',
  input: z.strictObject({}),
  output: z.string(),
  title: () => 'errand',
  run: async (ctx) => {
    await ctx.step('first', async () => 1, { compensate: async () => undefined });
    const word = await ctx.signal('word', z.string(), { timeoutMs: 200 });
    await ctx.sleep('nap', 5);
    await Promise.all([ctx.step('left', async () => 2), ctx.step('right', async () => 3)]);
    return word ?? 'none';
  },
});

const move = fc.record({
  act: fc.constantFrom('start', 'cancel', 'pause', 'resume', 'signal', 'retry', 'fork', 'lose a worker'),
  of: fc.nat(20),
});
type Move = { act: string; of: number };
const lastTypes = new Set(['run.succeeded', 'run.failed', 'run.cancelled', 'run.dead']);
const expected = new Set(['RUN_FINISHED', 'CONFLICT', 'INPUT_INVALID']);

test('however starts, cancels, signals, retries and lost workers fall together, each run ends once and keeps its story', () =>
  fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 25 }), (moves) =>
      withKernel({ capabilities: [errand] }, async (test) => {
        await test.work({ slots: 3, maxAttempts: 100 });
        await test.work({ slots: 3, maxAttempts: 100 });
        const ids: string[] = [];
        const ended = new Map<string, string>();
        await Promise.all(
          moves.map(async (each) => {
            await play(test, ids, each);
            for (const id of ids) await noteEnd(test, id, ended);
          }),
        );
        for (const id of ids) await until(() => hasEnded(test, id));
        for (const id of ids) await check(test, id, ended.get(id));
      }),
    ),
    { numRuns: 12 },
  ));

async function play({ kernel, db }: TestKernel, ids: string[], { act, of }: Move): Promise<void> {
  const id = ids[of % Math.max(1, ids.length)];
  const { trigger } = asSystem;
  try {
    if (act === 'lose a worker') {
      await db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name LIKE 'gantry worker%' ORDER BY pid LIMIT 1`,
      );
    } else if (act === 'start' || id === undefined) {
      ids.push((await kernel.start({ ...asSystem, capability: 'errand', input: {} })).run.id);
    } else if (act === 'cancel') await kernel.cancel(id, null);
    else if (act === 'pause') await kernel.pause(id, null);
    else if (act === 'resume') await kernel.resume(id, null);
    else if (act === 'signal') await kernel.signal(id, 'word', 'hello', null);
    else if (act === 'retry') ids.push((await kernel.retry(id, trigger, null)).run.id);
    else ids.push((await kernel.fork(id, of % 3, trigger, null)).run.id);
  } catch (error) {
    assert.ok(error instanceof GantryError && expected.has(error.code), String(error));
  }
}

/** Whether it has; those that were left paused go on. */
async function hasEnded({ kernel }: TestKernel, id: string): Promise<boolean> {
  const { status, paused } = await kernel.get(id);
  if (paused) await kernel.resume(id, null);
  return isTerminal(status);
}

async function noteEnd({ kernel }: TestKernel, id: string, ended: Map<string, string>): Promise<void> {
  const { status } = await kernel.get(id);
  if (isTerminal(status)) ended.set(id, ended.get(id) ?? status);
}

async function check({ kernel }: TestKernel, id: string, seen: string | undefined): Promise<void> {
  const run = await kernel.get(id);
  assert.ok(seen === undefined || seen === run.status, 'terminal stays terminal');
  const events = await kernel.events(id, 0, 1000);
  assert.deepEqual(
    events.map((event) => event.seq),
    events.map((_, index) => index + 1),
  );
  const last = events.filter((event) => lastTypes.has(event.type));
  assert.deepEqual(
    last.map((event) => event.type),
    [`run.${run.status}`],
  );
  assert.equal(events.at(-1), last[0]);
  const succeeded = events.flatMap((event) =>
    event.type === 'step.succeeded' ? [`${event.data.step}#${event.data.ordinal}`] : [],
  );
  assert.equal(new Set(succeeded).size, succeeded.length, 'no step succeeded twice');
}
