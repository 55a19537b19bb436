import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { chain, effectsTable, killHard, spawnWorker } from '../../test/support/worker-process.ts';
import { asking } from '../../test/support/stories.ts';
import { until } from '../../test/support/until.ts';
import { asSystem, finished, withKernel } from '../../test/support/with-kernel.ts';
import { defineCapability } from './capability.ts';
import { sentence } from './lost-worker.ts';
import { drainWorker, groupOffers, listWorkers, liveOffers } from './workers.ts';

const speaking = defineCapability({
  name: 'speaking',
  input: z.strictObject({ language: z.string() }),
  output: z.string(),
  title: ({ language }) => language,
  needs: ({ language }) => language,
  run: async (_ctx, { language }) => language,
});

test('a worker says what it is and what it has', () =>
  withKernel({ capabilities: [speaking] }, async ({ work, db }) => {
    assert.equal(await liveOffers(db), null);
    await work({ slots: 3, offers: ['speaking/latin', 'speaking/latin 2.0.0', 'speaking/latin 1.0.0'] });
    await work();
    const [first, second] = await listWorkers(db);
    assert.equal(first?.name, 'worker-1');
    assert.equal(second?.name, 'worker-2');
    assert.equal(first.state, 'idle');
    assert.equal(first.version, '0.0.0');
    assert.equal(first.slots, 3);
    assert.deepEqual(first.capabilities, ['speaking']);
    assert.deepEqual(first.offers, [{ capability: 'speaking', name: 'latin', versions: ['2.0.0', '1.0.0'] }]);
    assert.ok((first.figures?.rssBytes ?? 0) > 1_000_000);
    assert.ok((first.figures?.cores ?? 0) > 0);
    assert.equal((await liveOffers(db))?.length, 3);
  }));

test('a run goes only to a worker that has what it needs, and waits for one', () =>
  withKernel({ capabilities: [speaking] }, async ({ kernel, work, db }) => {
    const start = (language: string) =>
      kernel.start({ ...asSystem, capability: 'speaking', input: { language } });
    await work({ offers: ['speaking/latin'] });
    const greek = (await start('greek')).run.id;
    const latin = (await start('latin')).run.id;
    assert.equal((await finished(kernel, latin)).status, 'succeeded');
    assert.equal((await kernel.get(greek)).status, 'queued');
    await work({ offers: ['speaking/greek'] });
    assert.equal((await finished(kernel, greek)).status, 'succeeded');
    assert.equal((await db.query('SELECT FROM runs WHERE needs IS NULL')).length, 0);
  }));

test('a draining worker ends what it has and begins nothing until it is told to go on', () =>
  withKernel({ capabilities: [asking] }, async ({ kernel, work, db }) => {
    const worker = await work();
    const ask = async () =>
      (await kernel.start({ ...asSystem, capability: 'asking', input: { question: '?' } })).run.id;
    const before = await ask();
    await until(async () => (await kernel.get(before)).status === 'waiting');
    await drainWorker(db, worker.id() ?? '', true);
    const heard = async () => {
      const [row] = await listWorkers(db);
      return row?.state === 'draining' && row.seenAt > (row.drainAt ?? '');
    };
    await until(heard);
    const after = await ask();
    await kernel.signal(after, 'answer', 'yes', null);
    worker.poke();
    await until(async () => (await kernel.stats()).workers[0]?.busy === 0);
    assert.equal((await kernel.get(after)).status, 'queued');
    await drainWorker(db, worker.id() ?? '', false);
    assert.equal((await finished(kernel, after)).status, 'succeeded');
    assert.equal((await listWorkers(db))[0]?.drainAt, null);
    await assert.rejects(drainWorker(db, 'nobody', true), { code: 'NOT_FOUND' });
  }));

test('a lost worker stays visible with what became of its runs', () =>
  withKernel({ capabilities: [chain] }, async ({ kernel, db, url }) => {
    await db.query(effectsTable);
    const first = await spawnWorker(url, 4);
    const { run } = await kernel.start({ ...asSystem, capability: 'chain', input: { steps: 20, ms: 100 } });
    await until(async () => (await kernel.steps(run.id)).length >= 2);
    await killHard(first);
    const second = await spawnWorker(url, 4);
    try {
      const lost = async () => (await listWorkers(db)).find(({ state }) => state === 'lost');
      await until(async () => (await lost())?.lost?.text === 'Its run moved to worker-2 and lost nothing.');
      const row = await lost();
      assert.equal(row?.name, 'worker-1');
      assert.equal(row.lost?.how, 'died');
      assert.equal(row.lost.runs, 1);
      await finished(kernel, run.id);
      await until(async () => (await lost())?.lost?.text === 'Its run has finished since and lost nothing.');
    } finally {
      await killHard(second);
    }
  }));

test('where the runs of a lost worker went is said in one sentence', () => {
  assert.equal(
    sentence(2, [{ status: 'running', worker: 'worker-1', count: 2 }]),
    'Its 2 runs moved to worker-1 and lost nothing.',
  );
  assert.equal(
    sentence(4, [
      { status: 'running', worker: 'worker-1', count: 2 },
      { status: 'dead', worker: null, count: 1 },
    ]),
    'Of its 4 runs 2 moved to worker-1, 1 has finished since, 1 is dead.',
  );
  assert.equal(sentence(1, [{ status: 'dead', worker: null, count: 1 }]), 'Its run is dead.');
});

test('what workers have is shown by name', () => {
  assert.deepEqual(groupOffers(['execution/c++', 'execution/c++ 12.2.0', 'other/x']), [
    { capability: 'execution', name: 'c++', versions: ['12.2.0'] },
    { capability: 'other', name: 'x', versions: [] },
  ]);
});
