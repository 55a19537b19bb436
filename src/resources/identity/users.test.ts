import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cookieOf, post, withReplicas, type Replica } from '../../../test/support/identity.ts';
import { GantryError, type ErrorCode } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { Role } from '../../contract/role.ts';

const password = 'correct horse battery';
const code = (wanted: ErrorCode) => (error: unknown) => error instanceof GantryError && error.code === wanted;

function makeUser({ identity }: Replica, name: string, role: Role = 'member') {
  return identity.users.create({ name, email: `${name}@example.com`, role, password });
}

function signUp({ identity }: Replica, body: unknown): Promise<Response> {
  return identity.handle(post('/sign-up/email', body), '');
}

test('a user is made, found, changed and removed', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { users } = replica.identity;
    const ada = await makeUser(replica, 'ada');
    assert.deepEqual(await users.get(ada.id), ada);
    assert.deepEqual(await users.list(), [ada]);
    const changed = await users.update(ada.id, { name: ' Ada L. ', email: 'Ada.L@Example.com' });
    assert.deepEqual(changed, { ...ada, name: 'Ada L.', email: 'ada.l@example.com' });
    assert.deepEqual(await users.update(ada.id, {}), changed);
    await users.remove(ada.id);
    assert.deepEqual(await users.list(), []);
  }));

test('an id that is none, or of nobody, is not found', () =>
  withReplicas(async (open) => {
    const { users } = (await open()).identity;
    for (const id of ['', 'x', '\0', 'local', newId(), `' OR true --`, '\ud800']) {
      for (const call of [
        () => users.get(id),
        () => users.update(id, { name: 'x' }),
        () => users.setRole(id, 'viewer'),
        () => users.setDisabled(id, true),
        () => users.setPassword(id, password),
        () => users.unlock(id),
        () => users.signOutEverywhere(id),
        () => users.remove(id),
      ]) {
        await assert.rejects(call(), code('NOT_FOUND'), JSON.stringify(id));
      }
    }
  }));

test('hostile names and addresses are refused or kept as the text that they are', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { users } = replica.identity;
    const bad = [
      '',
      '  ',
      'a\0b',
      'a\nb',
      '\u001b[31mred',
      'abc\u202egnp',
      'zero\u200bwidth',
      '\ud800',
      'x'.repeat(101),
    ];
    for (const name of bad) {
      const user = { name, email: 'a@example.com', role: 'member', password } as const;
      await assert.rejects(users.create(user), code('INPUT_INVALID'), JSON.stringify(name));
    }
    const wrong = [
      '',
      'a',
      'a@b',
      '@example.com',
      'a@b.c\0',
      'a b@example.com',
      'a@example.com\nBcc: b@example.com',
    ];
    for (const email of [...wrong, `${'x'.repeat(250)}@example.com`]) {
      const user = { name: 'a', email, role: 'member', password } as const;
      await assert.rejects(users.create(user), code('INPUT_INVALID'), JSON.stringify(email));
    }
    for (const name of [
      `Robert'); DROP TABLE users;--`,
      '<script>alert(1)</script>',
      '名前',
      'O’Brien 🙂',
      '$1',
    ]) {
      const user = await users.create({ name, email: `${newId()}@example.com`, role: 'viewer', password });
      assert.equal((await users.get(user.id)).name, name);
    }
    assert.deepEqual((await users.list()).length, 5);
  }));

test('two users can not have one address, however it is written', () =>
  withReplicas(async (open) => {
    const replica = await open();
    await makeUser(replica, 'ada');
    const bob = await makeUser(replica, 'bob');
    const twin = { name: 'Ada', email: 'ADA@example.COM', role: 'member', password } as const;
    await assert.rejects(replica.identity.users.create(twin), code('CONFLICT'));
    await assert.rejects(
      replica.identity.users.update(bob.id, { email: 'Ada@example.com' }),
      code('CONFLICT'),
    );
  }));

test('a password that is too short is refused without being repeated', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const ada = await makeUser(replica, 'ada');
    for (const bad of ['hunter222', 'x'.repeat(129)]) {
      await assert.rejects(replica.identity.users.setPassword(ada.id, bad), (error) => {
        assert.ok(error instanceof GantryError && error.code === 'INPUT_INVALID');
        assert.deepEqual(error.problems[0]?.path, 'password');
        assert.ok(!error.message.includes(bad));
        return true;
      });
    }
  }));

test('the last admin can be neither demoted, disabled nor removed', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { users } = replica.identity;
    const root = await makeUser(replica, 'root', 'admin');
    await makeUser(replica, 'ada');
    const disabled = await makeUser(replica, 'old', 'admin');
    await users.setDisabled(disabled.id, true);
    for (const call of [
      () => users.setRole(root.id, 'member'),
      () => users.setDisabled(root.id, true),
      () => users.update(root.id, { role: 'viewer', name: 'x' }),
      () => users.remove(root.id),
    ]) {
      await assert.rejects(call(), code('CONFLICT'));
    }
    assert.deepEqual(await users.get(root.id), root);
    await users.setRole(root.id, 'admin');
    await users.remove(disabled.id);
  }));

test('two admins can not take each other out at the same moment', () =>
  withReplicas(async (open) => {
    const replicas = [await open(), await open()] as const;
    const [first, second] = [
      await makeUser(replicas[0], 'a', 'admin'),
      await makeUser(replicas[0], 'b', 'admin'),
    ];
    for (let round = 0; round < 5; round++) {
      const done = await Promise.allSettled([
        replicas[0].identity.users.setRole(second.id, 'member'),
        replicas[1].identity.users.setRole(first.id, 'member'),
      ]);
      assert.deepEqual(done.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
      for (const { id } of [first, second]) await replicas[0].identity.users.setRole(id, 'admin');
    }
  }));

test('a set password and a sign-out everywhere end the sign-ins, but not the one that asks', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity } = replica;
    const ada = await makeUser(replica, 'ada');
    const signIn = async (typed: string) => {
      const request = post('/sign-in/email', { email: ada.email, password: typed });
      const cookie = cookieOf((await identity.handle(request, '')).headers.getSetCookie());
      return { cookie, authorization: undefined };
    };
    const [mine, other] = [await signIn(password), await signIn(password)];
    const actor = await identity.authenticate(mine);
    await identity.users.setPassword(ada.id, 'another password', actor?.signInId);
    assert.ok(await identity.authenticate(mine));
    await assert.rejects(identity.authenticate(other), code('UNAUTHENTICATED'));
    const third = await signIn('another password');
    await identity.users.signOutEverywhere(ada.id);
    for (const each of [mine, third])
      await assert.rejects(identity.authenticate(each), code('UNAUTHENTICATED'));
  }));

test('an invitation makes one user with its address and role', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity } = replica;
    const made = await identity.invitations.create({
      email: 'Eve@example.com',
      role: 'admin',
      invitedBy: 'local',
    });
    assert.match(made.path, /^\/join\?token=[\w-]{43}$/);
    assert.deepEqual(await identity.invitations.list(), [made.invitation]);
    const body = { name: 'Eve', password, invitation: made.path.split('=')[1] };
    await assert.rejects(signUp(replica, { ...body, password: 'short' }), code('INPUT_INVALID'));
    const tries = await Promise.allSettled(Array.from({ length: 6 }, () => signUp(replica, body)));
    const [winner, ...rest] = tries.filter((each) => each.status === 'fulfilled');
    assert.ok(winner && rest.length === 0);
    for (const each of tries) if (each.status === 'rejected') assert.ok(code('FORBIDDEN')(each.reason));
    const cookie = cookieOf(winner.value.headers.getSetCookie());
    assert.equal((await identity.authenticate({ cookie, authorization: undefined }))?.role, 'admin');
    assert.deepEqual(
      (await identity.users.list()).map(({ email, role }) => ({ email, role })),
      [{ email: 'eve@example.com', role: 'admin' }],
    );
    assert.deepEqual(
      (await identity.invitations.list()).map(({ state }) => state),
      ['accepted'],
    );
  }));

test('an invitation ends when it is revoked, replaced or old, and is not made for a user', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity } = replica;
    const invite = () =>
      identity.invitations.create({ email: 'eve@example.com', role: 'member', invitedBy: 'local' });
    const use = (path: string) => signUp(replica, { name: 'Eve', password, invitation: path.split('=')[1] });
    const first = await invite();
    const second = await invite();
    await assert.rejects(use(first.path), code('FORBIDDEN'));
    await assert.rejects(identity.invitations.revoke(first.invitation.id), code('NOT_FOUND'));
    await identity.invitations.revoke(second.invitation.id);
    await assert.rejects(use(second.path), code('FORBIDDEN'));
    const third = await invite();
    await replica.database.query(`UPDATE invitations SET expires_at = now() - interval '1 second'`);
    await assert.rejects(use(third.path), code('FORBIDDEN'));
    await makeUser(replica, 'eve');
    await assert.rejects(invite(), code('CONFLICT'));
  }));

test('registration is closed unless it is set open, and then makes viewers', () =>
  withReplicas(async (open) => {
    const closed = await open();
    const body = { name: 'Mallory', email: 'm@example.com', password };
    await assert.rejects(signUp(closed, body), code('FORBIDDEN'));
    const opened = await open({ openRegistration: true });
    await assert.rejects(signUp(opened, { ...body, email: undefined }), code('INPUT_INVALID'));
    await assert.rejects(signUp(opened, { ...body, role: 'admin' }), code('INPUT_INVALID'));
    const response = await signUp(opened, body);
    assert.equal(response.status, 200);
    assert.deepEqual(
      (await closed.identity.users.list()).map(({ role }) => role),
      ['viewer'],
    );
    await assert.rejects(signUp(opened, body), code('CONFLICT'));
  }));
