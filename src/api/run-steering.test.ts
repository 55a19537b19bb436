import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking } from '../../test/support/stories.ts';
import { withApi, type TestUser } from '../../test/support/with-api.ts';

const capabilities = [asking];

async function start(user: TestUser): Promise<string> {
  const body = { capability: 'asking', input: { question: 'Really?' } };
  return (await user.send('POST', '/api/v1/runs', body)).body.id;
}

test('the owner of a run and admins pause and resume it, others neither see nor touch it', () =>
  withApi({ capabilities }, async ({ join }) => {
    const [member, other, viewer, admin] = [
      await join('member'),
      await join('member', 'other'),
      await join('viewer'),
      await join('admin'),
    ];
    const id = await start(member);
    const paused = await member.send('POST', `/api/v1/runs/${id}/pause`);
    assert.equal(paused.status, 202);
    assert.equal(paused.body.paused.by, member.id);
    assert.deepEqual([paused.body.status, paused.body.waitingFor], ['waiting', 'resume']);
    assert.equal((await admin.send('POST', `/api/v1/runs/${id}/pause`)).body.paused.by, member.id);
    assert.equal((await other.send('POST', `/api/v1/runs/${id}/resume`)).status, 404);
    assert.equal((await viewer.send('POST', `/api/v1/runs/${id}/resume`)).status, 403);
    const resumed = await admin.send('POST', `/api/v1/runs/${id}/resume`);
    assert.deepEqual([resumed.body.paused, resumed.body.status], [null, 'queued']);
    await member.send('POST', `/api/v1/runs/${id}/cancel`);
    const late = await member.send('POST', `/api/v1/runs/${id}/pause`);
    assert.deepEqual([late.status, late.body.code], [409, 'RUN_FINISHED']);
  }));

test('several runs are paused and resumed at once', () =>
  withApi({ capabilities }, async ({ join }) => {
    const member = await join('member');
    const ids = [await start(member), await start(member)];
    for (const action of ['pause', 'resume']) {
      const { body } = await member.send('POST', '/api/v1/runs/bulk', { action, ids });
      assert.deepEqual(body.results, [
        { outcome: 'done', id: ids[0] },
        { outcome: 'done', id: ids[1] },
      ]);
    }
  }));

test('the owner and admins set the budget of a run under way; bounds that are not named stay, null takes one away', () =>
  withApi({ capabilities }, async ({ join, kernel }) => {
    const [member, other, viewer, admin] = [
      await join('member'),
      await join('member', 'other'),
      await join('viewer'),
      await join('admin'),
    ];
    const id = await start(member);
    const set = (user: TestUser, budget: object) => user.send('PATCH', `/api/v1/runs/${id}`, { budget });
    assert.deepEqual((await set(member, { usd: 2, tokens: 1000 })).body.budget, { usd: 2, tokens: 1000 });
    assert.deepEqual((await set(admin, { usd: 5, tokens: null })).body.budget, { usd: 5 });
    assert.equal((await set(other, { usd: 50 })).status, 404);
    assert.equal((await set(viewer, { usd: 50 })).status, 403);
    for (const wrong of [{}, { usd: -1 }, { usd: 0 }, { minutes: 3 }])
      assert.equal((await set(member, wrong)).status, 400);
    assert.equal((await member.send('PATCH', `/api/v1/runs/${id}`, {})).status, 400);
    const told = (await kernel.events(id, 0, 100)).flatMap((event) =>
      event.type === 'run.budget' ? [event.data] : [],
    );
    assert.deepEqual(told, [
      { budget: { usd: 2, tokens: 1000 }, by: member.id },
      { budget: { usd: 5 }, by: admin.id },
    ]);
    await member.send('POST', `/api/v1/runs/${id}/cancel`);
    assert.equal((await set(member, { usd: 3 })).body.code, 'RUN_FINISHED');
  }));
