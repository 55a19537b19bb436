import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cookieOf, post, withReplicas, type Replica } from '../../../test/support/identity.ts';
import { GantryError, type ErrorCode } from '../../base/errors.ts';

const code = (wanted: ErrorCode) => (error: unknown) => error instanceof GantryError && error.code === wanted;
const tokenOf = (path: string) => path.split('=')[1] ?? '';
const password = 'correct horse battery';
const owner = { name: 'Mira Okafor', email: 'mira@acme.dev', password };

async function signIn({ identity }: Replica, typed: string, email = owner.email) {
  const response = await identity.handle(post('/sign-in/email', { email, password: typed }), '192.0.2.7');
  const cookie = cookieOf(response.headers.getSetCookie());
  const actor = await identity.authenticate({ cookie, authorization: undefined });
  return { cookie, id: actor?.signInId ?? '' };
}

test('the first link makes the owner, and what is refused leaves it as it was', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity } = replica;
    assert.equal(await identity.hasAdmin(), false);
    const token = tokenOf((await identity.links.create()).path);
    for (let n = 0; n < 3; n++) {
      const look = await identity.links.look(token);
      assert.deepEqual([look.state, look.purpose, look.ofAdmin], ['open', 'setup', true]);
    }
    await assert.rejects(
      identity.links.redeem(token, { ...owner, password: 'short' }),
      code('INPUT_INVALID'),
    );
    await assert.rejects(identity.links.redeem(token, { ...owner, email: 'no' }), code('INPUT_INVALID'));
    await identity.links.redeem(token, owner);
    assert.equal(await identity.hasAdmin(), true);
    const [made] = await identity.users.list();
    assert.deepEqual([made?.name, made?.email, made?.role], [owner.name, owner.email, 'admin']);
    assert.equal((await identity.links.look(token)).state, 'used');
    await assert.rejects(identity.links.redeem(token), code('UNAUTHENTICATED'));
    assert.ok(await signIn(replica, password));
    const next = tokenOf((await identity.links.create()).path);
    assert.equal((await identity.links.look(next)).purpose, 'sign-in');
    await assert.rejects(identity.links.redeem(next, { name: 'Eve' }), code('INPUT_INVALID'));
    await identity.links.redeem(next);
  }));

test('a link for a user asks for a new password, ends their sign-ins and the link before it', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity } = replica;
    const { id } = await identity.users.create({ ...owner, role: 'viewer' });
    const before = await signIn(replica, password);
    const old = tokenOf((await identity.links.create(id)).path);
    const token = tokenOf((await identity.links.create(id)).path);
    assert.equal((await identity.links.look(old)).state, 'unknown');
    assert.deepEqual(
      await identity.links.look(token).then(({ purpose, email, ofAdmin }) => [purpose, email, ofAdmin]),
      ['reset', owner.email, false],
    );
    await assert.rejects(identity.links.redeem(token), code('INPUT_INVALID'));
    for (let n = 0; n < 5; n++) await assert.rejects(signIn(replica, 'wrong password'));
    assert.ok((await identity.users.get(id)).lockedUntil);
    const { setCookie } = await identity.links.redeem(token, { password: 'another one here' });
    const actor = await identity.authenticate({ cookie: cookieOf(setCookie), authorization: undefined });
    assert.deepEqual([actor?.userId, actor?.role], [id, 'viewer']);
    assert.equal((await identity.users.get(id)).lockedUntil, null);
    await assert.rejects(
      identity.authenticate({ cookie: before.cookie, authorization: undefined }),
      code('UNAUTHENTICATED'),
    );
    const late = tokenOf((await identity.links.create(id)).path);
    await identity.users.create({ ...owner, email: 'admin@acme.dev', role: 'admin' });
    await identity.users.setDisabled(id, true);
    await assert.rejects(identity.links.redeem(late, { password }), code('FORBIDDEN'));
    assert.equal((await identity.links.look(late)).state, 'open');
    await assert.rejects(identity.links.create('nobody'), code('NOT_FOUND'));
  }));

test('sign-ins say where and when, are ended one by one, and all but one at once', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity } = replica;
    const { id } = await identity.users.create({ ...owner, role: 'member' });
    const [one, two, three] = [
      await signIn(replica, password),
      await signIn(replica, password),
      await signIn(replica, password),
    ];
    const list = await identity.signIns.list(id, two.id);
    assert.deepEqual(
      list.map(({ id: signInId, current, address }) => [signInId, current, address]),
      [
        [three.id, false, '192.0.2.7'],
        [two.id, true, '192.0.2.7'],
        [one.id, false, '192.0.2.7'],
      ],
    );
    await assert.rejects(identity.signIns.end('someone else', one.id), code('NOT_FOUND'));
    await identity.signIns.end(id, one.id);
    await assert.rejects(identity.signIns.end(id, one.id), code('NOT_FOUND'));
    await identity.users.signOutEverywhere(id, two.id);
    assert.deepEqual(
      (await identity.signIns.list(id)).map((each) => each.id),
      [two.id],
    );
    assert.ok(Date.parse((await identity.users.get(id)).lastSeenAt ?? '') > 0);
  }));

test('who has no password yet chooses one without an old one, once', () =>
  withReplicas(async (open) => {
    const { identity } = await open();
    const { setCookie } = await identity.links.redeem(tokenOf((await identity.links.create()).path));
    const cookie = cookieOf(setCookie);
    const change = (body: unknown) => identity.handle(post('/change-password', body, { cookie }), '');
    const { user } = JSON.parse(await (await change({ newPassword: password })).text());
    assert.equal(user.hasPassword, true);
    assert.ok(await identity.authenticate({ cookie, authorization: undefined }));
    await assert.rejects(change({ newPassword: 'another one here' }), code('INPUT_INVALID'));
  }));

test('an invitation tells what became of it, and a new link reopens one that was not accepted', () =>
  withReplicas(async (open) => {
    const { identity, database } = await open();
    const { id } = await identity.users.create({ ...owner, role: 'admin' });
    const { invitations } = identity;
    const { invitation, path } = await invitations.create({
      email: 'e@x.dev',
      role: 'member',
      invitedBy: id,
    });
    const look = async (from: string) => (await invitations.look(tokenOf(from))).state;
    assert.deepEqual([invitation.state, invitation.invitedBy], ['open', owner.name]);
    assert.equal(await look(path), 'open');
    await database.query(`UPDATE invitations SET expires_at = now() - interval '1 second'`);
    assert.equal(await look(path), 'expired');
    await invitations.revoke(invitation.id);
    assert.equal(await look(path), 'revoked');
    await assert.rejects(invitations.revoke(invitation.id), code('NOT_FOUND'));
    const renewed = await invitations.renew(invitation.id);
    assert.deepEqual([await look(path), await look(renewed.path)], ['unknown', 'open']);
    const join = { name: 'E', password, invitation: tokenOf(renewed.path) };
    await identity.handle(post('/sign-up/email', join), '');
    assert.equal(await look(renewed.path), 'accepted');
    await assert.rejects(invitations.renew(invitation.id), code('CONFLICT'));
    await assert.rejects(invitations.renew('nothing'), code('NOT_FOUND'));
  }));
