import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adding } from '../../test/support/stories.ts';
import { withApi, type TestUser } from '../../test/support/with-api.ts';

async function runOnce(user: TestUser): Promise<string> {
  return (await user.send('POST', '/api/v1/runs', { capability: 'adding', input: { a: 1, b: 2 } })).body.id;
}

test('members see their own use, admins and viewers that of all, as JSON and as CSV', () =>
  withApi({ capabilities: [adding] }, async ({ join, db }) => {
    const [admin, member, viewer] = [await join('admin'), await join('member'), await join('viewer')];
    for (const user of [admin, member, member]) await runOnce(user);
    await db.query(
      `UPDATE runs SET status = 'failed', finished_at = '2026-03-01T12:00:00Z', usage = '{"usd":0.5,"wallMs":1000}', repository = '=cmd|x'`,
    );
    const query = 'from=2026-03-01&to=2026-03-02';
    const all = await admin.send('GET', `/api/v1/usage?${query}`);
    assert.deepEqual(all.body.total, { runs: 3, failed: 3, wallMs: 3000, cpuMs: 0, tokens: 0, usd: 1.5 });
    assert.equal((await viewer.send('GET', `/api/v1/usage?${query}`)).body.total.runs, 3);
    const own = await member.send('GET', `/api/v1/usage?${query}&by=user`);
    assert.deepEqual(
      own.body.items.map(({ key, runs }: { key: string; runs: number }) => [key, runs]),
      [[member.id, 2]],
    );
    const csv = await member.send('GET', `/api/v1/usage/export?${query}&by=repository`);
    assert.equal(csv.body, "repository,runs,failed,wall_ms,cpu_ms,tokens,usd\r\n'=cmd|x,2,2,2000,0,0,1\r\n");
    assert.equal((await admin.send('GET', '/api/v1/usage')).body.by, 'day');
    for (const bad of ['from=2026-03-02&to=2026-03-01', 'from=x', 'by=hour', 'from=2026-02-30']) {
      assert.equal((await admin.send('GET', `/api/v1/usage?${bad}`)).status, 400, bad);
    }
  }));
