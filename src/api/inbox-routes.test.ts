import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approving, failingWith } from '../../test/support/asking-stories.ts';
import { until } from '../../test/support/until.ts';
import { withApi, type TestApi, type TestUser } from '../../test/support/with-api.ts';
import { finished } from '../../test/support/with-kernel.ts';

const capabilities = [approving, failingWith];

async function ask(parts: TestApi, user: TestUser, input: object = {}): Promise<string> {
  const { body } = await user.send('POST', '/api/v1/runs', { capability: 'approving', input });
  await until(async () => (await parts.kernel.get(body.id)).asks !== null);
  return body.id;
}

async function fail(parts: TestApi, user: TestUser, input: object): Promise<string> {
  const { body } = await user.send('POST', '/api/v1/runs', { capability: 'failing', input });
  await finished(parts.kernel, body.id);
  return body.id;
}

async function* countsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<number> {
  let text = '';
  for await (const piece of body) {
    text += Buffer.from(piece).toString();
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6)).waiting;
  }
}

const items = async (user: TestUser, query = '') =>
  (await user.send('GET', `/api/v1/inbox${query}`)).body.items;
const waiting = async (user: TestUser) => (await user.send('GET', '/api/v1/inbox/count')).body.waiting;

test('an inbox shows what waits first, then what happened, and pages over both', () =>
  withApi({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await parts.join('member', 'mira');
    const first = await ask(parts, mira);
    await fail(parts, mira, { code: 'CONFLICT', run: 'a' });
    await fail(parts, mira, { code: 'CONFLICT', run: 'a' });
    const latest = await fail(parts, mira, { code: 'CONFLICT', run: 'b' });
    const second = await ask(parts, mira);
    const all = await items(mira);
    assert.deepEqual(
      all.map((item: { kind: string; runId: string; count: number }) => [item.kind, item.count]),
      [
        ['question', 1],
        ['question', 1],
        ['failed', 1],
        ['failed', 2],
      ],
    );
    assert.deepEqual([all[0].runId, all[1].runId, all[2].runId], [second, first, latest]);
    assert.equal(all[2].headline, 'It failed with CONFLICT.');
    const seen = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { id: string }[]; next: string | null } = (
        await mira.send('GET', `/api/v1/inbox?limit=1${cursor && `&cursor=${cursor}`}`)
      ).body;
      seen.push(...page.items.map((item) => item.id));
      cursor = page.next;
    }
    assert.deepEqual(
      seen,
      all.map((item: { id: string }) => item.id),
    );
    assert.equal(await waiting(mira), 2);
    for (const cursor of ['x', '1_2_3', "1_1_' OR 1"])
      assert.equal(
        (await mira.send('GET', `/api/v1/inbox?cursor=${encodeURIComponent(cursor)}`)).status,
        400,
      );
  }));

test('an item shows its question, and the answer once it is given; then it waits no more', () =>
  withApi({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await parts.join('member', 'mira');
    const id = await ask(parts, mira);
    const [item] = await items(mira);
    const { body } = await mira.send('GET', `/api/v1/inbox/${item.id}`);
    assert.equal(body.question.title, 'Review the plan');
    assert.equal(body.given, null);
    const sent = await mira.send('POST', `/api/v1/runs/${id}/signals`, {
      name: item.signal,
      payload: { answer: 'refuse', ordinal: item.ordinal },
    });
    assert.equal(sent.status, 204);
    assert.equal(await waiting(mira), 0);
    assert.deepEqual(await items(mira), []);
    await finished(parts.kernel, id);
    const after = (await mira.send('GET', `/api/v1/inbox/${item.id}`)).body;
    assert.equal(after.item.resolution, 'answered');
    assert.equal(after.given.label, 'Reject');
    assert.deepEqual((await items(mira, '?archived=true'))[0].id, item.id);
    const late = await mira.send('POST', `/api/v1/runs/${id}/signals`, { name: 'review', payload: {} });
    assert.equal(late.body.code, 'RUN_FINISHED');
  }));

test('who is asked reads the run and answers it, and may do nothing else to it; others see nothing', () =>
  withApi({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await parts.join('member', 'mira');
    const jon = await parts.join('member', 'jon');
    const viewer = await parts.join('viewer', 'vera');
    const own = await ask(parts, mira);
    assert.equal((await jon.send('GET', `/api/v1/runs/${own}`)).status, 404);
    const id = await ask(parts, mira, { role: 'member' });
    assert.equal((await jon.send('GET', `/api/v1/runs/${id}/steps`)).status, 200);
    assert.equal((await jon.send('GET', `/api/v1/runs/${id}`)).body.asks.title, 'Review the plan');
    for (const act of ['cancel', 'retry'])
      assert.equal((await jon.send('POST', `/api/v1/runs/${id}/${act}`)).status, 404);
    const send = (user: TestUser, name: string) =>
      user.send('POST', `/api/v1/runs/${id}/signals`, { name, payload: { answer: 'go' } });
    assert.equal((await send(jon, 'other')).status, 404);
    assert.equal((await send(viewer, 'review')).status, 403);
    assert.deepEqual(await items(viewer), []);
    assert.equal((await send(jon, 'review')).status, 204);
    const late = await send(mira, 'review');
    assert.equal(late.status, 409);
  }));

test('putting away is one’s own; what happens again after that comes back', () =>
  withApi({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await parts.join('admin', 'mira');
    const jon = await parts.join('admin', 'jon');
    await ask(parts, mira, { role: 'admin' });
    await fail(parts, mira, { code: 'CONFLICT' });
    const [question, failure] = await items(mira);
    const archive = (body: object) => mira.send('POST', '/api/v1/inbox/archive', body);
    assert.deepEqual((await archive({ information: true })).body, { changed: 1 });
    assert.deepEqual(
      (await items(mira)).map((item: { id: string }) => item.id),
      [question.id],
    );
    await fail(parts, mira, { code: 'CONFLICT' });
    assert.equal((await items(mira))[1].id, failure.id);
    assert.deepEqual((await archive({ ids: [question.id, failure.id, crypto.randomUUID()] })).body, {
      changed: 2,
    });
    assert.deepEqual(await items(mira), []);
    assert.equal(await waiting(mira), 0);
    assert.equal(await waiting(jon), 1);
    assert.equal((await items(mira, '?archived=true')).length, 2);
    const back = await mira.send('POST', '/api/v1/inbox/restore', { ids: [question.id, failure.id] });
    assert.deepEqual(back.body, { changed: 2 });
    assert.equal(await waiting(mira), 1);
    assert.equal((await jon.send('POST', '/api/v1/inbox/archive', { ids: [failure.id] })).body.changed, 0);
  }));

test('the count is followed live, by whoever it concerns', () =>
  withApi({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await parts.join('member', 'mira');
    const jon = await parts.join('member', 'jon');
    const over = new AbortController();
    const headers = { authorization: `Bearer ${mira.key}`, accept: 'text/event-stream' };
    const answer = await fetch(`${parts.address}/api/v1/inbox/count`, { headers, signal: over.signal });
    assert.ok(answer.body);
    const counts = countsOf(answer.body);
    const next = async () => (await counts.next()).value;
    assert.equal(await next(), 0);
    await ask(parts, jon);
    await ask(parts, mira);
    assert.equal(await next(), 1);
    const [item] = await items(mira);
    await mira.send('POST', '/api/v1/inbox/archive', { ids: [item.id] });
    assert.equal(await next(), 0);
    over.abort();
  }));

test('an item of somebody else is not there', () =>
  withApi({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await parts.join('member', 'mira');
    const jon = await parts.join('admin', 'jon');
    await ask(parts, mira);
    const [item] = await items(mira);
    assert.equal((await jon.send('GET', `/api/v1/inbox/${item.id}`)).status, 404);
    assert.equal((await mira.send('GET', '/api/v1/inbox/nonsense')).status, 404);
  }));
