import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Event } from '../contract/event.ts';
import { until } from '../../test/support/until.ts';
import { asSystem, finished, withKernel } from '../../test/support/with-kernel.ts';
import { defineCapability } from './capability.ts';

const talking = defineCapability({
  name: 'talking',
  input: z.strictObject({ lines: z.int() }),
  output: z.int(),
  title: () => 'talks',
  run: async (ctx, { lines }) => {
    await ctx.signal('go', z.unknown());
    return ctx.step('talk', async (step) => {
      for (let i = 0; i < lines; i += 1) {
        step.emit({ type: 'output', data: { stream: 'stdout', text: `line ${i}\n` } });
        if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      return lines;
    });
  },
});
const capabilities = [talking];
const never = new AbortController().signal;
const start = { ...asSystem, capability: 'talking' };

async function collect(events: AsyncIterable<Event>): Promise<Event[]> {
  const all: Event[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test('200 followers of one run in another process see every event once, in order, over one LISTEN', () =>
  withKernel({ capabilities }, async ({ kernel, hub, work, db }) => {
    await work();
    const { run } = await kernel.start({ ...start, input: { lines: 2000 } });
    const followers = Array.from({ length: 200 }, () => collect(kernel.follow(run.id, 0, never)));
    await until(() => hub.size().followers === 200);
    const listening = await db.query(
      `SELECT FROM pg_stat_activity WHERE application_name = 'gantry listen' AND datname = current_database()`,
    );
    assert.equal(listening.length, 2);
    await kernel.signal(run.id, 'go', null, null);
    const all = await Promise.all(followers);
    const stored: Event[] = [];
    for (
      let page = await kernel.events(run.id, 0, 1000);
      page.length > 0;
      page = await kernel.events(run.id, stored.length, 1000)
    )
      stored.push(...page);
    assert.ok(stored.length > 2000);
    assert.deepEqual(
      stored.map((event) => event.seq),
      stored.map((_, index) => index + 1),
    );
    for (const seen of all)
      assert.deepEqual(
        seen.map((event) => event.seq),
        stored.map((event) => event.seq),
      );
    assert.deepEqual(hub.size(), { runs: 0, followers: 0 });
  }));

test('a follower that comes back with its cursor gets the rest, and one of a finished run ends at once', () =>
  withKernel({ capabilities }, async ({ kernel, work }) => {
    await work();
    const { run } = await kernel.start({ ...start, input: { lines: 10 } });
    await kernel.signal(run.id, 'go', null, null);
    await finished(kernel, run.id);
    const all = await collect(kernel.follow(run.id, 0, never));
    const rest = await collect(kernel.follow(run.id, 5, never));
    assert.deepEqual(rest, all.slice(5));
    assert.equal(all.at(-1)?.type, 'run.succeeded');
  }));

test('a follower that goes away leaves nothing behind', () =>
  withKernel({ capabilities }, async ({ kernel, hub }) => {
    const { run } = await kernel.start({ ...start, input: { lines: 1 } });
    const gone = new AbortController();
    const seen = collect(kernel.follow(run.id, 0, gone.signal));
    await until(() => hub.size().followers === 1);
    gone.abort();
    assert.equal((await seen).length, 1);
    assert.deepEqual(hub.size(), { runs: 0, followers: 0 });
  }));

test('followers see all events although the listening connection was cut in between', () =>
  withKernel({ capabilities }, async ({ kernel, db, work, hub }) => {
    await work();
    const { run } = await kernel.start({ ...start, input: { lines: 500 } });
    const seen = collect(kernel.follow(run.id, 0, never));
    await until(() => hub.size().followers === 1);
    await db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gantry listen' AND datname = current_database()`,
    );
    await kernel.signal(run.id, 'go', null, null);
    const seqs = (await seen).map((event) => event.seq);
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => index + 1),
    );
    assert.ok(seqs.length > 500);
  }));
