import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { test } from 'node:test';
import { until } from '../../test/support/until.ts';
import { asSystem, finished, withKernel } from '../../test/support/with-kernel.ts';
import { chain, effectsTable, killHard, spawnWorker } from '../../test/support/worker-process.ts';

test('a killed worker’s run is finished by another from its last recorded step', () =>
  withKernel({ capabilities: [chain] }, async ({ kernel, db, url }) => {
    await db.query(effectsTable);
    const first = await spawnWorker(url, 4);
    const { run } = await kernel.start({ ...asSystem, capability: 'chain', input: { steps: 6, ms: 100 } });
    await until(async () => (await kernel.steps(run.id)).length >= 2);
    await killHard(first);
    const recorded = (await kernel.steps(run.id)).length;
    const second = await spawnWorker(url, 4);
    try {
      const end = await finished(kernel, run.id);
      assert.equal(end.status, 'succeeded');
      assert.equal(end.attempt, 2);
      const effects = await db.query<{ step: string; again: boolean }>('SELECT step, again FROM effects');
      assert.ok(effects.every((effect) => !effect.again));
      assert.ok(effects.length <= 7, `only the step under way may have been done twice: ${effects.length}`);
      assert.ok(recorded >= 2);
      const types = (await kernel.events(run.id, 0, 1000)).map((event) => event.type);
      assert.equal(types.filter((type) => type === 'step.succeeded').length, 6);
    } finally {
      await killHard(second);
    }
  }));

test('a stalled worker’s run moves, and what the stalled one writes when it comes back counts for nothing', () =>
  withKernel({ capabilities: [chain] }, async ({ kernel, db, url }) => {
    await db.query(effectsTable);
    const stalled = await spawnWorker(url, 4);
    const { run } = await kernel.start({ ...asSystem, capability: 'chain', input: { steps: 4, ms: 200 } });
    await until(async () => (await kernel.steps(run.id)).length >= 1);
    stalled.kill('SIGSTOP');
    const healthy = await spawnWorker(url, 4);
    try {
      const end = await finished(kernel, run.id);
      assert.equal(end.status, 'succeeded');
      stalled.kill('SIGCONT');
      await until(async () => (await db.query('SELECT FROM workers')).length === 2);
      const events = await kernel.events(run.id, 0, 1000);
      assert.equal(events.filter((event) => event.type === 'run.succeeded').length, 1);
      assert.equal(events.at(-1)?.type, 'run.succeeded');
      assert.equal(events.filter((event) => event.type === 'step.succeeded').length, 4);
    } finally {
      await killHard(stalled);
      await killHard(healthy);
    }
  }));

test('300 runs on three workers, while one after another is killed: none is lost, no recorded step is done again', () =>
  withKernel({ capabilities: [chain] }, async ({ kernel, db, url }) => {
    await db.query(effectsTable);
    let workers: ChildProcess[] = await Promise.all([1, 2, 3].map(() => spawnWorker(url, 10)));
    try {
      const ids: string[] = [];
      for (let index = 0; index < 300; index += 1) {
        ids.push(
          (await kernel.start({ ...asSystem, capability: 'chain', input: { steps: 3, ms: 10 } })).run.id,
        );
      }
      const done = async () => (await db.query(`SELECT FROM runs WHERE status = 'succeeded'`)).length;
      for (const share of [60, 120, 180, 240]) {
        await until(async () => (await done()) >= share);
        const [victim, ...rest] = workers;
        if (victim) await killHard(victim);
        workers = [...rest, await spawnWorker(url, 10)];
      }
      await until(async () => (await done()) === 300, 60_000);
      const effects = await db.query<{ again: boolean }>('SELECT again FROM effects');
      assert.equal(effects.filter((effect) => effect.again).length, 0);
      const steps = await db.query(`SELECT FROM steps WHERE status = 'succeeded'`);
      assert.equal(steps.length, 900);
      for (const id of ids.slice(0, 50)) {
        const seqs = (await kernel.events(id, 0, 1000)).map((event) => event.seq);
        assert.deepEqual(
          seqs,
          seqs.map((_, index) => index + 1),
        );
      }
    } finally {
      await Promise.all(workers.map(killHard));
    }
  }));

test('a run that kills every worker it meets ends among the dead letters', () =>
  withKernel({ capabilities: [chain] }, async ({ kernel, db, work }) => {
    const { run } = await kernel.start({ ...asSystem, capability: 'chain', input: { steps: 1, ms: 0 } });
    await db.query(`UPDATE runs SET status = 'running', worker_id = 'gone', attempt = 5, claim = 5`);
    await work({ maxAttempts: 5 });
    const end = await finished(kernel, run.id);
    assert.equal(end.status, 'dead');
    assert.equal(end.error?.code, 'WORKER_LOST');
  }));
