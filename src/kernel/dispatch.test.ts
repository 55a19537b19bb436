import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Priority } from '../contract/run.ts';
import { asSystem, withKernel, type TestKernel } from '../../test/support/with-kernel.ts';
import { defineCapability } from './capability.ts';
import { claimRuns, type Caps } from './dispatch.ts';

const job = (name: string) =>
  defineCapability({
    name,
    input: z.strictObject({ repository: z.string().nullable().default(null) }),
    output: z.null(),
    title: () => name,
    repository: ({ repository }) => repository,
    run: async () => null,
  });
const capabilities = [job('a'), job('b')];
const caps: Caps = { running: 100, perUser: 100, perRepository: 100, perCapability: {}, agingSeconds: 60 };

interface Order {
  readonly user?: string;
  readonly priority?: Priority;
  readonly capability?: string;
  readonly repository?: string;
  readonly waitedSeconds?: number;
}

async function order(
  { kernel, db }: TestKernel,
  { user, priority, capability, repository, waitedSeconds }: Order,
): Promise<string> {
  const { run } = await kernel.start({
    ...asSystem,
    capability: capability ?? 'a',
    input: { repository: repository ?? null },
    userId: user ?? null,
    priority: priority ?? 'normal',
  });
  if (waitedSeconds !== undefined) {
    await db.query(`UPDATE runs SET queued_at = now() - $2 * interval '1 second' WHERE id = $1`, [
      run.id,
      waitedSeconds,
    ]);
  }
  return run.id;
}

const claim = ({ db }: TestKernel, slots: number, some: Partial<Caps> = {}, names = ['a', 'b']) =>
  claimRuns(db, { workerId: 'w', slots, capabilities: names, offers: null, caps: { ...caps, ...some } });
const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id).sort();

test('the more urgent run goes first, whatever came before', () =>
  withKernel({ capabilities }, async (kernel) => {
    const order5: string[] = [];
    for (const priority of ['background', 'low', 'normal', 'high', 'critical'] as const)
      order5.unshift(await order(kernel, { priority }));
    for (const expected of order5) assert.deepEqual(ids(await claim(kernel, 1)), [expected]);
  }));

test('waiting lifts a run, so that a background run is not kept waiting for ever', () =>
  withKernel({ capabilities }, async (kernel) => {
    const old = await order(kernel, { priority: 'background', waitedSeconds: 300 });
    await order(kernel, { priority: 'critical' });
    assert.deepEqual(ids(await claim(kernel, 1)), [old]);
  }));

test('one user’s backlog does not keep another user waiting', () =>
  withKernel({ capabilities }, async (kernel) => {
    for (let i = 0; i < 30; i += 1) await order(kernel, { user: 'busy', waitedSeconds: 30 - i });
    const other = await order(kernel, { user: 'quiet' });
    const claimed = await claim(kernel, 4);
    assert.equal(claimed.length, 4);
    assert.ok(ids(claimed).includes(other));
  }));

test('caps for the instance, a user, a repository and a capability hold together, and what they block blocks nobody else', () =>
  withKernel({ capabilities }, async (kernel) => {
    for (let i = 0; i < 10; i += 1) await order(kernel, { user: 'u', repository: 'one', waitedSeconds: 50 });
    for (let i = 0; i < 10; i += 1)
      await order(kernel, { user: 'u', repository: 'two', capability: 'b', waitedSeconds: 20 });
    const first = await claim(kernel, 50, { perRepository: 3, perCapability: { b: 2 } });
    assert.equal(first.filter((row) => row.repository === 'one').length, 3);
    assert.equal(first.filter((row) => row.capability === 'b').length, 2);
    const behind = await order(kernel, { user: 'u' });
    assert.deepEqual(ids(await claim(kernel, 50, { perRepository: 3, perCapability: { b: 2 } })), [behind]);
    assert.deepEqual(await claim(kernel, 50, { perUser: 6 }), []);
    assert.equal((await claim(kernel, 50, { running: 8 })).length, 2);
    assert.deepEqual(await claim(kernel, 0), []);
  }));

test('a worker takes only runs of capabilities that it knows', () =>
  withKernel({ capabilities }, async (kernel) => {
    await order(kernel, { capability: 'b' });
    const known = await order(kernel, { capability: 'a' });
    assert.deepEqual(ids(await claim(kernel, 10, {}, ['a'])), [known]);
  }));

test('any number of workers that claim at once take each run once and never exceed a cap', () =>
  withKernel({ capabilities }, async (kernel) => {
    for (let i = 0; i < 60; i += 1) await order(kernel, { user: `u${i % 5}` });
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(kernel, 10, { running: 25 })));
    const taken = claims.flat().map((row) => row.id);
    assert.equal(taken.length, 25);
    assert.equal(new Set(taken).size, 25);
  }));
