import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adding, asking } from '../../test/support/stories.ts';
import { until } from '../../test/support/until.ts';
import { withApi, type TestUser } from '../../test/support/with-api.ts';

const capabilities = [adding, asking];
const add = { capability: 'adding', input: { a: 1, b: 2 } };
const ask = { capability: 'asking', input: { question: 'Really?' } };

async function start(user: TestUser, body: unknown = add): Promise<string> {
  const { status, body: run } = await user.send('POST', '/api/v1/runs', body);
  assert.equal(status, 202);
  return run.id;
}

async function reaches(user: TestUser, id: string, status: string): Promise<void> {
  await until(async () => (await user.send('GET', `/api/v1/runs/${id}`)).body.status === status);
}

test('a run is accepted with its address, and is there with output, steps and events when it is done', () =>
  withApi({ capabilities }, async ({ join, work }) => {
    await work();
    const member = await join('member');
    const started = await member.send('POST', '/api/v1/runs', {
      ...add,
      priority: 'high',
      budget: { usd: 1 },
    });
    assert.equal(started.status, 202);
    assert.equal(started.headers.get('location'), `/api/v1/runs/${started.body.id}`);
    await reaches(member, started.body.id, 'succeeded');
    const { body: run } = await member.send('GET', `/api/v1/runs/${started.body.id}`);
    assert.deepEqual(run.output, { sum: 3 });
    assert.deepEqual([run.priority, run.budget, run.userId], ['high', { usd: 1 }, member.id]);
    assert.equal(run.trigger.kind, 'key');
    const steps = await member.send('GET', `/api/v1/runs/${run.id}/steps`);
    assert.deepEqual(
      steps.body.items.map((step: { name: string }) => step.name),
      ['add'],
    );
    const page = await member.send('GET', `/api/v1/runs/${run.id}/events?limit=2`);
    assert.deepEqual(
      page.body.items.map((event: { seq: number }) => event.seq),
      [1, 2],
    );
    const rest = await member.send('GET', `/api/v1/runs/${run.id}/events?after=${page.body.next}`);
    assert.equal(rest.body.items[0].seq, 3);
    assert.equal(rest.body.next, null);
    assert.equal(rest.body.items.at(-1).type, 'run.succeeded');
  }));

test('an idempotency key answers the same run again, and refuses another body', () =>
  withApi({ capabilities }, async ({ join }) => {
    const member = await join('member');
    const key = { 'idempotency-key': 'order-66' };
    const first = await member.send('POST', '/api/v1/runs', add, key);
    const again = await member.send('POST', '/api/v1/runs', add, key);
    assert.equal(first.headers.get('idempotency-replayed'), null);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.deepEqual([again.status, again.body.id], [202, first.body.id]);
    const other = await member.send('POST', '/api/v1/runs', { ...add, input: { a: 2, b: 2 } }, key);
    assert.deepEqual([other.status, other.body.code], [409, 'IDEMPOTENCY_MISMATCH']);
    for (const bad of ['', 'with space', 'x'.repeat(256)]) {
      const refused = await member.send('POST', '/api/v1/runs', add, { 'idempotency-key': bad });
      assert.equal(refused.status, 400, JSON.stringify(bad));
      assert.equal(refused.body.problems[0].path, 'Idempotency-Key');
    }
  }));

test('a retry and a fork with an idempotency key happen once', () =>
  withApi({ capabilities }, async ({ join, work, db }) => {
    await work();
    const member = await join('member');
    const id = await start(member);
    await reaches(member, id, 'succeeded');
    for (const [path, body] of [
      ['retry', undefined],
      ['fork', { from: 1 }],
    ] as const) {
      const again = () =>
        member.send('POST', `/api/v1/runs/${id}/${path}`, body, { 'idempotency-key': path });
      const first = await again();
      await reaches(member, first.body.id, 'succeeded');
      const second = await again();
      assert.deepEqual([second.status, second.body.id], [202, first.body.id]);
      assert.equal(second.headers.get('idempotency-replayed'), 'true');
    }
    const other = await member.send(
      'POST',
      `/api/v1/runs/${id}/fork`,
      { from: 0 },
      { 'idempotency-key': 'fork' },
    );
    assert.equal(other.body.code, 'IDEMPOTENCY_MISMATCH');
    assert.equal((await db.query('SELECT FROM runs')).length, 3);
  }));

test('somebody else’s run is not found for a member, and open to admins and viewers', () =>
  withApi({ capabilities }, async ({ join, identity }) => {
    const [owner, other, viewer, admin] = [
      await join('member', 'owner'),
      await join('member', 'other'),
      await join('viewer'),
      await join('admin'),
    ];
    const id = await start(owner);
    for (const path of ['', '/events', '/steps']) {
      const hidden = await other.send('GET', `/api/v1/runs/${id}${path}`);
      assert.deepEqual([hidden.status, hidden.body.code], [404, 'NOT_FOUND']);
      assert.equal((await viewer.send('GET', `/api/v1/runs/${id}${path}`)).status, 200);
      assert.equal((await admin.send('GET', `/api/v1/runs/${id}${path}`)).status, 200);
    }
    assert.equal((await other.send('POST', `/api/v1/runs/${id}/cancel`)).status, 404);
    assert.equal((await other.send('PATCH', `/api/v1/runs/${id}`, { priority: 'low' })).status, 404);
    assert.equal((await other.send('DELETE', `/api/v1/runs/${id}`)).status, 404);
    assert.equal((await viewer.send('POST', `/api/v1/runs/${id}/cancel`)).status, 403);
    assert.deepEqual((await other.send('GET', '/api/v1/runs')).body.items, []);
    assert.equal((await viewer.send('GET', '/api/v1/runs')).body.items.length, 1);
    const { key } = await identity.keys.create({ name: 'look', role: 'viewer', userId: other.id });
    const looking = await other.send('GET', `/api/v1/runs/${id}`, undefined, {
      authorization: `Bearer ${key}`,
    });
    assert.equal(looking.status, 404, 'a viewer key of a member sees what the member sees');
  }));

test('a list is filtered, searched and paged by cursor', () =>
  withApi({ capabilities }, async ({ join }) => {
    const member = await join('member');
    const ids = [];
    for (let a = 0; a < 5; a += 1) ids.push(await start(member, { ...add, input: { a, b: 0 } }));
    await start(member, ask);
    const first = await member.send('GET', '/api/v1/runs?capability=adding&status=queued&limit=3');
    assert.deepEqual(
      first.body.items.map((run: { id: string }) => run.id),
      ids.toReversed().slice(0, 3),
    );
    const rest = await member.send('GET', `/api/v1/runs?capability=adding&limit=3&cursor=${first.body.next}`);
    assert.deepEqual(
      rest.body.items.map((run: { id: string }) => run.id),
      ids.toReversed().slice(3),
    );
    assert.equal(rest.body.next, null);
    const found = await member.send('GET', '/api/v1/runs?q=Really');
    assert.equal(found.body.items.length, 1);
    for (const bad of [
      'status=gone',
      'limit=0',
      'limit=abc',
      'cursor=x',
      'sort=up',
      'limit=1&limit=2',
      'q=%00',
    ]) {
      const refused = await member.send('GET', `/api/v1/runs?${bad}`);
      assert.deepEqual([refused.status, refused.body.code], [400, 'INPUT_INVALID'], bad);
    }
  }));

test('a member only lowers the priority of a run, an admin sets any', () =>
  withApi({ capabilities }, async ({ join }) => {
    const [member, admin] = [await join('member'), await join('admin')];
    const path = `/api/v1/runs/${await start(member)}`;
    assert.equal((await member.send('PATCH', path, { priority: 'critical' })).status, 403);
    assert.equal((await member.send('PATCH', path, { priority: 'low' })).body.priority, 'low');
    assert.equal((await member.send('PATCH', path, { priority: 'normal' })).status, 403);
    assert.equal((await admin.send('PATCH', path, { priority: 'critical' })).body.priority, 'critical');
    assert.equal((await admin.send('PATCH', path, { priority: 'urgent' })).status, 400);
  }));

test('a run is answered, cancelled, retried, forked and deleted over HTTP', () =>
  withApi({ capabilities }, async ({ join, work }) => {
    await work();
    const member = await join('member');
    const asked = await start(member, ask);
    await reaches(member, asked, 'waiting');
    assert.equal((await member.send('DELETE', `/api/v1/runs/${asked}`)).status, 409);
    assert.equal((await member.send('POST', `/api/v1/runs/${asked}/retry`)).status, 409);
    const path = `/api/v1/runs/${asked}/signals`;
    assert.equal((await member.send('POST', path, { name: 'answer', payload: 'Yes' })).status, 204);
    await reaches(member, asked, 'succeeded');
    assert.equal((await member.send('POST', `/api/v1/runs/${asked}/cancel`)).body.code, 'RUN_FINISHED');
    const second = await start(member, ask);
    await reaches(member, second, 'waiting');
    assert.equal((await member.send('POST', `/api/v1/runs/${second}/cancel`)).status, 202);
    await reaches(member, second, 'cancelled');
    const summed = await start(member);
    await reaches(member, summed, 'succeeded');
    const retried = await member.send('POST', `/api/v1/runs/${summed}/retry`);
    assert.deepEqual([retried.status, retried.body.origin], [202, { kind: 'retry', runId: summed }]);
    const forked = await member.send('POST', `/api/v1/runs/${summed}/fork`, { from: 1 });
    assert.deepEqual([forked.status, forked.body.origin], [202, { kind: 'fork', runId: summed }]);
    await reaches(member, forked.body.id, 'succeeded');
    assert.equal((await member.send('DELETE', `/api/v1/runs/${summed}`)).status, 204);
    assert.equal((await member.send('GET', `/api/v1/runs/${summed}`)).status, 404);
  }));

test('an id that no run has is not found, however it looks', () =>
  withApi({ capabilities }, async ({ join }) => {
    const admin = await join('admin');
    for (const id of [
      '0',
      'x'.repeat(2000),
      '00000000-0000-7000-8000-000000000000',
      "'; DROP TABLE runs",
      '..%2f..',
    ]) {
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '/events'],
        ['GET', '/steps'],
        ['POST', '/cancel'],
        ['DELETE', ''],
      ]) {
        const answer = await admin.send(method ?? '', `/api/v1/runs/${encodeURIComponent(id)}${path}`);
        assert.deepEqual([answer.status, answer.body.code], [404, 'NOT_FOUND'], `${method} ${id}${path}`);
      }
    }
  }));
