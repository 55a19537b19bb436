import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateLimit } from '../resources/rate-limit.ts';
import { openDatabase } from '../store/database.ts';
import { testDatabase } from '../../test/support/postgres.ts';
import { adding } from '../../test/support/stories.ts';
import { withApi, type TestApi } from '../../test/support/with-api.ts';
import { finished } from '../../test/support/with-kernel.ts';
import { testSystem } from '../../test/support/with-system.ts';
import type { Check } from '../contract/system.ts';
import { eventRoutes } from './event-routes.ts';
import { systemRoutes } from './system-routes.ts';

async function withSystem(
  test: (api: TestApi, looks: () => number) => Promise<void>,
  checks: Check[] = [],
): Promise<void> {
  const { url, drop } = await testDatabase();
  const db = openDatabase({ url, poolSize: 4, onError: () => undefined });
  let looks = 0;
  try {
    const system = testSystem(db);
    const examine = async () => {
      looks += 1;
      return checks;
    };
    const routes = [
      ...systemRoutes({ system, rateLimit: createRateLimit(db), examine }),
      ...eventRoutes(system),
    ];
    await withApi({ url, capabilities: [adding], routes }, (api) => test(api, () => looks));
  } finally {
    await db.close();
    await drop();
  }
}

const paths = ['overview', 'workers', 'queues', 'dead-letters', 'database', 'doctor'].map(
  (name) => `/api/v1/system/${name}`,
);

test('only admins see how the house stands', () =>
  withSystem(async ({ join }) => {
    const [admin, member, viewer] = [await join('admin'), await join('member'), await join('viewer')];
    for (const path of [...paths, '/api/v1/events', '/api/v1/events/stats', '/api/v1/events/export']) {
      assert.equal((await admin.send('GET', path)).status, 200, path);
      for (const other of [member, viewer]) assert.equal((await other.send('GET', path)).status, 403, path);
    }
    assert.equal((await member.send('POST', '/api/v1/system/retention/run')).status, 403);
  }));

test('a worker drains and goes on, and one that is gone is said to be', () =>
  withSystem(async ({ join, work }) => {
    const admin = await join('admin');
    const worker = await work();
    const drain = (id: string, drains: boolean) =>
      admin.send('POST', `/api/v1/system/workers/${id}/drain`, { drain: drains });
    const state = async () => (await admin.send('GET', '/api/v1/system/workers')).body.items[0].state;
    assert.equal((await drain(worker.id() ?? '', true)).status, 204);
    assert.equal(await state(), 'draining');
    assert.equal((await drain(worker.id() ?? '', false)).status, 204);
    assert.equal(await state(), 'idle');
    assert.equal((await drain('nobody', true)).status, 404);
  }));

test('what doctor finds is told, one look at a time, a few times a minute', () =>
  withSystem(
    async ({ join }, looks) => {
      const admin = await join('admin');
      const ask = () => admin.send('GET', '/api/v1/system/doctor');
      const { body } = await ask();
      assert.equal(body.healthy, false);
      assert.equal(body.checks[0].remedy, 'Free some space.');
      const answers = [];
      for (let asked = 0; asked < 8; asked += 1) answers.push((await ask()).status);
      assert.ok(answers.includes(429));
      assert.ok(looks() <= 12);
    },
    [{ name: 'data directory', state: 'missing', detail: 'full', remedy: 'Free some space.' }],
  ));

test('events are exported as CSV in which nothing is a formula, and as JSON', () =>
  withSystem(async ({ join, kernel, db, work }) => {
    const admin = await join('admin');
    await work();
    const { run } = await kernel.start({
      capability: 'adding',
      input: { a: 1, b: 2 },
      trigger: { kind: 'system' },
      userId: null,
    });
    await finished(kernel, run.id);
    await db.query(`UPDATE runs SET title = '=HYPERLINK("http://evil","x")' WHERE id = $1`, [run.id]);
    const csv = await admin.send('GET', '/api/v1/events/export?type=run.succeeded,output');
    assert.match(
      csv.headers.get('content-disposition') ?? '',
      /^attachment; filename="gantry-events-.*\.csv"$/,
    );
    const lines = String(csv.body).trimEnd().split('\r\n');
    assert.equal(lines.length, 3);
    assert.match(lines[1] ?? '', /,"'=HYPERLINK\(""http:\/\/evil"",""x""\)",/);
    const json = await admin.send('GET', '/api/v1/events/export?format=json');
    assert.equal(json.body.length, (await db.query('SELECT FROM events')).length);
    assert.equal((await admin.send('GET', '/api/v1/events?type=a;b')).status, 400);
    assert.equal((await admin.send('GET', '/api/v1/events?cursor=x')).status, 400);
  }));
