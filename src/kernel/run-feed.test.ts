import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking } from '../../test/support/stories.ts';
import { until } from '../../test/support/until.ts';
import { asSystem, withKernel } from '../../test/support/with-kernel.ts';
import type { RunChange } from '../contract/run-change.ts';

const start = { ...asSystem, capability: 'asking', input: { question: 'Go?' } };

/** Everything that a follower is told, as it comes. */
function collect(changes: AsyncIterable<RunChange>): RunChange[] {
  const seen: RunChange[] = [];
  void (async () => {
    for await (const change of changes) seen.push(change);
  })();
  return seen;
}

function statuses(seen: readonly RunChange[], runId: string): string[] {
  return seen.flatMap((change) =>
    change.kind === 'run' && change.run.id === runId ? [change.run.status] : [],
  );
}

test('followers of the list see a run come, wait, end and go, without anyone asking for it', () =>
  withKernel({ capabilities: [asking] }, async ({ kernel, work }) => {
    const gone = new AbortController();
    const seen = collect(kernel.changes(undefined, gone.signal));
    const { run } = await kernel.start(start);
    await until(() => statuses(seen, run.id).at(-1) === 'queued');
    await work();
    await until(() => statuses(seen, run.id).at(-1) === 'waiting');
    await kernel.signal(run.id, 'answer', 'Yes', null);
    await until(() => statuses(seen, run.id).at(-1) === 'succeeded');
    await kernel.discard(run.id);
    await until(() => seen.some((change) => change.kind === 'gone' && change.runId === run.id));
    gone.abort();
  }));

test('a follower is told of its own user’s runs only', () =>
  withKernel({ capabilities: [asking] }, async ({ kernel }) => {
    const gone = new AbortController();
    const all = collect(kernel.changes(undefined, gone.signal));
    const own = collect(kernel.changes('ada', gone.signal));
    const others = (await kernel.start({ ...start, userId: 'bob' })).run.id;
    const hers = (await kernel.start({ ...start, userId: 'ada' })).run.id;
    await until(() => statuses(all, others).length > 0 && statuses(own, hers).length > 0);
    await kernel.cancel(others, null);
    await kernel.discard(others);
    await until(() => all.some((change) => change.kind === 'gone'));
    assert.deepEqual(
      own.map((change) => (change.kind === 'run' ? change.run.userId : change.kind)),
      ['ada'],
    );
    gone.abort();
  }));

test('a thousand changes at once, or a lost connection, are told as one call to read the list again', () =>
  withKernel({ capabilities: [asking] }, async ({ kernel, db }) => {
    const gone = new AbortController();
    const seen = collect(kernel.changes(undefined, gone.signal));
    await db.query(
      `SELECT pg_notify('gantry_events', '0199aaaa-0000-7000-8000-' || lpad(n::text, 12, '0') || ' 1 1') FROM generate_series(1, 1000) AS n`,
    );
    await until(() => seen.length > 0);
    await db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gantry listen' AND datname = current_database()`,
    );
    await until(() => seen.length > 1);
    assert.deepEqual(seen.slice(0, 2), [{ kind: 'reset' }, { kind: 'reset' }]);
    const { run } = await kernel.start(start);
    await until(() => statuses(seen, run.id).length > 0);
    gone.abort();
  }));

test('what changes nothing in the list is not told, and 100 followers cost one read', () =>
  withKernel({ capabilities: [asking] }, async ({ kernel, db }) => {
    const gone = new AbortController();
    const all = Array.from({ length: 100 }, () => collect(kernel.changes(undefined, gone.signal)));
    const { run } = await kernel.start(start);
    await until(() => all.every((seen) => seen.length === 1));
    await db.query(`SELECT pg_notify('gantry_events', $1)`, [`${run.id} 1 2`]);
    const other = (await kernel.start(start)).run.id;
    await until(() => all.every((seen) => statuses(seen, other).length === 1));
    assert.ok(all.every((seen) => seen.length === 2));
    gone.abort();
  }));
