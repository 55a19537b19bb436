import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../base/ids.ts';
import type { Run } from '../../contract/run.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { spawnReplayWorker } from '../../../test/support/replay-worker.ts';
import { adding, asking } from '../../../test/support/stories.ts';
import { until } from '../../../test/support/until.ts';
import { asSystem, finished, withKernel, type TestKernel } from '../../../test/support/with-kernel.ts';
import { killHard } from '../../../test/support/worker-process.ts';
import { replayCapability } from './index.ts';
import { replayOutputSchema, type ReplayInput, type ReplayOutput } from './schema.ts';

const capabilities = [adding, asking, replayCapability];

async function addRuns({ kernel }: TestKernel, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let a = 0; a < count; a += 1)
    ids.push((await kernel.start({ ...asSystem, capability: 'adding', input: { a, b: 1 } })).run.id);
  await Promise.all(ids.map((id) => finished(kernel, id)));
  return ids;
}

const start = async (kernel: Kernel, input: Partial<ReplayInput>) =>
  (
    await kernel.start({
      ...asSystem,
      capability: 'replay',
      input: { filter: {}, ratePerMinute: 6000, ...input },
    })
  ).run.id;

async function outcome(kernel: Kernel, runId: string): Promise<ReplayOutput> {
  const run = await finished(kernel, runId);
  assert.equal(run.error, null);
  return replayOutputSchema.parse(run.output);
}

const originsOf = async ({ db }: TestKernel) =>
  (await db.query<{ origin_id: string }>('SELECT origin_id FROM runs WHERE origin_id IS NOT NULL')).map(
    ({ origin_id }) => origin_id,
  );

test('a dry run says which runs it would be, and starts none', () =>
  withKernel({ capabilities }, async (parts) => {
    await parts.work();
    const ids = await addRuns(parts, 3);
    const output = await outcome(parts.kernel, await start(parts.kernel, { dryRun: true }));
    assert.equal(output.selected, 3);
    assert.deepEqual(
      output.sample.map(({ id }) => id),
      ids,
    );
    assert.deepEqual(output.byCapability, { adding: 3 });
    assert.equal(output.started, 0);
    assert.deepEqual(await originsOf(parts), []);
  }));

test('a replay starts each run once again, waits for their ends if asked to, and says what it refused', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel, db } = parts;
    await parts.work();
    const ids = await addRuns(parts, 4);
    const open = (await kernel.start({ ...asSystem, capability: 'asking', input: { question: '?' } })).run.id;
    await db.query(`UPDATE runs SET input = '{"a":"no"}' WHERE id = $1`, [ids[1]]);
    const missing = '018f0000-0000-7000-8000-000000000000';
    const filter = { ids: [...ids, open, missing] };
    const output = await outcome(kernel, await start(kernel, { filter, wait: true }));
    assert.equal(output.started, 3);
    assert.equal(output.skipped, 1);
    assert.deepEqual(
      output.refusals.map(({ runId, code }) => [runId, code]),
      [
        [missing, 'NOT_FOUND'],
        [ids[1], 'INPUT_INVALID'],
      ],
    );
    assert.deepEqual(output.ended, { succeeded: 3 });
    assert.deepEqual((await originsOf(parts)).sort(), [ids[0], ids[2], ids[3]].sort());
  }));

test('it finds by capability, status, time and text, and leaves out replays and children', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel, db } = parts;
    await parts.work();
    const ids = await addRuns(parts, 3);
    await db.query(`UPDATE runs SET status = 'failed' WHERE id = $1`, [ids[0]]);
    await db.query(`UPDATE runs SET parent_id = $2 WHERE id = $1`, [ids[1], ids[0]]);
    const count = async (filter: ReplayInput['filter']) =>
      (await outcome(kernel, await start(kernel, { filter, dryRun: true }))).selected;
    assert.equal(await count({}), 2);
    assert.equal(await count({ status: ['failed'] }), 1);
    assert.equal(await count({ capability: 'asking' }), 0);
    assert.equal(await count({ q: '2 +' }), 1);
    assert.equal(await count({ after: new Date(Date.now() + 60_000).toISOString() }), 0);
  }));

test('more than a few are started only after somebody has said yes, unless as many were expected', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel } = parts;
    await parts.work();
    await addRuns(parts, 12);
    const filter = { capability: 'adding' };
    const first = await start(kernel, { filter });
    await until(async () => (await kernel.get(first)).status === 'waiting');
    assert.equal((await kernel.get(first)).asks?.title, 'Start 12 runs again?');
    assert.deepEqual(await originsOf(parts), []);
    await kernel.signal(first, 'confirm', { answer: 'stop' }, null);
    assert.equal((await outcome(kernel, first)).stopped, true);
    const second = await outcome(kernel, await start(kernel, { filter, expected: 12 }));
    assert.equal(second.started, 12);
  }));

test('it pauses, goes on and stops when it is told to, and says how far it is', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel } = parts;
    await parts.work();
    const ids = await addRuns(parts, 9);
    const count = async () => (await originsOf(parts)).length;
    const isIn = async (runId: string, phase: string) => {
      const said = (await kernel.events(runId, 0, 1000)).findLast(({ type }) => type === 'progress');
      return said?.type === 'progress' && said.data.phase === phase;
    };
    const replay = await start(kernel, { filter: { ids }, ratePerMinute: 1 });
    await until(async () => (await count()) === 1);
    await kernel.signal(replay, 'control', { act: 'pause' }, null);
    await until(() => isIn(replay, 'Paused'));
    assert.equal(await count(), 1);
    await kernel.signal(replay, 'control', { act: 'resume' }, null);
    await until(async () => (await count()) === 2);
    await until(async () => (await kernel.get(replay)).status === 'waiting');
    await kernel.signal(replay, 'control', { act: 'stop' }, null);
    const output = await outcome(kernel, replay);
    assert.equal(output.stopped, true);
    assert.equal(output.started, 2);
    const events = await kernel.events(replay, 0, 1000);
    const messages = new Set(events.map((event) => event.type === 'progress' && event.data.message));
    assert.ok(messages.has('1 of 9') && messages.has('2 of 9'));
  }));

test('workers that are killed in the middle go on where it was and start none twice', () =>
  withKernel({ capabilities: [adding, replayCapability] }, async (parts) => {
    const { kernel, url } = parts;
    const worker = await parts.work();
    const ids = await addRuns(parts, 60);
    await worker.stop();
    const replay = await start(kernel, {
      filter: { capability: 'adding' },
      expected: 60,
      ratePerMinute: 120,
    });
    let child = await spawnReplayWorker(url);
    try {
      for (const share of [5, 15, 25]) {
        await until(async () => (await originsOf(parts)).length >= share, 60_000);
        await killHard(child);
        child = await spawnReplayWorker(url);
      }
      await until(async () => (await originsOf(parts)).length >= 35, 60_000);
      await kernel.signal(replay, 'control', { act: 'stop' }, null);
      const output = await outcome(kernel, replay);
      const origins = await originsOf(parts);
      assert.equal(new Set(origins).size, origins.length, 'a run was started twice');
      assert.equal(output.started, origins.length);
      assert.ok(origins.every((origin) => ids.includes(origin)));
    } finally {
      await killHard(child);
    }
  }));

test('a member replays own runs only, and who loses the right stops', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel, db } = parts;
    await parts.work();
    const ids = await addRuns(parts, 2);
    await db.query(
      `INSERT INTO users (id, name, email, role) VALUES ('m', 'M', 'm@x', 'member'), ('a', 'A', 'a@x', 'admin')`,
    );
    await db.query(`UPDATE runs SET user_id = 'm' WHERE id = $1`, [ids[0]]);
    const by = async (userId: string, filter: ReplayInput['filter']): Promise<Run> => {
      const trigger = { kind: 'user', userId } as const;
      const { run } = await kernel.start({ capability: 'replay', input: { filter }, trigger, userId });
      return finished(kernel, run.id);
    };
    const own = replayOutputSchema.parse((await by('m', {})).output);
    assert.equal(own.started, 1);
    const foreign = replayOutputSchema.parse((await by('m', { ids: [ids[1] ?? ''] })).output);
    assert.deepEqual([foreign.started, foreign.refusals[0]?.code], [0, 'NOT_FOUND']);
    const all = replayOutputSchema.parse((await by('a', { ids })).output);
    assert.equal(all.started, 2);
    await db.query(`UPDATE users SET role = 'viewer'`);
    const refused = await by('m', {});
    assert.equal(refused.error?.code, 'FORBIDDEN');
  }));

test('a key of an admin with a smaller role reaches no more by a replay of a replay, or by a schedule', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel, db } = parts;
    await parts.work();
    const [foreign = ''] = await addRuns(parts, 1);
    await db.query(`INSERT INTO users (id, name, email, role) VALUES ('a', 'A', 'a@x', 'admin')`);
    const keyId = newId();
    await db.query(
      `INSERT INTO api_keys (id, user_id, name, role, hash) VALUES ($1, 'a', 'small', 'member', '\\x01')`,
      [keyId],
    );
    const replayed = async (trigger: Run['trigger'], runId: string) => {
      const input = { filter: { ids: [runId] }, wait: true };
      const { run } = await kernel.start({ capability: 'replay', input, trigger, userId: 'a' });
      return { id: run.id, output: await outcome(kernel, run.id) };
    };
    const byKey = { kind: 'key', userId: 'a', keyId } as const;
    const first = await replayed(byKey, foreign);
    assert.equal(first.output.refusals[0]?.code, 'NOT_FOUND');
    const second = await replayed(byKey, first.id);
    const again = await outcome(kernel, second.output.runs[0]?.to ?? '');
    assert.deepEqual([again.started, again.refusals[0]?.code], [0, 'NOT_FOUND']);
    const scheduled = await replayed({ kind: 'schedule', scheduleId: newId() }, foreign);
    assert.equal(scheduled.output.refusals[0]?.code, 'NOT_FOUND');
    const inPerson = await replayed({ kind: 'user', userId: 'a' }, foreign);
    assert.equal(inPerson.output.started, 1);
  }));
