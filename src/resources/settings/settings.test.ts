import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../test/support/postgres.ts';
import { openSettingsReplica, type SettingsReplica } from '../../../test/support/settings.ts';
import { until } from '../../../test/support/until.ts';
import { newId } from '../../base/ids.ts';
import type { InstanceSettings } from '../../contract/settings.ts';
import { userSettings } from './user-settings.ts';

const ada = { userId: 'ada', name: 'Ada' };
const ben = { userId: 'ben', name: 'Ben' };

/** Gives `work` as many processes as it opens on an empty database. */
async function withReplicas(
  work: (open: (defaults?: Partial<InstanceSettings>) => Promise<SettingsReplica>) => Promise<void>,
): Promise<void> {
  const { url, drop } = await testDatabase();
  const opened: SettingsReplica[] = [];
  try {
    await work(async (defaults) => {
      const replica = await openSettingsReplica(url, defaults);
      opened.push(replica);
      return replica;
    });
  } finally {
    await Promise.all(opened.map((replica) => replica.close()));
    await drop();
  }
}

test('a change holds in every process, over its own configuration, and null takes it back', () =>
  withReplicas(async (open) => {
    const [one, other] = [await open(), await open({ maxQueued: 7 })];
    await one.settings.change({ by: ada, version: 0, changes: { maxQueued: 5, notice: 'Tea' } });
    assert.equal(one.settings.live.current().maxQueued, 5);
    await until(() => other.settings.live.current().maxQueued === 5);
    await one.settings.change({ by: ada, version: 1, changes: { maxQueued: null } });
    await until(() => other.settings.live.current().maxQueued === 7);
    assert.equal(other.settings.live.current().notice, 'Tea');
    assert.equal(
      (await open()).settings.live.current().notice,
      'Tea',
      'a process that starts later knows it',
    );
  }));

test('of two who change the same version one is told, by whom it was overtaken, and nothing is lost', () =>
  withReplicas(async (open) => {
    const [one, other] = [await open(), await open()];
    const both = await Promise.allSettled([
      one.settings.change({ by: ada, version: 0, changes: { maxQueued: 5 } }),
      other.settings.change({ by: ben, version: 0, changes: { maxRunning: 9 } }),
    ]);
    const refused = both.find((each) => each.status === 'rejected');
    assert.equal(both.filter((each) => each.status === 'fulfilled').length, 1);
    assert.equal(refused?.reason.code, 'CONFLICT');
    assert.match(refused?.reason.message, /by (Ada|Ben): they are at version 1, and yours was made on 0/);
    assert.equal((await one.settings.view()).version, 1);
  }));

test('a hundred changes at once that name no version all count', () =>
  withReplicas(async (open) => {
    const [one, other] = [await open(), await open()];
    const scope = async ({ db }: SettingsReplica) => {
      await db.query(`INSERT INTO users (id, name, email) VALUES ('ada', 'Ada', $1) ON CONFLICT DO NOTHING`, [
        'ada@example.com',
      ]);
      return userSettings(db, 'ada');
    };
    const settings = [await scope(one), await scope(other)];
    const sizes = Array.from({ length: 100 }, (_, index) => 10 + (index % 15));
    await Promise.all(
      sizes.map((size, index) =>
        settings[index % 2]?.change({
          by: ada,
          changes: { editorFontSize: size, editorWrap: index % 2 === 0 },
        }),
      ),
    );
    const history = await settings[0]?.history({ before: undefined, limit: 200 });
    const versions = history?.items.map(({ version }) => version) ?? [];
    assert.deepEqual(
      versions,
      versions.map((_, index) => versions.length - index),
      'versions have no gap and no double',
    );
  }));

test('the history says who, when, what and why; an old version comes back as a new one', () =>
  withReplicas(async (open) => {
    const { settings, db } = await open();
    await settings.change({ by: ada, version: 0, changes: { maxQueued: 5 }, note: 'too many' });
    await settings.change({ by: ben, version: 1, changes: { maxQueued: 6, notice: 'Tea' } });
    await settings.restore(1, { by: ada, version: 2, note: 'back' });
    await settings.change({ by: ada, version: 3, changes: { maxQueued: 5 } });
    const { items } = await settings.history({ before: undefined, limit: 10 });
    assert.deepEqual(
      items.map(({ version, by, note, changes, restored }) => ({
        version,
        by: by.name,
        note,
        changes,
        restored,
      })),
      [
        {
          version: 3,
          by: 'Ada',
          note: 'back',
          changes: [
            { key: 'maxQueued', from: 6, to: 5 },
            { key: 'notice', from: 'Tea', to: null },
          ],
          restored: 1,
        },
        {
          version: 2,
          by: 'Ben',
          note: '',
          changes: [
            { key: 'maxQueued', from: 5, to: 6 },
            { key: 'notice', from: null, to: 'Tea' },
          ],
          restored: null,
        },
        {
          version: 1,
          by: 'Ada',
          note: 'too many',
          changes: [{ key: 'maxQueued', from: null, to: 5 }],
          restored: null,
        },
      ],
      'the last change changed nothing and made no version',
    );
    const page = await settings.history({ before: 3, limit: 1 });
    assert.deepEqual([page.items.map(({ version }) => version), page.next], [[2], '2']);
    const view = await settings.view();
    assert.deepEqual(
      [view.version, view.overrides, view.changed['notice']?.version],
      [3, { maxQueued: 5 }, 3],
    );
    await assert.rejects(settings.restore(9, { by: ada, version: 3 }), { code: 'NOT_FOUND' });
    await settings.restore(0, { by: ada, version: 3 });
    assert.deepEqual((await settings.view()).overrides, {});
    await db.query(`UPDATE settings_versions SET overrides = $1 WHERE version = 4`, [
      JSON.stringify({ maxQueued: -1, ofTomorrow: true, notice: 'Tea' }),
    ]);
    const kept = await settings.view();
    assert.deepEqual(
      kept.overrides,
      { notice: 'Tea' },
      'what another Gantry has set and this one does not know',
    );
  }));

test('what does not fit is refused with its place, also where two settings contradict each other', () =>
  withReplicas(async (open) => {
    const { settings } = await open();
    const cases: [Record<string, unknown>, string][] = [
      [{ maxQueued: 0 }, 'maxQueued'],
      [{ maxQueued: 1.5 }, 'maxQueued'],
      [{ maxQueued: '5' }, 'maxQueued'],
      [{ notice: 'a\u202eb' }, 'notice'],
      [{ notice: 'x'.repeat(301) }, 'notice'],
      [{ executionWallMs: 5000, executionWallMsMost: 4000 }, 'executionWallMs'],
    ];
    for (const [changes, path] of cases) {
      await assert.rejects(
        settings.change({ by: ada, version: 0, changes }),
        (error: { code: string; problems: { path: string }[] }) =>
          error.code === 'INPUT_INVALID' && error.problems[0]?.path === path,
        JSON.stringify(changes).slice(0, 80),
      );
    }
    assert.equal((await settings.view()).version, 0);
  }));

test('a process that lost its line knows the present settings as soon as it is back', () =>
  withReplicas(async (open) => {
    const [one, other] = [await open(), await open()];
    await one.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gantry listen' AND datname = current_database()`,
    );
    await one.settings.change({ by: ada, version: 0, changes: { intakePaused: true } });
    await until(() => other.settings.live.current().intakePaused);
  }));

test('a person’s settings are nobody else’s, and go with the person', () =>
  withReplicas(async (open) => {
    const { db } = await open();
    const [first, second] = [newId(), newId()];
    for (const id of [first, second]) {
      await db.query('INSERT INTO users (id, name, email) VALUES ($1, $1, $1)', [id]);
    }
    await userSettings(db, first).change({
      by: ada,
      changes: { colorScheme: 'dark', notifications: { failed: ['email'] } },
    });
    assert.equal((await userSettings(db, first).read()).colorScheme, 'dark');
    assert.equal((await userSettings(db, second).read()).colorScheme, 'system');
    await db.query('DELETE FROM users WHERE id = $1', [first]);
    assert.deepEqual(await db.query('SELECT * FROM settings_versions'), []);
    await assert.rejects(userSettings(db, first).change({ by: ada, changes: { editorWrap: true } }), {
      code: 'NOT_FOUND',
    });
  }));

test('limits of a user hold in every process at once, and null gives the common ones back', () =>
  withReplicas(async (open) => {
    const [one, other] = [await open(), await open()];
    await one.db.query(`INSERT INTO users (id, name, email) VALUES ('ada', 'Ada', 'ada@example.com')`);
    await one.limits.put('ada', { requestsPerMinute: 3, running: 2, queued: null }, 'ben');
    assert.equal(one.limits.of('ada').requestsPerMinute, 3);
    await until(() => other.limits.of('ada').running === 2);
    assert.equal(other.limits.of('somebody').running, null);
    await one.limits.put('ada', { requestsPerMinute: null, running: null, queued: null }, 'ben');
    await until(() => other.limits.of('ada').running === null);
    await assert.rejects(one.limits.put('nobody', { requestsPerMinute: 1, running: 1, queued: 1 }, 'ben'), {
      code: 'NOT_FOUND',
    });
    await assert.rejects(one.limits.read('nobody'), { code: 'NOT_FOUND' });
  }));
