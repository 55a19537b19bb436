import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseUrl, cookieOf, post, withReplicas, type Replica } from '../../../test/support/identity.ts';
import { GantryError, type ErrorCode } from '../../base/errors.ts';

const password = 'correct horse battery';
const email = 'ada@example.com';
const code = (wanted: ErrorCode) => (error: unknown) => error instanceof GantryError && error.code === wanted;

function makeAda({ identity }: Replica) {
  return identity.users.create({ name: 'Ada', email, role: 'member', password });
}

async function signIn({ identity }: Replica, typed = password, address = email): Promise<Response> {
  return identity.handle(post('/sign-in/email', { email: address, password: typed }), '192.0.2.7');
}

async function cookieFrom(response: Response | Promise<Response>): Promise<string> {
  return cookieOf((await response).headers.getSetCookie());
}

const withCookie = (cookie: string) => ({ cookie, authorization: undefined });

test('the right password signs in with a cookie that scripts and other sites do not get', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const ada = await makeAda(replica);
    const response = await signIn(replica, password, '  ADA@example.com ');
    assert.equal(response.status, 200);
    assert.equal(JSON.parse(await response.text()).user.id, ada.id);
    const [cookie] = response.headers.getSetCookie();
    assert.match(cookie ?? '', /^gantry_sign_in=[^;]+;.*HttpOnly.*SameSite=Lax/);
    assert.doesNotMatch(cookie ?? '', /Secure/);
    const actor = await replica.identity.authenticate(
      withCookie(`a=b; ${await cookieFrom(signIn(replica))}`),
    );
    assert.deepEqual(
      { ...actor, signInId: '' },
      { userId: ada.id, name: 'Ada', role: 'member', signInId: '' },
    );
    const [row] = await replica.database.query('SELECT ip_address FROM sign_ins LIMIT 1');
    assert.deepEqual(row, { ip_address: '192.0.2.7' });
  }));

test('under https the cookie travels over https only', () =>
  withReplicas(async (open) => {
    const replica = await open({ baseUrl: 'https://gantry.test' });
    await makeAda(replica);
    const request = post('/sign-in/email', { email, password }, { origin: 'https://gantry.test' });
    const response = await replica.identity.handle(request, '');
    assert.match(response.headers.getSetCookie()[0] ?? '', /^__Secure-gantry_sign_in=[^;]+;.*Secure/);
    const cookie = await cookieFrom(response);
    assert.ok(await replica.identity.authenticate(withCookie(cookie)));
  }));

test('a wrong password and an unknown address get the same answer', () =>
  withReplicas(async (open) => {
    const replica = await open();
    await makeAda(replica);
    const messages = new Set<string>();
    for (const [typed, address] of [
      ['wrong password', email],
      [password, 'bob@example.com'],
      ['', email],
      ['x', 'no address'],
    ]) {
      await assert.rejects(signIn(replica, typed, address), (error) => {
        assert.ok(error instanceof GantryError && error.code === 'UNAUTHENTICATED');
        messages.add(error.message);
        return true;
      });
    }
    assert.equal(messages.size, 1);
  }));

test('five wrong passwords lock the address on all replicas, with an account or without', () =>
  withReplicas(async (open) => {
    const replicas = [await open(), await open()] as const;
    const ada = await makeAda(replicas[0]);
    const before = await cookieFrom(signIn(replicas[0]));
    const messages = new Set<string>();
    for (const address of [email, 'nobody@example.com']) {
      for (let n = 0; n < 5; n++) {
        await assert.rejects(
          signIn(replicas[n % 2 ? 0 : 1], 'wrong password', address),
          code('UNAUTHENTICATED'),
        );
      }
      for (const each of replicas) {
        await assert.rejects(signIn(each, password, address), (error) => {
          assert.ok(error instanceof GantryError && error.code === 'ACCOUNT_LOCKED');
          assert.ok((error.retryAfterSeconds ?? 0) > 890 && (error.retryAfterSeconds ?? 0) <= 900);
          messages.add(error.message);
          return true;
        });
      }
    }
    assert.deepEqual(
      [...messages].map((text) => /15 minutes/.test(text)),
      [true],
    );
    assert.ok(await replicas[1].identity.authenticate(withCookie(before)), 'sign-ins that exist go on');
    await replicas[1].identity.users.unlock(ada.id);
    assert.equal((await signIn(replicas[0])).status, 200);
    await replicas[0].database.query(`UPDATE lockouts SET locked_until = now() - interval '1 second'`);
    await assert.rejects(signIn(replicas[0], password, 'nobody@example.com'), code('UNAUTHENTICATED'));
  }));

test('tries at the same moment do not get past the limit together', () =>
  withReplicas(async (open) => {
    const replicas = [await open(), await open()] as const;
    await makeAda(replicas[0]);
    const tries = Array.from({ length: 16 }, (_, n) => signIn(replicas[n % 2 ? 0 : 1], 'wrong password'));
    const codes = (await Promise.allSettled(tries)).map((each) =>
      each.status === 'rejected' && each.reason instanceof GantryError ? each.reason.code : '',
    );
    assert.equal(codes.filter((each) => each === 'UNAUTHENTICATED').length, 5);
    assert.equal(codes.filter((each) => each === 'ACCOUNT_LOCKED').length, 11);
  }));

test('four wrong passwords and a right one start the count again', () =>
  withReplicas(async (open) => {
    const replica = await open();
    await makeAda(replica);
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 4; n++)
        await assert.rejects(signIn(replica, 'wrong password'), code('UNAUTHENTICATED'));
      assert.equal((await signIn(replica)).status, 200);
    }
  }));

test('another site can neither sign in nor out, and no one without a word on where from', () =>
  withReplicas(async (open) => {
    const replica = await open();
    await makeAda(replica);
    const cookie = await cookieFrom(signIn(replica));
    for (const origin of ['https://evil.test', 'null', 'http://gantry.test.evil.test', 'nonsense']) {
      for (const path of ['/sign-in/email', '/sign-out', '/sign-up/email', '/change-password']) {
        await assert.rejects(
          replica.identity.handle(post(path, { email, password }, { origin, cookie }), ''),
          code('ORIGIN_REFUSED'),
        );
      }
    }
    const mute = (headers: Record<string, string>) =>
      new Request(`${baseUrl}/api/auth/sign-out`, { method: 'POST', headers });
    await assert.rejects(replica.identity.handle(mute({ cookie }), ''), code('ORIGIN_REFUSED'));
    assert.ok(await replica.identity.authenticate(withCookie(cookie)));
  }));

test('signing out ends the cookie and takes it back', () =>
  withReplicas(async (open) => {
    const replica = await open();
    await makeAda(replica);
    const cookie = await cookieFrom(signIn(replica));
    const other = await cookieFrom(signIn(replica));
    assert.ok(await replica.identity.authenticate(withCookie(cookie)));
    const response = await replica.identity.handle(post('/sign-out', {}, { cookie }), '');
    assert.match(response.headers.getSetCookie().join(), /gantry_sign_in=;.*Max-Age=0/);
    await assert.rejects(replica.identity.authenticate(withCookie(cookie)), code('UNAUTHENTICATED'));
    assert.ok(await replica.identity.authenticate(withCookie(other)));
  }));

test('a changed password ends the other sign-ins and keeps this browser signed in', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity } = replica;
    await makeAda(replica);
    const [mine, other] = [await cookieFrom(signIn(replica)), await cookieFrom(signIn(replica))];
    for (const cookie of [mine, other]) assert.ok(await identity.authenticate(withCookie(cookie)));
    const change = (body: unknown, cookie: string) =>
      identity.handle(post('/change-password', body, { cookie }), '');
    const newPassword = 'staple of the day';
    await assert.rejects(change({ currentPassword: 'wrong one', newPassword }, mine), code('INPUT_INVALID'));
    await assert.rejects(change({ currentPassword: password, newPassword: 'short' }, mine), /at least 10/);
    await assert.rejects(change({ currentPassword: password, newPassword }, ''), code('UNAUTHENTICATED'));
    const response = await change({ currentPassword: password, newPassword }, mine);
    await assert.rejects(identity.authenticate(withCookie(other)), code('UNAUTHENTICATED'));
    assert.ok(await identity.authenticate(withCookie(await cookieFrom(response))));
    await assert.rejects(signIn(replica, password), code('UNAUTHENTICATED'));
    assert.equal((await signIn(replica, newPassword)).status, 200);
  }));

test('who is signed in can be asked, without the token', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const user = await makeAda(replica);
    const ask = async (cookie: string) => {
      const request = new Request(`${baseUrl}/api/auth/get-session`, { headers: { cookie } });
      return JSON.parse(await (await replica.identity.handle(request, '')).text());
    };
    assert.equal((await ask(await cookieFrom(signIn(replica)))).user.id, user.id);
    assert.deepEqual(await ask(''), { user: null });
    assert.deepEqual(await ask('gantry_sign_in=forged.signature'), { user: null });
  }));

test('a disabled user is out at once, everywhere, and can not come back', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const ada = await makeAda(replica);
    const cookie = await cookieFrom(signIn(replica));
    assert.ok(await replica.identity.authenticate(withCookie(cookie)));
    await replica.identity.users.setDisabled(ada.id, true);
    await assert.rejects(replica.identity.authenticate(withCookie(cookie)), code('UNAUTHENTICATED'));
    await assert.rejects(signIn(replica), code('FORBIDDEN'));
    await assert.rejects(signIn(replica, 'wrong password'), code('UNAUTHENTICATED'));
    await replica.identity.users.setDisabled(ada.id, false);
    await assert.rejects(replica.identity.authenticate(withCookie(cookie)), code('UNAUTHENTICATED'));
    assert.equal((await signIn(replica)).status, 200);
  }));

test('forged, cut and foreign cookies are refused', () =>
  withReplicas(async (open) => {
    const replica = await open();
    await makeAda(replica);
    const cookie = await cookieFrom(signIn(replica));
    const [row] = await replica.database.query<{ token: string }>('SELECT token FROM sign_ins');
    assert.ok(row);
    const forged = [
      '',
      row.token,
      `${row.token}.`,
      `${row.token}.AAAA`,
      '%',
      '%00',
      'é',
      '\u{1f600}',
      'a\nb',
      'x'.repeat(9000),
    ];
    for (const value of [...forged, `${cookie.split('=')[1]}x`]) {
      await assert.rejects(
        replica.identity.authenticate(withCookie(`gantry_sign_in=${value}`)),
        code('UNAUTHENTICATED'),
        value,
      );
    }
  }));

test('what is no address, no JSON or no known field is refused with its reason', () =>
  withReplicas(async (open) => {
    const { identity } = await open();
    const raw = (path: string, body: string, type = 'application/json') =>
      identity.handle(
        new Request(`${baseUrl}/api/auth${path}`, {
          method: 'POST',
          headers: { 'content-type': type, origin: baseUrl },
          body,
        }),
        '',
      );
    await assert.rejects(raw('/sign-in/email', '{'), code('INPUT_INVALID'));
    await assert.rejects(raw('/sign-in/email', '[]'), code('INPUT_INVALID'));
    await assert.rejects(raw('/sign-in/email', '{"email":1,"password":2}'), code('INPUT_INVALID'));
    await assert.rejects(
      raw('/sign-in/email', '{"email":"a@b.de","password":"x","role":"admin"}'),
      /role: unknown field/,
    );
    await assert.rejects(
      raw('/sign-in/email', 'email=a&password=b', 'application/x-www-form-urlencoded'),
      code('MEDIA_TYPE_UNSUPPORTED'),
    );
    for (const path of [
      '',
      '/',
      '/toString',
      '/update-user',
      '/list-sessions',
      '/reset-password',
      '/api-key/verify',
      '/sign-in/social',
    ]) {
      await assert.rejects(raw(path, '{}'), code('NOT_FOUND'), path);
    }
    await assert.rejects(raw('/get-session', '{}'), code('METHOD_NOT_ALLOWED'));
  }));
