import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeRuns } from '../../bench/stored-runs.ts';
import { asSystem, withKernel } from '../../test/support/with-kernel.ts';
import { adding } from '../../test/support/stories.ts';
import { firstIdAt, newId, timeOfId } from '../base/ids.ts';
import type { Database } from '../store/database.ts';
import { countRuns } from './run-counts.ts';
import type { RunFilter } from './run-filter.ts';
import { listRuns } from './run-list.ts';

const day = 86_400_000;

/** All that a filter means, page after page. */
async function allOf(db: Database, filter: RunFilter, limit: number, patienceMs?: number) {
  const ids: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await listRuns(db, { ...filter, cursor, limit }, patienceMs);
    assert.ok(page.items.length === limit || page.next === null || page.searchedTo !== null);
    ids.push(...page.items.map((run) => run.id));
    cursor = page.next ?? undefined;
    pages += 1;
  } while (cursor !== undefined);
  return { ids, pages };
}

const filters: readonly (readonly [RunFilter, string])[] = [
  [{}, 'true'],
  [{ capability: 'agents' }, `capability = 'agents'`],
  [{ capability: 'nothing' }, 'false'],
  [{ status: 'running' }, `status = 'running'`],
  [{ status: ['waiting', 'queued'] }, `status IN ('waiting', 'queued')`],
  [{ status: ['dead', 'succeeded', 'running'] }, `status IN ('dead', 'succeeded', 'running')`],
  [{ status: ['failed', 'failed', 'cancelled'] }, `status IN ('failed', 'cancelled')`],
  [{ origin: 'schedule', capability: 'review' }, `trigger ->> 'kind' = 'schedule' AND capability = 'review'`],
  [{ origin: 'run' }, 'false'],
  [{ repository: 'team/repo-0' }, `repository = 'team/repo-0'`],
  [{ repository: 'team/repo-0', capability: 'execution' }, 'false'],
  [{ by: 'user-3', text: 'INVOICES' }, `user_id = 'user-3' AND title ILIKE '%invoices%'`],
  [{ userId: 'user-3', status: 'failed' }, `user_id = 'user-3' AND status = 'failed'`],
  [{ userId: 'user-3', by: 'user-0' }, 'false'],
  [{ text: 'äöü w' }, `title ILIKE '%äöü w%'`],
  [{ text: '%' }, 'false'],
  [{ text: '_' }, 'false'],
  [{ text: `'; DROP TABLE runs; --` }, 'false'],
  [{ text: '\\' }, 'false'],
  [{ text: 'x'.repeat(10_000) }, 'false'],
  [
    { after: new Date(Date.now() - 30 * day), before: new Date(Date.now() - 3 * day), status: 'failed' },
    `status = 'failed' AND created_at >= now() - interval '30 days' AND created_at < now() - interval '3 days'`,
  ],
];

test('every filter finds exactly the runs it means, newest first, in full pages and in short ones', () =>
  withKernel({ capabilities: [] }, async ({ db }) => {
    await storeRuns(db, 9000);
    for (const [filter, sql] of filters) {
      const rows = await db.query<{ id: string }>(`SELECT id FROM runs WHERE ${sql} ORDER BY id DESC`);
      const wanted = rows.map((row) => row.id);
      const full = await allOf(db, filter, 200);
      assert.deepEqual(full.ids, wanted, JSON.stringify(filter));
      const short = await allOf(db, filter, 1000, 0);
      assert.deepEqual(short.ids, wanted, JSON.stringify(filter));
    }
    const searched = await allOf(db, { text: 'no such words' }, 50, 0);
    assert.ok(searched.pages > 2, 'a page that finds nothing is answered before everything was looked at');
  }));

test('a page that isn’t full says how far back it has looked', () =>
  withKernel({ capabilities: [] }, async ({ db }) => {
    await storeRuns(db, 2000);
    const page = await listRuns(db, { text: 'no such words', limit: 50 }, 0);
    assert.deepEqual(page.items, []);
    assert.equal(page.searchedTo, new Date(timeOfId(page.next ?? '')).toISOString());
    const full = await listRuns(db, { limit: 50 });
    assert.deepEqual([full.items.length, full.searchedTo], [50, null]);
  }));

test('a run is found by its id or the beginning of it, but not somebody else’s', () =>
  withKernel({ capabilities: [adding] }, async ({ db, kernel }) => {
    const start = { ...asSystem, capability: 'adding', input: { a: 1, b: 2 } };
    const { run } = await kernel.start(start);
    await kernel.start(start);
    for (const text of [
      run.id,
      run.id.toUpperCase(),
      ` ${run.id.slice(0, 24)} `,
      run.id.replaceAll('-', ''),
    ]) {
      const { items } = await listRuns(db, { text, limit: 9 });
      assert.deepEqual(
        items.map(({ id }) => id),
        [run.id],
        text,
      );
    }
    assert.deepEqual((await listRuns(db, { text: run.id, limit: 9, userId: 'somebody' })).items, []);
    assert.deepEqual((await listRuns(db, { text: newId(0), limit: 9 })).items, []);
  }));

test('the beginning of an id finds nothing that the rest of the filter leaves out, or acts on many would reach it', () =>
  withKernel({ capabilities: [adding] }, async ({ db, kernel }) => {
    const start = { ...asSystem, capability: 'adding', input: { a: 1, b: 2 } };
    const text = (await kernel.start(start)).run.id;
    const found = async (rest: RunFilter) => (await listRuns(db, { text, limit: 9, ...rest })).items.length;
    assert.equal(await found({ status: 'queued', capability: 'adding', origin: 'system' }), 1);
    assert.equal(await found({ status: ['failed', 'dead'] }), 0);
    assert.equal(await found({ capability: 'asking' }), 0);
    assert.equal(await found({ repository: 'team/other' }), 0);
    assert.equal(await found({ after: new Date(Date.now() + day) }), 0);
    assert.equal(await found({ before: new Date(Date.now() - day) }), 0);
    assert.equal(await found({ before: new Date(Date.now() + day), after: new Date(Date.now() - day) }), 1);
  }));

test('children are listed by their parent', () =>
  withKernel({ capabilities: [adding] }, async ({ db, kernel }) => {
    const start = { ...asSystem, capability: 'adding', input: { a: 1, b: 2 } };
    const parent = (await kernel.start(start)).run.id;
    const child = (await kernel.start(start)).run.id;
    await db.query('UPDATE runs SET parent_id = $1 WHERE id = $2', [parent, child]);
    const { items } = await listRuns(db, { parentId: parent, limit: 9 });
    assert.deepEqual(
      items.map(({ id }) => id),
      [child],
    );
  }));

test('counts are exact while there are few, and say so when they are not', () =>
  withKernel({ capabilities: [] }, async ({ db }) => {
    await storeRuns(db, 12_000);
    for (const [filter, sql] of filters.filter(([{ status }]) => status === undefined)) {
      const counts = await countRuns(db, filter);
      const rows = await db.query<{ status: string; n: number }>(
        `SELECT status, count(*) AS n FROM runs WHERE ${sql} GROUP BY status`,
      );
      const real = new Map(rows.map((row) => [row.status, row.n]));
      for (const [status, { count, exact }] of Object.entries(counts)) {
        const wanted = status === 'all' ? rows.reduce((sum, { n }) => sum + n, 0) : (real.get(status) ?? 0);
        assert.ok(exact ? count === wanted : count <= wanted, `${JSON.stringify(filter)} ${status} ${count}`);
      }
    }
    const all = await countRuns(db, {});
    assert.deepEqual(all.all, { count: 1000, exact: false });
    assert.equal(all.running.exact && all.queued.exact && all.waiting.exact, true);
    assert.deepEqual((await countRuns(db, { userId: 'a', by: 'b' })).all, { count: 0, exact: true });
  }));

test('the first id of a moment parts the ids before it from those after it', () => {
  const now = Date.now() + day;
  const [earlier, later] = [newId(now - 1), newId(now)];
  assert.ok(earlier < firstIdAt(now) && later >= firstIdAt(now));
  assert.equal(timeOfId(later), now);
});
