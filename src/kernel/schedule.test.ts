import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { until } from '../../test/support/until.ts';
import { asSystem, withKernel } from '../../test/support/with-kernel.ts';
import { createLogger } from '../base/logger.ts';
import { defineCapability } from './capability.ts';
import { catalogueOf } from './create-kernel.ts';
import { nextTime, startDue } from './schedule.ts';

const tick = defineCapability({
  name: 'tick',
  input: z.strictObject({}),
  output: z.null(),
  title: () => 'tick',
  run: async () => null,
});
const named = catalogueOf([tick]);
const log = createLogger('silent');
const nightly = {
  name: 'nightly',
  capability: 'tick',
  input: {},
  cron: '30 2 * * *',
  timeZone: 'Europe/Berlin',
  userId: null,
};

test('a cron expression means the wall clock of its time zone, also where the clocks change', () => {
  const at = (iso: string) => nextTime('30 9 * * *', 'Europe/Berlin', new Date(iso)).toISOString();
  assert.equal(at('2026-03-28T12:00:00Z'), '2026-03-29T07:30:00.000Z');
  assert.equal(at('2026-03-27T12:00:00Z'), '2026-03-28T08:30:00.000Z');
  const skipped = nextTime('30 2 * * *', 'Europe/Berlin', new Date('2026-03-28T12:00:00Z'));
  assert.equal(skipped.toISOString().slice(0, 10), '2026-03-29');
});

test('a schedule that means nothing is refused with what to write instead', () => {
  for (const [cron, zone] of [
    ['every day', 'UTC'],
    ['61 * * * *', 'UTC'],
    ['0 9 * * *', 'Mars/Olympus'],
    ['0 0 30 2 *', 'UTC'],
  ] as const) {
    assert.throws(() => nextTime(cron, zone, new Date()), { code: 'INPUT_INVALID' });
  }
});

test('a due schedule starts one run, however many workers look, and missed times count once', () =>
  withKernel({ capabilities: [tick] }, async ({ kernel, db }) => {
    const schedule = await kernel.schedules.create(nightly);
    await assert.rejects(kernel.schedules.create(nightly), { code: 'CONFLICT' });
    await db.query(`UPDATE schedules SET next_at = now() - interval '3 days'`);
    const counts = await Promise.all(Array.from({ length: 6 }, () => startDue(db, named, 100, log)));
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      1,
    );
    const { items } = await kernel.list({ limit: 10 });
    assert.deepEqual(
      items.map((run) => run.trigger),
      [{ kind: 'schedule', scheduleId: schedule.id }],
    );
    const [after] = await kernel.schedules.list();
    assert.ok(new Date(after?.nextAt ?? 0) > new Date());
    assert.equal(after?.lastRunId, items[0]?.id);
  }));

test('a disabled or removed schedule starts nothing', () =>
  withKernel({ capabilities: [tick] }, async ({ kernel, db }) => {
    const schedule = await kernel.schedules.create(nightly);
    await kernel.schedules.enable(schedule.id, false);
    await db.query(`UPDATE schedules SET next_at = now() - interval '1 day'`);
    assert.equal(await startDue(db, named, 100, log), 0);
    await kernel.schedules.remove(schedule.id);
    await assert.rejects(kernel.schedules.remove(schedule.id), { code: 'NOT_FOUND' });
  }));

test('a worker starts what is due by itself', () =>
  withKernel({ capabilities: [tick] }, async ({ kernel, db, work }) => {
    await kernel.schedules.create(nightly);
    await db.query(`UPDATE schedules SET next_at = now()`);
    await work();
    await until(async () => (await kernel.list({ limit: 10, status: 'succeeded' })).items.length === 1);
  }));

test('a full queue skips a scheduled start and keeps the schedule', () =>
  withKernel({ capabilities: [tick] }, async ({ kernel, db }) => {
    await kernel.schedules.create(nightly);
    await kernel.start({ ...asSystem, capability: 'tick', input: {} });
    await db.query(`UPDATE schedules SET next_at = now()`);
    assert.equal(await startDue(db, named, 1, log), 0);
    const [schedule] = await kernel.schedules.list();
    assert.ok(new Date(schedule?.nextAt ?? 0) > new Date());
  }));
