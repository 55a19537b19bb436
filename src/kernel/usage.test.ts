import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adding } from '../../test/support/stories.ts';
import { asSystem, withKernel } from '../../test/support/with-kernel.ts';
import type { Kernel } from './kernel.ts';
import type { Database } from '../store/database.ts';
import { expireRuns } from './retention.ts';
import { rollUpUsage } from './usage.ts';

const start = { ...asSystem, capability: 'adding', input: { a: 1, b: 2 } };
const capabilities = [adding];

/** A run that ended at this moment and used so much. */
async function ended(
  kernel: Kernel,
  db: Database,
  at: string,
  usage: object = {},
  user: string | null = null,
) {
  const { run } = await kernel.start({ ...start, userId: user });
  await db.query(
    `UPDATE runs SET status = 'succeeded', finished_at = $2, usage = $3, repository = $4 WHERE id = $1`,
    [run.id, at, JSON.stringify(usage), user === null ? null : 'acme/web'],
  );
  return run.id;
}

const days = (kernel: Kernel, from = '2026-01-01', to = '2026-12-31') =>
  kernel.usage({ from, to, by: 'day' });

test('a run counts once, on the UTC day on which it ended, before and after the sums are rolled up', () =>
  withKernel({ capabilities }, async ({ kernel, db }) => {
    await ended(kernel, db, '2026-03-01T23:59:59.999Z', { wallMs: 10, usd: 0.5, tokens: 7, cpuMs: 4 });
    await ended(kernel, db, '2026-03-02T00:00:00.000Z', { wallMs: 20 });
    await ended(kernel, db, '2026-03-02T01:30:00+02:00', { wallMs: 5 });
    const wanted = [
      { key: '2026-03-01', runs: 2, failed: 0, wallMs: 15, cpuMs: 4, tokens: 7, usd: 0.5 },
      { key: '2026-03-02', runs: 1, failed: 0, wallMs: 20, cpuMs: 0, tokens: 0, usd: 0 },
    ];
    assert.deepEqual((await days(kernel)).items, wanted);
    await rollUpUsage(db);
    assert.deepEqual((await days(kernel)).items, wanted);
    assert.equal((await db.query('SELECT FROM usage_days')).length, 2);
    await rollUpUsage(db);
    assert.deepEqual((await days(kernel)).items, wanted);
    assert.deepEqual((await days(kernel, '2026-03-02', '2026-03-02')).total.runs, 1);
  }));

test('sums outlive the runs, whether they are discarded before they are rolled up or expire long after', () =>
  withKernel({ capabilities }, async ({ kernel, db }) => {
    await ended(kernel, db, '2026-03-01T12:00:00Z', { usd: 1 });
    await rollUpUsage(db);
    await ended(kernel, db, '2026-03-01T13:00:00Z', { usd: 2 });
    const today = new Date().toISOString();
    const discarded = await ended(kernel, db, today, { usd: 4 });
    await ended(kernel, db, today, { usd: 8 });
    const before = (await days(kernel, '2026-01-01', today.slice(0, 10))).total;
    await kernel.discard(discarded);
    const after = (await days(kernel, '2026-01-01', today.slice(0, 10))).total;
    assert.deepEqual(after, before);
    await rollUpUsage(db);
    await expireRuns(db, 1);
    assert.equal((await kernel.list({ limit: 9 })).items.length, 1);
    assert.deepEqual((await days(kernel, '2026-01-01', today.slice(0, 10))).total, before);
  }));

test('many replicas that roll up and delete at the same time count every run once', () =>
  withKernel({ capabilities }, async ({ kernel, db }) => {
    const ids: string[] = [];
    for (let n = 0; n < 60; n += 1) {
      ids.push(
        await ended(kernel, db, new Date(Date.now() - 90_000 * n).toISOString(), { usd: 1 }, `u-${n % 3}`),
      );
    }
    const from = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
    const total = async () => (await days(kernel, from, new Date().toISOString().slice(0, 10))).total;
    await Promise.all([
      ...Array.from({ length: 4 }, () => rollUpUsage(db)),
      ...ids
        .slice(0, 30)
        .flatMap((id) => [
          kernel.discard(id),
          kernel.discard(id).catch((error: { code?: string }) => assert.equal(error.code, 'NOT_FOUND')),
        ]),
    ]);
    assert.deepEqual([(await total()).runs, (await total()).usd], [60, 60]);
    await rollUpUsage(db);
    assert.equal((await total()).runs, 60);
  }));

test('use is told by capability, repository and user, and of one user only', () =>
  withKernel({ capabilities }, async ({ kernel, db }) => {
    const at = '2026-03-01T12:00:00Z';
    await ended(kernel, db, at, { usd: 1 }, 'ada');
    await ended(kernel, db, at, { usd: 3 }, 'bob');
    await ended(kernel, db, at);
    const year = { from: '2026-01-01', to: '2026-12-31' };
    const by = async (by: 'capability' | 'repository' | 'user', userId?: string) =>
      (await kernel.usage({ ...year, by, userId })).items.map(({ key, runs, usd }) => [key, runs, usd]);
    assert.deepEqual(await by('user'), [
      ['bob', 1, 3],
      ['ada', 1, 1],
      ['', 1, 0],
    ]);
    assert.deepEqual(await by('repository'), [
      ['acme/web', 2, 4],
      ['', 1, 0],
    ]);
    assert.deepEqual(await by('capability', 'ada'), [['adding', 1, 1]]);
  }));
