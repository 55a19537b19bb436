import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeRuns } from '../../bench/stored-runs.ts';
import { adding, asking } from '../../test/support/stories.ts';
import { until } from '../../test/support/until.ts';
import { withApi, type TestUser } from '../../test/support/with-api.ts';

const capabilities = [adding, asking];

async function start(user: TestUser, question = 'Really?'): Promise<string> {
  const { status, body } = await user.send('POST', '/api/v1/runs', {
    capability: 'asking',
    input: { question },
  });
  assert.equal(status, 202);
  return body.id;
}

async function titles(user: TestUser, query: string): Promise<string[]> {
  const { status, body } = await user.send('GET', `/api/v1/runs?${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body.items.map((run: { title: string }) => run.title).toSorted();
}

test('the list is filtered by all that the page offers, and a member sees own runs whatever is asked for', () =>
  withApi({ capabilities }, async ({ join, db }) => {
    const [admin, member] = [await join('admin'), await join('member')];
    await start(admin, 'by the admin');
    const own = await start(member, 'by the member');
    await db.query(`UPDATE runs SET repository = 'acme/web' WHERE id = $1`, [own]);
    assert.deepEqual(await titles(admin, 'status=queued,running&origin=key'), [
      'by the admin',
      'by the member',
    ]);
    assert.deepEqual(await titles(admin, `by=${member.id}`), ['by the member']);
    assert.deepEqual(await titles(admin, 'by=me'), ['by the admin']);
    assert.deepEqual(await titles(admin, 'repository=acme%2Fweb'), ['by the member']);
    assert.deepEqual(await titles(admin, `q=${own.slice(0, 23)}`), ['by the member']);
    assert.deepEqual(await titles(admin, 'after=2020-01-01&before=2120-01-01T00:00:00Z'), [
      'by the admin',
      'by the member',
    ]);
    assert.deepEqual(await titles(admin, 'before=2020-01-01'), []);
    assert.deepEqual(await titles(admin, `parent=${own}`), []);
    assert.deepEqual(await titles(member, ''), ['by the member']);
    assert.deepEqual(await titles(member, `by=${admin.id}`), []);
    for (const bad of ['origin=x', 'after=yesterday', 'status=failed,', 'parent=1', `q=${'x'.repeat(201)}`]) {
      assert.equal((await admin.send('GET', `/api/v1/runs?${bad}`)).status, 400, bad);
    }
  }));

test('counts tell of own runs to a member and of all to an admin', () =>
  withApi({ capabilities }, async ({ join }) => {
    const [admin, member] = [await join('admin'), await join('member')];
    await start(admin);
    await start(member);
    const [all, own] = [
      await admin.send('GET', '/api/v1/runs/counts'),
      await member.send('GET', '/api/v1/runs/counts'),
    ];
    assert.deepEqual(all.body.queued, { count: 2, exact: true });
    assert.deepEqual(own.body.all, { count: 1, exact: true });
    assert.deepEqual(own.body.dead, { count: 0, exact: true });
  }));

test('the live list streams runs as they change, and calls whoever comes back to read anew', () =>
  withApi({ capabilities }, async ({ join, address }) => {
    const member = await join('member');
    const gone = new AbortController();
    const answer = await fetch(`${address}/api/v1/runs/changes`, {
      signal: gone.signal,
      headers: {
        authorization: `Bearer ${member.key}`,
        accept: 'text/event-stream',
        'last-event-id': '7',
      },
    });
    assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    let text = '';
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString();
    })().catch(() => undefined);
    await until(async () => text.includes('event: reset'));
    const id = await start(member, 'told live');
    await until(async () => text.includes(`"id":"${id}"`));
    assert.match(text, /event: run\ndata: \{"kind":"run","run":\{/);
    assert.equal((await member.send('GET', '/api/v1/runs/changes')).status, 204);
    gone.abort();
    await reading;
  }));

test('an export holds every run that the filter means, as CSV or JSON, and only own ones for a member', () =>
  withApi({ capabilities }, async ({ join, db }) => {
    const [admin, member] = [await join('admin'), await join('member')];
    await storeRuns(db, 3000);
    const json = await admin.send('GET', '/api/v1/runs/export?format=json&capability=execution');
    const [wanted] = await db.query<{ n: number }>(
      `SELECT count(*) AS n FROM runs WHERE capability = 'execution'`,
    );
    assert.equal(json.body.length, wanted?.n);
    const csv = await admin.send('GET', '/api/v1/runs/export');
    assert.equal(csv.body.trim().split('\r\n').length, 3001);
    assert.match(csv.headers.get('content-disposition') ?? '', /^attachment; filename="gantry-runs-/);
    await start(member, '=HYPERLINK("http://evil","x")');
    const own = await member.send('GET', '/api/v1/runs/export');
    assert.match(own.body, /,"'=HYPERLINK\(""http:\/\/evil"",""x""\)",/);
    assert.equal(own.body.trim().split('\r\n').length, 2);
    assert.deepEqual((await member.send('GET', '/api/v1/runs/export?format=json&status=dead')).body, []);
  }));
