import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send, withApi, type Answer, type TestUser } from '../../test/support/with-api.ts';

const password = 'correct horse battery';
const keys = '/api/v1/keys';
const users = '/api/v1/users';

async function makeKey(user: TestUser, body: Record<string, unknown>): Promise<Answer> {
  return user.send('POST', keys, { name: 'k', ...body });
}

test('a key is made, listed, used and revoked over HTTP, and its text is shown once', () =>
  withApi({}, async ({ join, address }) => {
    const member = await join('member');
    const made = await makeKey(member, { role: 'viewer', expiresInDays: 30 });
    assert.equal(made.status, 201);
    const { key, ...shown } = made.body;
    const list = await member.send('GET', keys);
    assert.deepEqual(list.body.items[1], shown);
    assert.ok(!JSON.stringify(list.body).includes(key));
    const authorization = `Bearer ${key}`;
    const me = await send(`${address}/api/v1/me`, 'GET', undefined, { authorization });
    assert.deepEqual([me.body.userId, me.body.role, me.body.keyId], [member.id, 'viewer', shown.id]);
    assert.equal(me.body.user.role, 'member');
    assert.equal((await member.send('DELETE', `${keys}/${shown.id}`)).status, 204);
    const after = await send(`${address}/api/v1/me`, 'GET', undefined, { authorization });
    assert.deepEqual([after.status, after.body.code], [401, 'UNAUTHENTICATED']);
    assert.equal((await member.send('DELETE', `${keys}/${shown.id}`)).status, 404);
  }));

test("another user's keys and account do not exist for who is no admin", () =>
  withApi({}, async ({ join }) => {
    const [admin, ada, bob] = [await join('admin'), await join('member', 'ada'), await join('member', 'bob')];
    const { body: theirs } = await makeKey(ada, { role: 'member' });
    for (const [method, path, body] of [
      ['DELETE', `${keys}/${theirs.id}`],
      ['GET', `${users}/${ada.id}`],
      ['PATCH', `${users}/${ada.id}`, { name: 'Mallory' }],
      ['POST', `${users}/${ada.id}/sign-out`],
      ['POST', keys, { name: 'k', role: 'viewer', userId: ada.id }],
    ] as const) {
      assert.equal((await bob.send(method, path, body)).status, 404, `${method} ${path}`);
    }
    assert.deepEqual(
      (await bob.send('GET', users)).body.items.map((user: { id: string }) => user.id),
      [bob.id],
    );
    assert.equal((await bob.send('GET', keys)).body.items.length, 1);
    assert.equal((await admin.send('GET', keys)).body.items.length, 4);
    assert.equal((await admin.send('POST', keys, { name: 'k', role: 'viewer', userId: ada.id })).status, 201);
    assert.equal((await admin.send('DELETE', `${keys}/${theirs.id}`)).status, 204);
  }));

test('nobody makes a key with more power or a longer life than what asks for it', () =>
  withApi({}, async ({ join, address }) => {
    const [admin, viewer] = [await join('admin'), await join('viewer')];
    assert.equal((await makeKey(viewer, { role: 'member' })).status, 403);
    assert.equal((await makeKey(viewer, { role: 'viewer' })).status, 201);
    const { body: weak } = await makeKey(admin, { role: 'member', expiresInDays: 1 });
    const withWeak = (body: unknown) =>
      send(`${address}${keys}`, 'POST', body, { authorization: `Bearer ${weak.key}` });
    assert.equal((await withWeak({ name: 'k', role: 'admin' })).status, 403);
    const child = await withWeak({ name: 'k', role: 'member', expiresInDays: 3000 });
    assert.deepEqual([child.status, child.body.expiresAt], [201, weak.expiresAt]);
  }));

test('a key revokes none of its owner that has a greater role, and itself', () =>
  withApi({}, async ({ join, address }) => {
    const member = await join('member');
    const { body: strong } = await makeKey(member, { role: 'member' });
    const { body: weak } = await makeKey(member, { role: 'viewer' });
    const revoke = async (by: string, id: string) =>
      (await send(`${address}${keys}/${id}`, 'DELETE', undefined, { authorization: `Bearer ${by}` })).status;
    assert.equal(await revoke(weak.key, strong.id), 403);
    assert.equal(await revoke(weak.key, weak.id), 204);
    assert.equal(await revoke(strong.key, strong.id), 204);
  }));

test('what only admins may is refused to others', () =>
  withApi({}, async ({ join }) => {
    const [admin, member] = [await join('admin'), await join('member')];
    for (const [method, path, body] of [
      ['POST', users, { name: 'x', email: 'x@example.com', role: 'admin', password }],
      ['DELETE', `${users}/${admin.id}`],
      ['POST', `${users}/${member.id}/unlock`],
      ['POST', `${users}/${member.id}/password`, { password }],
      ['GET', '/api/v1/invitations'],
      ['POST', '/api/v1/invitations', { email: 'x@example.com', role: 'admin' }],
      ['POST', '/api/v1/sign-in-links'],
      ['PATCH', `${users}/${member.id}`, { role: 'admin' }],
      ['POST', `${users}/${member.id}/sign-out`],
    ] as const) {
      assert.equal((await member.send(method, path, body)).status, 403, `${method} ${path}`);
    }
  }));

test('an admin invites, changes, unlocks and removes users', () =>
  withApi({}, async ({ join, address }) => {
    const admin = await join('admin');
    const invited = await admin.send('POST', '/api/v1/invitations', {
      email: 'eve@example.com',
      role: 'member',
    });
    assert.equal(invited.status, 201);
    const { path, ...invitation } = invited.body;
    assert.deepEqual((await admin.send('GET', '/api/v1/invitations')).body, {
      items: [invitation],
      next: null,
    });
    const joined = await send(
      `${address}/api/auth/sign-up/email`,
      'POST',
      { name: 'Eve', password, invitation: path.split('=')[1] },
      { origin: address },
    );
    assert.equal(joined.status, 200);
    const { id } = joined.body.user;
    const cookie = joined.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const asEve = (method: string, to: string, body?: unknown) =>
      send(`${address}${to}`, method, body, { cookie, origin: address });
    assert.equal((await asEve('PATCH', `${users}/${id}`, { name: 'Eve E.' })).body.name, 'Eve E.');
    assert.equal((await asEve('PATCH', `${users}/${id}`, { role: 'admin' })).status, 403);
    assert.equal((await admin.send('PATCH', `${users}/${id}`, { role: 'viewer' })).body.role, 'viewer');
    assert.equal((await asEve('GET', '/api/v1/me')).body.role, 'viewer');
    assert.equal((await admin.send('POST', `${users}/${id}/unlock`)).status, 204);
    assert.equal((await admin.send('POST', `${users}/${id}/password`, { password: 'short' })).status, 400);
    assert.equal(
      (await admin.send('POST', `${users}/${id}/password`, { password: 'another one here' })).status,
      204,
    );
    assert.equal((await asEve('GET', '/api/v1/me')).status, 401);
    assert.equal((await admin.send('DELETE', `${users}/${id}`)).status, 204);
    assert.equal((await admin.send('GET', `${users}/${id}`)).status, 404);
    const last = await admin.send('PATCH', `${users}/${admin.id}`, { disabled: true });
    assert.deepEqual([last.status, last.body.code], [409, 'CONFLICT']);
  }));

test('lists come by page', () =>
  withApi({}, async ({ join }) => {
    const admin = await join('admin');
    for (const name of ['a', 'b', 'c', 'd']) await join('viewer', name);
    const first = await admin.send('GET', `${users}?limit=3`);
    const second = await admin.send('GET', `${users}?limit=3&cursor=${first.body.next}`);
    const names = [...first.body.items, ...second.body.items].map((user: { name: string }) => user.name);
    assert.deepEqual(names, ['admin', 'a', 'b', 'c', 'd']);
    assert.equal(second.body.next, null);
  }));

test('a locked account is told when to try again, and a cookie from another site is refused', () =>
  withApi({}, async ({ join, address }) => {
    const member = await join('member');
    const signIn = (typed: string, origin = address) =>
      send(
        `${address}/api/auth/sign-in/email`,
        'POST',
        { email: 'member@example.com', password: typed },
        { origin },
      );
    const cookie = (await signIn(password)).headers.getSetCookie()[0]?.split(';')[0] ?? '';
    assert.equal((await send(`${address}/api/v1/me`, 'GET', undefined, { cookie })).body.userId, member.id);
    const forged = await send(
      `${address}${keys}`,
      'POST',
      { name: 'k', role: 'viewer' },
      { cookie, origin: 'https://evil.test' },
    );
    assert.equal(forged.body.code, 'ORIGIN_REFUSED');
    for (let n = 0; n < 5; n++) assert.equal((await signIn('wrong password')).status, 401);
    const locked = await signIn(password);
    assert.deepEqual([locked.status, locked.body.code], [403, 'ACCOUNT_LOCKED']);
    assert.ok(Number(locked.headers.get('retry-after')) > 890);
    assert.equal((await signIn(password, 'https://evil.test')).body.code, 'ORIGIN_REFUSED');
  }));

test('a viewer changes nothing that is not their own, least of all their role', () =>
  withApi({}, async ({ join }) => {
    const [admin, viewer] = [await join('admin'), await join('viewer')];
    const { body: theirs } = await makeKey(admin, { role: 'viewer' });
    for (const [method, path, body] of [
      ['PATCH', `${users}/${admin.id}`, { name: 'Mallory' }],
      ['GET', `${users}/${admin.id}/sign-ins`],
      ['POST', `${users}/${admin.id}/sign-out`],
      ['DELETE', `${keys}/${theirs.id}`],
      ['POST', keys, { name: 'k', role: 'viewer', userId: admin.id }],
    ] as const) {
      assert.equal((await viewer.send(method, path, body)).status, 404, `${method} ${path}`);
    }
    assert.equal((await viewer.send('PATCH', `${users}/${viewer.id}`, { role: 'admin' })).status, 403);
    assert.equal((await viewer.send('GET', users)).body.items.length, 1);
    assert.equal((await viewer.send('GET', keys)).body.items.length, 1);
  }));

test('the same Idempotency-Key makes one key, whose text is shown once', () =>
  withApi({}, async ({ join }) => {
    const member = await join('member');
    const once = (body: unknown) => member.send('POST', keys, body, { 'idempotency-key': 'abc' });
    const wanted = { name: 'ci', role: 'viewer' };
    const answers = await Promise.all(Array.from({ length: 4 }, () => once(wanted)));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 201]);
    assert.equal(answers.filter(({ body }) => body.key !== null).length, 1);
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    const replayed = await once(wanted);
    assert.equal(replayed.headers.get('idempotency-replayed'), 'true');
    assert.equal((await once({ name: 'other', role: 'viewer' })).body.code, 'IDEMPOTENCY_MISMATCH');
    assert.equal((await member.send('GET', keys)).body.items.length, 2);
  }));

test('anyone may ask what this server is, also with a cookie that has ended; what is ready is for admins', () =>
  withApi({}, async ({ join, address }) => {
    const ask = (headers: Record<string, string> = {}) =>
      send(`${address}/api/v1/instance`, 'GET', undefined, headers);
    assert.deepEqual((await ask()).body, {
      version: '0.0.0',
      hasAdmin: false,
      openRegistration: false,
      ready: null,
    });
    assert.equal((await ask({ cookie: 'gantry_sign_in=ended' })).status, 200);
    assert.equal((await ask({ authorization: 'Bearer wrong' })).status, 401);
    const admin = await join('admin');
    const { body } = await admin.send('GET', '/api/v1/instance');
    assert.deepEqual([body.hasAdmin, body.ready.database.kind], [true, 'external']);
    assert.equal((await (await join('viewer')).send('GET', '/api/v1/instance')).body.ready, null);
  }));

test('links and invitations say what they are for, without being used up', () =>
  withApi({}, async ({ join, address }) => {
    const [admin, member] = [await join('admin'), await join('member')];
    const look = (what: string, path: string) =>
      send(`${address}/api/v1/${what}/look`, 'POST', { token: path.split('=')[1] });
    const { body: link } = await admin.send('POST', `${users}/${member.id}/sign-in-link`);
    for (let n = 0; n < 2; n++) {
      const { body } = await look('sign-in-links', link.path);
      assert.deepEqual([body.purpose, body.email, body.ready], ['reset', 'member@example.com', null]);
    }
    const { body: first } = await admin.send('POST', '/api/v1/sign-in-links');
    assert.ok((await look('sign-in-links', first.path)).body.ready);
    const invited = await admin.send('POST', '/api/v1/invitations', { email: 'e@x.dev', role: 'viewer' });
    assert.equal((await look('invitations', invited.body.path)).body.email, 'e@x.dev');
    const renewed = await admin.send('POST', `/api/v1/invitations/${invited.body.id}/link`);
    assert.equal((await look('invitations', invited.body.path)).body.state, 'unknown');
    assert.equal((await look('invitations', renewed.body.path)).body.state, 'open');
    for (const path of [
      `${users}/${member.id}/sign-in-link`,
      `/api/v1/invitations/${invited.body.id}/link`,
    ]) {
      assert.equal((await member.send('POST', path)).status, 403);
    }
  }));
