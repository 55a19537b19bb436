import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adding } from '../../test/support/stories.ts';
import { send, withApi } from '../../test/support/with-api.ts';

const capabilities = [adding];
const add = { capability: 'adding', input: { a: 1, b: 2 } };

/** What a browser sends back of the cookies that it got. */
function cookiesOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

test('without credentials, or with wrong ones, nothing opens', () =>
  withApi({ capabilities }, async ({ address }) => {
    for (const authorization of [undefined, 'Bearer wrong', 'Bearer', 'Basic eDp5', '\u00e4', '']) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await send(`${address}/api/v1/runs`, 'GET', undefined, headers);
      assert.deepEqual([answer.status, answer.body.code], [401, 'UNAUTHENTICATED'], authorization);
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
    }
    const cookie = await send(`${address}/api/v1/runs`, 'GET', undefined, {
      cookie: 'gantry_sign_in=forged',
    });
    assert.equal(cookie.status, 401);
  }));

test('a role that is too small is refused', () =>
  withApi({ capabilities }, async ({ join }) => {
    const viewer = await join('viewer');
    const answer = await viewer.send('POST', '/api/v1/runs', add);
    assert.deepEqual([answer.status, answer.body.code], [403, 'FORBIDDEN']);
    assert.equal((await viewer.send('GET', '/api/v1/runs')).status, 200);
  }));

test('the one-time link signs in once, and its cookie acts from our own pages only', () =>
  withApi({ capabilities }, async ({ address, identity }) => {
    const token = (await identity.links.create()).path.split('=')[1];
    const take = (origin: string) => send(`${address}/api/auth/sign-in/link`, 'POST', { token }, { origin });
    assert.equal((await take('http://evil.example')).body.code, 'ORIGIN_REFUSED');
    const welcome = await take(address);
    assert.equal(welcome.status, 200);
    const cookie = cookiesOf(welcome.headers);
    assert.ok(
      welcome.headers.getSetCookie().every((each) => /httponly/i.test(each) && /samesite/i.test(each)),
    );
    assert.equal((await send(`${address}/api/v1/runs`, 'GET', undefined, { cookie })).status, 200);
    assert.deepEqual(
      [(await take(address)).status, (await take(address)).body.code],
      [401, 'UNAUTHENTICATED'],
    );

    const start = (headers: Record<string, string>) =>
      send(`${address}/api/v1/runs`, 'POST', add, { cookie, ...headers });
    const foreign: Record<string, string>[] = [
      {},
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: `${address}.evil.example` },
    ];
    for (const headers of foreign) {
      const refused = await start(headers);
      assert.deepEqual([refused.status, refused.body.code], [403, 'ORIGIN_REFUSED'], JSON.stringify(headers));
    }
    assert.equal((await start({ origin: address })).status, 202);
    assert.equal((await start({ 'sec-fetch-site': 'same-origin' })).status, 202);
  }));

test('a password signs in under /api/auth, and signing out ends it', () =>
  withApi({ capabilities }, async ({ address, join }) => {
    await join('member', 'ada');
    const body = { email: 'ada@example.com', password: 'correct horse battery' };
    const origin = { origin: address };
    const wrong = await send(
      `${address}/api/auth/sign-in/email`,
      'POST',
      { ...body, password: 'wrong' },
      origin,
    );
    assert.deepEqual([wrong.status, wrong.body.code], [401, 'UNAUTHENTICATED']);
    assert.equal(wrong.headers.get('content-type'), 'application/problem+json');
    const signedIn = await send(`${address}/api/auth/sign-in/email`, 'POST', body, origin);
    assert.equal(signedIn.status, 200);
    const cookie = cookiesOf(signedIn.headers);
    const session = await send(`${address}/api/auth/get-session`, 'GET', undefined, { cookie });
    assert.equal(session.body.user.email, 'ada@example.com');
    assert.equal((await send(`${address}/api/v1/runs`, 'GET', undefined, { cookie })).status, 200);
    assert.equal((await send(`${address}/api/auth/sign-out`, 'POST', {}, { cookie, ...origin })).status, 200);
    assert.equal((await send(`${address}/api/v1/runs`, 'GET', undefined, { cookie })).status, 401);
    const elsewhere = await send(`${address}/api/auth/sign-in/email`, 'POST', body, {
      origin: 'http://evil.example',
    });
    assert.equal(elsewhere.body.code, 'ORIGIN_REFUSED');
    assert.equal((await send(`${address}/api/auth/nothing`)).status, 404);
  }));

test('every answer carries the security headers, and other sites are let in only by configuration', () =>
  withApi({ capabilities, settings: { corsOrigins: ['https://app.example'] } }, async ({ address, join }) => {
    const member = await join('member');
    for (const path of [
      '/',
      '/health',
      '/nothing',
      '/api/v1/runs',
      '/api/openapi.json',
      '/api/v1/runs/%zz',
    ]) {
      const { headers } = await send(address + path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'/, path);
      assert.equal(headers.get('cache-control'), 'no-store', path);
      assert.ok(headers.get('x-request-id'), path);
    }
    const allowed = await member.send('GET', '/api/v1/runs', undefined, { origin: 'https://app.example' });
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://app.example');
    assert.equal(allowed.headers.get('access-control-allow-credentials'), null);
    const other = await member.send('GET', '/api/v1/runs', undefined, { origin: 'https://evil.example' });
    assert.equal(other.headers.get('access-control-allow-origin'), null);
    const preflight = await send(`${address}/api/v1/runs`, 'OPTIONS', undefined, {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
    });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /Idempotency-Key/);
  }));
