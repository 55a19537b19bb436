import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adding, asking } from '../../../test/support/stories.ts';
import { until } from '../../../test/support/until.ts';
import { asSystem, finished, withKernel, type TestKernel } from '../../../test/support/with-kernel.ts';
import { testSystem } from '../../../test/support/with-system.ts';
import type { EventRequest } from './events.ts';

const capabilities = [adding, asking];
const start = async ({ kernel }: TestKernel, capability = 'adding') => {
  const input = capability === 'adding' ? { a: 1, b: 2 } : { question: 'Why?' };
  return (await kernel.start({ ...asSystem, capability, input })).run.id;
};
const die = ({ db }: TestKernel, runId: string) =>
  db.query(
    `UPDATE runs SET status = 'dead', finished_at = now(), attempt = 5, error = '{"code":"WORKER_LOST","message":"Given up after 5 attempts."}' WHERE id = $1`,
    [runId],
  );

test('without a worker it is down and says that runs wait; with one it is healthy', () =>
  withKernel({ capabilities }, async (parts) => {
    const system = testSystem(parts.db);
    const run = await start(parts);
    const before = await system.overview();
    assert.equal(before.state, 'down');
    assert.match(before.findings[0]?.text ?? '', /^No worker is there\. 1 run waits/);
    assert.equal(before.queued, 1);
    await parts.work();
    await finished(parts.kernel, run);
    const after = await system.overview();
    assert.equal(after.state, 'healthy');
    assert.deepEqual(after.findings, []);
    assert.deepEqual(after.slots, { all: 8, busy: 0 });
    assert.equal(after.hours.length, 24);
    assert.equal(after.hours.at(-1)?.started, 1);
    assert.equal(after.hours.at(-1)?.finished, 1);
    assert.ok((after.wait?.p95Ms ?? -1) >= 0);
  }));

test('queued runs that need what no worker offers are named, with how long the oldest waits', () =>
  withKernel({ capabilities }, async (parts) => {
    const system = testSystem(parts.db);
    await parts.work({ offers: ['adding/abacus'] });
    const run = await start(parts, 'asking');
    await until(async () => (await parts.kernel.get(run)).status === 'waiting');
    const stuck = await start(parts, 'asking');
    // Only when the worker has let go of it, so that nothing of it comes after the change.
    await until(async () => (await parts.kernel.get(stuck)).status === 'waiting');
    await parts.db.query(
      `UPDATE runs SET needs = 'asking/oracle', status = 'queued', worker_id = NULL, queued_at = now() - interval '10 minutes' WHERE id = $1`,
      [stuck],
    );
    const queues = await system.queues();
    assert.equal(queues.unmet[0]?.needs, 'asking/oracle');
    assert.equal(queues.waiting.person + queues.waiting.child + queues.waiting.timer, 1);
    const { state, findings } = await system.overview();
    assert.equal(state, 'degraded');
    assert.match(
      findings[0]?.text ?? '',
      /^No worker offers asking: oracle\. 1 run waits for it, the oldest for 10 min\.$/,
    );
  }));

test('dead letters are listed with their error until they are retried', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel, db } = parts;
    const system = testSystem(db);
    const [first, second] = [await start(parts), await start(parts)];
    await die(parts, first);
    await die(parts, second);
    const { items } = await system.deadLetters({ all: false, limit: 10 });
    assert.deepEqual(
      items.map(({ id }) => id),
      [second, first],
    );
    assert.equal(items[0]?.error?.message, 'Given up after 5 attempts.');
    assert.equal((await system.overview()).dead, 2);
    const { run } = await kernel.retry(first, { kind: 'system' }, null);
    assert.deepEqual(
      (await system.deadLetters({ all: false, limit: 10 })).items.map(({ id }) => id),
      [second],
    );
    const all = await system.deadLetters({ all: true, limit: 10 });
    assert.equal(all.items.find(({ id }) => id === first)?.retriedAs, run.id);
    assert.equal((await system.deadLetters({ all: true, limit: 10, text: 'given UP' })).items.length, 2);
    assert.equal((await system.deadLetters({ all: true, limit: 10, text: '100%' })).items.length, 0);
  }));

const everything: EventRequest = { limit: 100, cutAt: 0 };

test('events of all runs come newest first, page by page, each once', () =>
  withKernel({ capabilities }, async (parts) => {
    const system = testSystem(parts.db);
    await parts.work();
    for (let index = 0; index < 5; index += 1) await finished(parts.kernel, await start(parts));
    const whole = (await system.events(everything)).items;
    assert.equal(whole.length, (await parts.db.query('SELECT FROM events')).length);
    const places = whole.map(({ runId, seq }) => `${runId} ${String(seq).padStart(4, '0')}`);
    assert.deepEqual(places, places.toSorted().toReversed());
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await system.events({ ...everything, limit: 3, cursor });
      paged.push(...page.items.map(({ runId, seq }) => `${runId} ${String(seq).padStart(4, '0')}`));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    assert.deepEqual(paged, places);
    assert.equal(whole[0]?.run.title, '1 + 2');
  }));

test('events are found by type, capability, text, time and run', () =>
  withKernel({ capabilities }, async (parts) => {
    const system = testSystem(parts.db);
    await parts.work();
    const one = await start(parts);
    await finished(parts.kernel, one);
    const other = await start(parts, 'asking');
    await until(async () => (await parts.kernel.get(other)).status === 'waiting');
    const types = async (some: Partial<EventRequest>) =>
      (await system.events({ ...everything, ...some })).items.map(({ type }) => type);
    assert.deepEqual(await types({ types: ['run.succeeded', 'run.waiting'] }), [
      'run.waiting',
      'run.succeeded',
    ]);
    assert.ok((await types({ capability: 'adding' })).includes('output'));
    assert.ok(!(await types({ capability: 'asking' })).includes('output'));
    assert.equal((await types({ runId: other })).at(-1), 'run.queued');
    assert.deepEqual(await types({ text: 'why' }), await types({ runId: other }));
    assert.deepEqual(await types({ by: 'nobody' }), []);
    assert.deepEqual(await types({ from: new Date(Date.now() + 60_000) }), []);
    assert.deepEqual(await types({ to: new Date(Date.now() - 60_000) }), []);
    assert.equal((await types({ from: new Date(Date.now() - 60_000) })).length, (await types({})).length);
    await assert.rejects(system.events({ ...everything, cursor: 'x' }), { code: 'INPUT_INVALID' });
    const stats = await system.eventStats({});
    assert.equal(stats.complete, true);
    assert.equal(stats.types.find(({ type }) => type === 'run.queued')?.count, 2);
  }));

test('a run of very many events is looked through in pieces, and long data is cut', () =>
  withKernel({ capabilities }, async (parts) => {
    const { db } = parts;
    const system = testSystem(db);
    const run = await start(parts);
    await db.query(
      `INSERT INTO events SELECT $1, n, now(), CASE WHEN n = 2 THEN 'run.dead' ELSE 'log' END, json_build_object('message', repeat('x', CASE WHEN n = 3 THEN 9000 ELSE 1 END)) FROM generate_series(2, 50000) n`,
      [run],
    );
    await db.query('UPDATE runs SET last_seq = 50000 WHERE id = $1', [run]);
    const found: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await system.events({ ...everything, types: ['run.dead'], cursor });
      found.push(...page.items.map(({ seq }) => seq));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    assert.deepEqual(found, [2]);
    const cut = await system.events({ ...everything, runId: run, cursor: `${run}.4`, limit: 1, cutAt: 100 });
    const [short] = cut.items;
    assert.ok(short);
    assert.equal((short.data as { cut: string }).cut.length, 100);
    const stats = await system.eventStats({ runId: run });
    assert.equal(stats.types[0]?.count, 49_998);
    assert.equal(stats.complete, true);
  }));

test('an export of large events comes in pieces that memory has room for, each event once', () =>
  withKernel({ capabilities }, async (parts) => {
    const { db } = parts;
    const runs = [await start(parts), await start(parts)];
    for (const run of runs) {
      await db.query(
        `INSERT INTO events SELECT $1, n, now(), 'output', json_build_object('text', repeat('x', 3000000)) FROM generate_series(2, 4) n`,
        [run],
      );
      await db.query('UPDATE runs SET last_seq = 4 WHERE id = $1', [run]);
    }
    const pages: number[] = [];
    const places: string[] = [];
    for await (const page of testSystem(db).everyEvent({}, new AbortController().signal)) {
      pages.push(page.filter(({ type }) => type === 'output').length);
      places.push(...page.map(({ runId, seq }) => `${runId} ${seq}`));
    }
    assert.ok(Math.max(...pages) <= 2, pages.join(' '));
    assert.deepEqual(
      places,
      runs.toReversed().flatMap((run) => [4, 3, 2, 1].map((seq) => `${run} ${seq}`)),
    );
  }));

test('the database says what it holds, and what is too old goes when it is asked for', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel, db } = parts;
    await parts.work();
    const [old, fresh] = [await start(parts), await start(parts)];
    await Promise.all([finished(kernel, old), finished(kernel, fresh)]);
    await db.query(`UPDATE runs SET finished_at = now() - interval '31 days' WHERE id = $1`, [old]);
    const system = testSystem(db);
    const before = await system.database();
    assert.equal(before.kind, 'external');
    assert.ok(before.bytes > 1_000_000);
    assert.ok(before.tables.some(({ name }) => name === 'events'));
    assert.ok(before.connections.own > 0 && before.connections.used <= before.connections.limit);
    assert.equal(before.migrations.applied, before.migrations.known);
    assert.equal(before.retention.due, 1);
    assert.ok(before.retention.next !== null);
    assert.equal(before.lastBackup, null);
    assert.deepEqual(await system.expire(), { deleted: 1, more: false });
    assert.equal((await system.database()).retention.due, 0);
    assert.equal((await kernel.get(fresh)).status, 'succeeded');
    assert.deepEqual(await testSystem(db, { retentionDays: 0 }).expire(), { deleted: 0, more: false });
  }));
