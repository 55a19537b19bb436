import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adding, asking } from '../../test/support/stories.ts';
import { withApi, type TestUser } from '../../test/support/with-api.ts';

const capabilities = [adding, asking];

async function start(user: TestUser, question = 'Really?'): Promise<string> {
  const body = { capability: 'asking', input: { question } };
  return (await user.send('POST', '/api/v1/runs', body)).body.id;
}

function bulk(user: TestUser, body: unknown, headers?: Record<string, string>) {
  return user.send('POST', '/api/v1/runs/bulk', body, headers);
}

const outcomes = (answer: { body: { results: { outcome: string; code?: string }[] } }) =>
  answer.body.results.map(({ outcome, code }) => code ?? outcome);

test('several runs are cancelled, retried and deleted at once, and each says what came of it', () =>
  withApi({ capabilities }, async ({ join, db }) => {
    const [member, other] = [await join('member'), await join('member', 'other')];
    const [a, b, foreign] = [await start(member), await start(member), await start(other)];
    const ids = [a, b, a, foreign, 'nonsense'];
    assert.deepEqual(outcomes(await bulk(member, { action: 'cancel', ids })), [
      'done',
      'done',
      'NOT_FOUND',
      'NOT_FOUND',
    ]);
    const again = await bulk(member, { action: 'cancel', ids: [a] });
    assert.deepEqual(outcomes(again), ['RUN_FINISHED']);
    assert.match(again.body.results[0].reason, /already cancelled/);
    const key = { 'idempotency-key': 'twice' };
    const first = await bulk(member, { action: 'retry', ids: [a, b] }, key);
    const second = await bulk(member, { action: 'retry', ids: [a, b] }, key);
    assert.deepEqual(outcomes(first), ['done', 'done']);
    assert.deepEqual(second.body, first.body);
    assert.equal((await db.query(`SELECT FROM runs WHERE origin_kind = 'retry'`)).length, 2);
    assert.deepEqual(
      outcomes(await bulk(member, { action: 'discard', ids: [a, first.body.results[0].runId] })),
      ['done', 'CONFLICT'],
    );
  }));

test('a run that is named in two spellings is retried once, and long keys are told apart to their end', () =>
  withApi({ capabilities }, async ({ join, db }) => {
    const member = await join('member');
    const id = await start(member);
    await bulk(member, { action: 'cancel', ids: [id] });
    const again = await bulk(member, { action: 'retry', ids: [id, id.toUpperCase()] });
    assert.deepEqual(outcomes(again), ['done']);
    for (const end of ['a', 'b', 'a']) {
      const key = { 'idempotency-key': 'k'.repeat(250) + end };
      await bulk(member, { action: 'retry', ids: [id] }, key);
    }
    assert.equal((await db.query(`SELECT FROM runs WHERE origin_kind = 'retry'`)).length, 3);
  }));

test('a bulk act on a filter touches what the actor may see and the filter means', () =>
  withApi({ capabilities }, async ({ join, kernel }) => {
    const [member, other] = [await join('member'), await join('member', 'other')];
    const [wanted, left, foreign] = [
      await start(member, '100% sure'),
      await start(member, 'other'),
      await start(other, '100% sure'),
    ];
    const answer = await bulk(member, { action: 'cancel', filter: { q: '100%', status: 'queued' } });
    assert.deepEqual(answer.body, { results: [{ outcome: 'done', id: wanted }], more: false });
    for (const id of [left, foreign]) assert.equal((await kernel.get(id)).status, 'queued');
  }));

test('priorities are changed in bulk by the rules of a single run', () =>
  withApi({ capabilities }, async ({ join }) => {
    const [admin, member] = [await join('admin'), await join('member')];
    const id = await start(member);
    const ask = (priority: string) => ({ action: 'priority', priority, ids: [id] });
    assert.deepEqual(outcomes(await bulk(member, ask('critical'))), ['FORBIDDEN']);
    assert.deepEqual(outcomes(await bulk(member, ask('low'))), ['done']);
    assert.deepEqual(outcomes(await bulk(admin, ask('critical'))), ['done']);
  }));

test('a bulk request that says too little, too much or too many is refused as a whole', () =>
  withApi({ capabilities }, async ({ join }) => {
    const [member, viewer] = [await join('member'), await join('viewer')];
    const ids = ['x'];
    for (const body of [
      { action: 'cancel' },
      { action: 'cancel', ids, filter: {} },
      { action: 'cancel', ids: [] },
      { action: 'cancel', ids: Array.from({ length: 201 }, (_, n) => String(n)) },
      { action: 'priority', ids },
      { action: 'cancel', priority: 'low', ids },
      { action: 'explode', ids },
      { action: 'cancel', filter: { q: 'a\0b' } },
      { action: 'cancel', filter: { user: 'x' } },
    ]) {
      assert.equal((await bulk(member, body)).status, 400, JSON.stringify(body));
    }
    assert.equal((await bulk(viewer, { action: 'cancel', ids })).status, 403);
  }));
