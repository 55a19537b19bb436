import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adding } from '../../test/support/stories.ts';
import { openSettingsReplica } from '../../test/support/settings.ts';
import { until } from '../../test/support/until.ts';
import { asSystem, withKernel, type TestKernel } from '../../test/support/with-kernel.ts';
import { createKernel, catalogueOf } from './create-kernel.ts';
import { claimRuns, type Caps } from './dispatch.ts';

const caps: Caps = { running: 100, perUser: 3, perRepository: 100, perCapability: {}, agingSeconds: 60 };
const add = { ...asSystem, capability: 'adding', input: { a: 1, b: 2 } };

interface Limits {
  readonly running?: number;
  readonly queued?: number;
}

async function limit({ db }: TestKernel, user: string, { running, queued }: Limits): Promise<void> {
  await db.query('INSERT INTO users (id, name, email) VALUES ($1, $1, $1) ON CONFLICT DO NOTHING', [user]);
  await db.query(
    `INSERT INTO user_limits (user_id, running, queued, updated_by) VALUES ($1, $2, $3, 'test')
     ON CONFLICT (user_id) DO UPDATE SET running = $2, queued = $3`,
    [user, running ?? null, queued ?? null],
  );
}

const claimed = async ({ db }: TestKernel, slots = 50) => {
  const rows = await claimRuns(db, { workerId: 'w', slots, capabilities: ['adding'], offers: null, caps });
  return Object.fromEntries(
    ['ada', 'ben', 'eve'].map((user) => [user, rows.filter((row) => row.user_id === user).length]),
  );
};

test('a claim takes no more of a user than the limit of that user, which may be above the common one', () =>
  withKernel({ capabilities: [adding] }, async (parts) => {
    for (const userId of ['ada', 'ben', 'eve']) {
      for (let count = 0; count < 6; count += 1) await parts.kernel.start({ ...add, userId });
    }
    await limit(parts, 'ada', { running: 1 });
    await limit(parts, 'ben', { running: 5 });
    assert.deepEqual(await claimed(parts), { ada: 1, ben: 5, eve: 3 });
    assert.deepEqual(await claimed(parts), { ada: 0, ben: 0, eve: 0 });
    await limit(parts, 'ada', { running: 2 });
    assert.deepEqual(
      await claimed(parts),
      { ada: 1, ben: 0, eve: 0 },
      'a raised limit holds at the next claim',
    );
    await limit(parts, 'eve', { running: 0 });
    await parts.db.query(
      `UPDATE runs SET status = 'succeeded', finished_at = now() WHERE status = 'running'`,
    );
    assert.equal((await claimed(parts))['eve'], 0, 'a limit of none lets none begin');
  }));

test('a user with a full queue is told whose limit it is; others and children go on', () =>
  withKernel({ capabilities: [adding] }, async (parts) => {
    const { kernel } = parts;
    await limit(parts, 'ada', { queued: 2 });
    for (let count = 0; count < 2; count += 1) await kernel.start({ ...add, userId: 'ada' });
    await assert.rejects(kernel.start({ ...add, userId: 'ada' }), {
      code: 'QUEUE_FULL',
      message: /^2 of your runs are waiting already, and that is your limit\./,
    });
    await kernel.start({ ...add, userId: 'ben' });
    await limit(parts, 'ada', { queued: 0 });
    await assert.rejects(kernel.start({ ...add, userId: 'ada' }), {
      message: /limit of your waiting runs to 0/,
    });
    await limit(parts, 'ada', {});
    await kernel.start({ ...add, userId: 'ada' });
  }));

test('a hundred starts at once in two processes leave exactly as many waiting as the user may have', () =>
  withKernel({ capabilities: [adding] }, async (parts) => {
    await limit(parts, 'ada', { queued: 7 });
    const other = await openSettingsReplica(parts.url);
    try {
      await until(() => other.limits.of('ada').queued === 7);
      const kernels = [parts.db, other.db].map((db) =>
        createKernel({
          db,
          hub: parts.hub,
          capabilityNamed: catalogueOf([adding]),
          maxQueued: () => 1000,
          hasOwnQueue: (userId) => other.limits.of(userId).queued !== null,
          onQueued: () => undefined,
        }),
      );
      const starts = await Promise.allSettled(
        Array.from({ length: 100 }, (_, index) => kernels[index % 2]?.start({ ...add, userId: 'ada' })),
      );
      assert.equal(starts.filter(({ status }) => status === 'fulfilled').length, 7);
      const [row] = await parts.db.query(`SELECT count(*) FROM runs WHERE status = 'queued'`);
      assert.equal(row?.['count'], 7);
    } finally {
      await other.close();
    }
  }));

test('what a settings process changes, the start of the next run keeps to', () =>
  withKernel({ capabilities: [adding] }, async (parts) => {
    const here = await openSettingsReplica(parts.url);
    const elsewhere = await openSettingsReplica(parts.url);
    try {
      const kernel = createKernel({
        db: here.db,
        hub: parts.hub,
        capabilityNamed: catalogueOf([adding]),
        maxQueued: () => here.settings.live.current().maxQueued,
        onQueued: () => undefined,
      });
      await kernel.start(add);
      await elsewhere.settings.change({
        by: { userId: 'x', name: 'X' },
        version: 0,
        changes: { maxQueued: 1 },
      });
      await until(() => here.settings.live.current().maxQueued === 1);
      await assert.rejects(kernel.start(add), { code: 'QUEUE_FULL', message: /^1 runs are waiting/ });
    } finally {
      await here.close();
      await elsewhere.close();
    }
  }));
