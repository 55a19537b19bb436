import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { z } from 'zod';
import { until } from '../../test/support/until.ts';
import { asSystem, finished, withKernel, type TestKernel } from '../../test/support/with-kernel.ts';
import { chain, effectsTable, killHard, spawnWorker } from '../../test/support/worker-process.ts';
import { defineCapability } from './capability.ts';
import { wakeDueRuns } from './dispatch.ts';

/** Steps that tell when they begin and end when they are let. */
const work = createWork();
function createWork() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const endOf = (step: string) => {
    const end = ends.get(step) ?? Promise.withResolvers<undefined>();
    ends.set(step, end as PromiseWithResolvers<void>);
    return end as PromiseWithResolvers<void>;
  };
  return {
    begun,
    do: async (step: string) => {
      begun.push(step);
      await endOf(step).promise;
    },
    let: (...steps: string[]) => steps.forEach((step) => endOf(step).resolve()),
    begins: (step: string) => until(() => begun.includes(step)),
    clear: () => {
      begun.length = 0;
      ends.clear();
    },
  };
}

const twoSteps = defineCapability({
  name: 'two-steps',
  input: z.strictObject({}),
  output: z.string(),
  title: () => 'two steps',
  run: async (ctx) => {
    await ctx.step('one', () => work.do('one'));
    ctx.emit({ type: 'progress', data: { phase: 'Verify', failed: true } });
    ctx.emit({ type: 'progress', data: { phase: 'Build' } });
    await ctx.step('two', () => work.do('two'));
    return 'done';
  },
});

const branches = defineCapability({
  name: 'branches',
  input: z.strictObject({}),
  output: z.string(),
  title: () => 'branches',
  run: async (ctx) => {
    const word = ctx.signal('word', z.string());
    const steps = async () => {
      await ctx.step('one', () => work.do('one'));
      await ctx.step('two', () => work.do('two'));
    };
    const [said] = await Promise.all([word, steps()]);
    return said ?? 'nothing';
  },
});

const asking = defineCapability({
  name: 'asking',
  input: z.strictObject({}),
  output: z.string(),
  title: () => 'asks',
  run: async (ctx) => {
    const given = await ctx.ask('plan', {
      title: 'Is the plan right?',
      answers: [{ value: 'yes', label: 'Yes', tone: 'go' }],
      who: { kind: 'role', role: 'member' },
    });
    await ctx.step('two', () => work.do('two'));
    return given?.value ?? 'nothing';
  },
});

const parent = defineCapability({
  name: 'parent',
  input: z.strictObject({}),
  output: z.string(),
  title: () => 'parent',
  run: async (ctx) => (await ctx.child('child', 'two-steps', {})).status,
});

const undoing = defineCapability({
  name: 'undoing',
  input: z.strictObject({}),
  output: z.string(),
  title: () => 'undoes',
  run: async (ctx) => {
    await ctx.step('one', () => work.do('one'), { compensate: async () => void work.begun.push('undone') });
    await ctx.step('two', () => work.do('two'));
    return 'done';
  },
});

const napping = defineCapability({
  name: 'napping',
  input: z.strictObject({}),
  output: z.string(),
  title: () => 'naps',
  run: async (ctx) => {
    await ctx.sleep('nap', 60_000);
    await ctx.step('two', () => work.do('two'));
    return 'done';
  },
});

const capabilities = [twoSteps, branches, asking, parent, undoing, napping, chain];

async function startOf({ kernel }: TestKernel, capability: string): Promise<string> {
  work.clear();
  return (await kernel.start({ ...asSystem, capability, input: {} })).run.id;
}

const rests = ({ kernel }: TestKernel, id: string) =>
  until(async () => (await kernel.get(id)).waitingFor === 'resume');
const typesOf = async ({ kernel }: TestKernel, id: string) =>
  (await kernel.events(id, 0, 1000)).map(({ type }) => type);

test('a paused run finishes its step, rests before the next one, and goes on from there', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel } = parts;
    const worker = await parts.work();
    const id = await startOf(parts, 'two-steps');
    await work.begins('one');
    await until(async () => (await typesOf(parts, id)).includes('step.started'));
    const pausing = await kernel.pause(id, 'ada');
    assert.equal(pausing.status, 'running');
    assert.equal(pausing.paused?.by, 'ada');
    work.let('one');
    await rests(parts, id);
    const resting = await kernel.get(id);
    assert.deepEqual(
      [resting.status, resting.worker, resting.asks, worker.busy()],
      ['waiting', null, null, 0],
    );
    assert.deepEqual(
      (await kernel.steps(id)).map(({ name, status }) => [name, status]),
      [['one', 'succeeded']],
    );
    await kernel.pause(id, 'grace');
    assert.equal((await kernel.get(id)).paused?.by, 'ada');
    work.let('two');
    assert.equal((await kernel.resume(id, 'ada')).paused, null);
    assert.equal((await finished(kernel, id)).output, 'done');
    assert.deepEqual(work.begun, ['one', 'two']);
    assert.deepEqual(await typesOf(parts, id), [
      ...['run.queued', 'run.started', 'step.started', 'run.pausing', 'step.succeeded'],
      // What the story says behind its last step is said once, although it is told again after the pause.
      ...['progress', 'progress', 'run.waiting'],
      ...['run.resumed', 'run.queued', 'run.started', 'step.started', 'step.succeeded', 'run.succeeded'],
    ]);
    await assert.rejects(kernel.pause(id, 'ada'), { code: 'RUN_FINISHED' });
    await assert.rejects(kernel.resume(id, 'ada'), { code: 'RUN_FINISHED' });
  }));

test('a queued run that is paused is taken by no worker until it is resumed', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel } = parts;
    const id = await startOf(parts, 'two-steps');
    assert.equal((await kernel.pause(id, null)).status, 'waiting');
    await parts.work();
    const other = (await kernel.start({ ...asSystem, capability: 'undoing', input: {} })).run.id;
    work.let('one', 'two');
    await finished(kernel, other);
    assert.deepEqual(work.begun, ['one', 'two']);
    await kernel.resume(id, null);
    assert.equal((await finished(kernel, id)).status, 'succeeded');
  }));

test('a run that is resumed before its step has ended goes on without resting', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel } = parts;
    await parts.work();
    const id = await startOf(parts, 'two-steps');
    await work.begins('one');
    await kernel.pause(id, null);
    await kernel.resume(id, null);
    await kernel.resume(id, null);
    work.let('one', 'two');
    await finished(kernel, id);
    assert.ok(!(await typesOf(parts, id)).includes('run.waiting'));
  }));

test('a question that was open stays answerable while the run is paused, and the story goes on only after', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel } = parts;
    await parts.work();
    const id = await startOf(parts, 'asking');
    await until(async () => (await kernel.get(id)).asks !== null);
    const paused = await kernel.pause(id, null);
    assert.deepEqual([paused.status, paused.asks?.signal, paused.waitingFor], ['waiting', 'plan', 'plan']);
    await kernel.signal(id, 'plan', { answer: 'yes', comment: '' }, null);
    const answered = await kernel.get(id);
    assert.deepEqual([answered.status, answered.asks, answered.waitingFor], ['waiting', null, 'resume']);
    await kernel.signal(id, 'other', null, null);
    assert.equal((await kernel.get(id)).status, 'waiting');
    work.let('two');
    await kernel.resume(id, null);
    assert.equal((await finished(kernel, id)).output, 'yes');
  }));

test('a timer that is due while its run is paused wakes it when it is resumed', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel, db } = parts;
    await parts.work();
    const id = await startOf(parts, 'napping');
    await until(async () => (await kernel.get(id)).status === 'waiting');
    await kernel.pause(id, null);
    await db.query('UPDATE steps SET due_at = now() WHERE run_id = $1', [id]);
    await wakeDueRuns(db);
    assert.equal((await kernel.get(id)).waitingFor, 'resume');
    work.let('two');
    await kernel.resume(id, null);
    assert.equal((await finished(kernel, id)).status, 'succeeded');
  }));

test('a branch that waits for a word and one that would begin a step rest together', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel } = parts;
    await parts.work();
    const id = await startOf(parts, 'branches');
    await work.begins('one');
    await kernel.pause(id, null);
    work.let('one');
    await rests(parts, id);
    await kernel.signal(id, 'word', 'hello', null);
    assert.equal((await kernel.get(id)).waitingFor, 'resume');
    assert.deepEqual(work.begun, ['one']);
    work.let('two');
    await kernel.resume(id, null);
    assert.equal((await finished(kernel, id)).output, 'hello');
  }));

test('a paused run can be cancelled, at rest, on its way there, and with something to undo', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel } = parts;
    await parts.work();
    const resting = await startOf(parts, 'undoing');
    await work.begins('one');
    await kernel.pause(resting, null);
    work.let('one');
    await rests(parts, resting);
    await kernel.cancel(resting, 'ada');
    assert.equal((await finished(kernel, resting)).status, 'cancelled');
    assert.ok(work.begun.includes('undone'));
    await assert.rejects(kernel.pause(resting, null), { code: 'RUN_FINISHED' });

    const queued = await startOf(parts, 'two-steps');
    await work.begins('one');
    await kernel.pause(queued, null);
    work.let('one');
    await rests(parts, queued);
    assert.equal((await kernel.cancel(queued, null)).status, 'cancelled');
    assert.equal((await kernel.get(queued)).paused, null);
  }));

test('the parent of a paused child waits for it', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel } = parts;
    await parts.work();
    const id = await startOf(parts, 'parent');
    await work.begins('one');
    const childId = (await kernel.steps(id))[0]?.childId ?? '';
    await kernel.pause(childId, null);
    work.let('one', 'two');
    await rests(parts, childId);
    assert.equal((await kernel.get(id)).status, 'waiting');
    await kernel.resume(childId, null);
    assert.equal((await finished(kernel, id)).output, 'succeeded');
  }));

test('a run whose worker is killed or shut down while it is pausing rests, and then does no step twice', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel, db, url } = parts;
    await db.query(effectsTable);
    const first = await spawnWorker(url, 4);
    const { run } = await kernel.start({ ...asSystem, capability: 'chain', input: { steps: 3, ms: 400 } });
    await until(async () => (await kernel.steps(run.id)).length >= 1);
    await kernel.pause(run.id, null);
    await killHard(first);
    let second = await spawnWorker(url, 4);
    try {
      await rests(parts, run.id);
      await kernel.resume(run.id, null);
      await until(async () => (await kernel.get(run.id)).status === 'running');
      await kernel.pause(run.id, null);
      const end = once(second, 'exit');
      second.kill('SIGTERM');
      await end;
      await rests(parts, run.id);
      second = await spawnWorker(url, 4);
      await kernel.resume(run.id, null);
      assert.equal((await finished(kernel, run.id)).status, 'succeeded');
      const effects = await db.query<{ again: boolean }>('SELECT again FROM effects');
      assert.ok(effects.every(({ again }) => !again));
    } finally {
      await killHard(second);
    }
  }));

test('however pauses and resumes of several people fall together on two workers, each step is done once', () =>
  withKernel({ capabilities }, async (parts) => {
    const { kernel, db, url } = parts;
    await db.query(effectsTable);
    process.env['EFFECTS_URL'] = url;
    await parts.work({ slots: 2 });
    await parts.work({ slots: 2 });
    const ids = await Promise.all(
      [1, 2, 3].map(async () => {
        const input = { steps: 12, ms: 2 };
        return (await kernel.start({ ...asSystem, capability: 'chain', input })).run.id;
      }),
    );
    await Promise.all(
      ids.flatMap((id) =>
        ['ada', 'grace'].map(async (by) => {
          for (let turn = 0; turn < 15; turn += 1) {
            await kernel.pause(id, by).catch(overIsFine);
            await kernel.resume(id, by).catch(overIsFine);
          }
        }),
      ),
    );
    for (const id of ids) {
      assert.equal((await finished(kernel, id)).status, 'succeeded');
      const types = await typesOf(parts, id);
      assert.equal(types.filter((type) => type === 'step.started').length, 12);
    }
    const effects = await db.query('SELECT FROM effects');
    assert.equal(effects.length, 36);
  }));

function overIsFine(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'RUN_FINISHED')) throw error;
}
