import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/postgres.ts';
import { openRelay } from '../../test/support/relay.ts';
import { adding } from '../../test/support/stories.ts';
import { send, withApi } from '../../test/support/with-api.ts';
import { networkOf } from './limits.ts';

const capabilities = [adding];

/** The count starts again with the minute; a test that would straddle two of them waits for the next. */
async function earlyInMinute(query: (text: string) => Promise<{ left: number }[]>): Promise<void> {
  for (;;) {
    const [row] = await query(`SELECT 60 - extract(second FROM now())::float8 AS left`);
    if ((row?.left ?? 60) > 15) return;
    await query('SELECT 60::float8 AS left FROM pg_sleep(0.5)');
  }
}

test('a key has so many requests a minute, counted by all replicas together, and is told what is left', () =>
  withApi({ capabilities, settings: { rateLimitPerMinute: 5 } }, async ({ join, replica, db }) => {
    await earlyInMinute((text) => db.query(text));
    const [member, other] = [await join('member'), await join('member', 'other')];
    const second = await replica({ rateLimitPerMinute: 5 });
    const headers = { authorization: `Bearer ${member.key}` };
    const left: (string | null)[] = [];
    for (let i = 0; i < 5; i += 1) {
      const answer =
        i % 2 === 0
          ? await member.send('GET', '/api/v1/runs')
          : await send(`${second.address}/api/v1/runs`, 'GET', undefined, headers);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('x-ratelimit-limit'), '5');
      left.push(answer.headers.get('x-ratelimit-remaining'));
    }
    assert.deepEqual(left, ['4', '3', '2', '1', '0']);
    for (let i = 0; i < 2; i += 1) {
      const refused = await send(`${second.address}/api/v1/runs`, 'GET', undefined, headers);
      assert.deepEqual([refused.status, refused.body.code], [429, 'RATE_LIMITED']);
      const wait = Number(refused.headers.get('retry-after'));
      assert.ok(wait >= 1 && wait <= 60, String(wait));
      assert.equal(refused.headers.get('x-ratelimit-reset'), String(wait));
    }
    assert.equal((await other.send('GET', '/api/v1/runs')).status, 200, 'another key is not affected');
  }));

test('exactly the limit passes, however many come at once', () =>
  withApi({ capabilities, settings: { rateLimitPerMinute: 20 } }, async ({ join, db }) => {
    await earlyInMinute((text) => db.query(text));
    const member = await join('member');
    const answers = await Promise.all(Array.from({ length: 50 }, () => member.send('GET', '/api/v1/runs')));
    assert.equal(answers.filter(({ status }) => status === 200).length, 20);
    assert.equal(answers.filter(({ status }) => status === 429).length, 30);
  }));

test('an address has so many tries to sign in, and X-Forwarded-For counts from a trusted proxy only', () =>
  withApi({ settings: { signInLimitPerMinute: 3 } }, async ({ address, replica, db }) => {
    await earlyInMinute((text) => db.query(text));
    const attempt = (to: string, from: string) =>
      send(
        `${to}/api/auth/sign-in/email`,
        'POST',
        { email: `${from}@example.com`, password: 'wrong password' },
        { origin: to, 'x-forwarded-for': from },
      );
    const statuses = [];
    for (const from of ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4']) {
      statuses.push((await attempt(address, from)).status);
    }
    assert.deepEqual(statuses, [401, 401, 401, 429]);
    const link = await send(`${address}/api/auth/sign-in/link`, 'POST', { token: 'guess' });
    assert.equal(link.status, 429, 'guessing links is counted with it');
    const behind = await replica({ signInLimitPerMinute: 1, trustedProxies: ['127.0.0.1'] });
    assert.equal((await attempt(behind.address, '10.0.0.1')).status, 401);
    assert.equal((await attempt(behind.address, '10.0.0.1')).status, 429);
    assert.equal((await attempt(behind.address, '10.0.0.2')).status, 401);
  }));

test('while the database is gone, requests are answered 503, and all is well when it is back', async () => {
  const database = await testDatabase();
  const relay = await openRelay(database.url);
  try {
    const settings = { rateLimitPerMinute: 1000 };
    await withApi({ capabilities, settings, url: relay.url }, async ({ address, join }) => {
      const member = await join('member');
      assert.equal((await member.send('GET', '/api/v1/runs')).status, 200);
      await relay.cut();
      for (const path of ['/api/v1/runs', '/api/v1/runs/00000000-0000-7000-8000-000000000000']) {
        const answer = await member.send('GET', path);
        assert.deepEqual([answer.status, answer.body.code], [503, 'DATABASE_UNREACHABLE'], path);
        assert.ok(Number(answer.headers.get('retry-after')) > 0);
      }
      assert.equal((await send(`${address}/api/v1/instance`)).status, 503);
      assert.equal((await send(`${address}/health/live`)).status, 200);
      await relay.mend();
      assert.equal((await member.send('GET', '/api/v1/runs')).status, 200);
    });
  } finally {
    await relay.close();
    await database.drop();
  }
});

test('addresses are counted one by one in IPv4, and by network in IPv6', () => {
  assert.equal(networkOf('192.0.2.7'), '192.0.2.7');
  assert.equal(networkOf('::ffff:192.0.2.7'), '192.0.2.7');
  assert.equal(networkOf('2001:db8:1:2:aaaa:bbbb:cccc:dddd'), networkOf('2001:db8:1:2::1'));
  assert.notEqual(networkOf('2001:db8:1:3::1'), networkOf('2001:db8:1:2::1'));
  assert.equal(networkOf('::1'), '0:0:0:0::/64');
  assert.equal(networkOf('x'.repeat(10_000)), 'unknown');
});
