import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withReplicas, type Replica } from '../../../test/support/identity.ts';
import { until } from '../../../test/support/until.ts';
import { GantryError, type ErrorCode } from '../../base/errors.ts';
import type { Role } from '../../contract/role.ts';

const bearer = (key: string) => ({ authorization: `Bearer ${key}`, cookie: undefined });
const code = (wanted: ErrorCode) => (error: unknown) => error instanceof GantryError && error.code === wanted;

async function makeUser({ identity }: Replica, role: Role, name: string = role) {
  return identity.users.create({ name, email: `${name}@example.com`, role, password: 'correct horse' });
}

test('a key signs its owner in, whatever the case of the scheme', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity } = replica;
    const user = await makeUser(replica, 'member');
    const { apiKey, key } = await identity.keys.create({ name: 'ci', role: 'member', userId: user.id });
    assert.match(key, /^gtr_[A-Za-z0-9_-]{43}$/);
    for (const header of [`Bearer ${key}`, `bearer ${key}`, `BEARER   ${key}`, `  Bearer ${key}  `]) {
      assert.deepEqual(await identity.authenticate({ authorization: header, cookie: undefined }), {
        userId: user.id,
        name: 'member',
        role: 'member',
        keyId: apiKey.id,
        ownerRole: 'member',
      });
    }
  }));

test('nothing brought is nobody; anything wrong is refused', () =>
  withReplicas(async (open) => {
    const { identity } = await open();
    assert.equal(await identity.authenticate({ authorization: undefined, cookie: undefined }), null);
    assert.equal(await identity.authenticate({ authorization: '', cookie: 'other=1; more=2' }), null);
    const wrong = [
      'Bearer',
      'Bearer ',
      'Basic YTpi',
      'gtr_x',
      'Bearer gtr_short',
      `Bearer gtr_${'a'.repeat(43)}`,
    ];
    for (const authorization of [...wrong, 'Bearer gtl_x', 'Bearer gtr_\0', 'Bearer a b', 'Bearer é']) {
      await assert.rejects(
        identity.authenticate({ authorization, cookie: undefined }),
        code('UNAUTHENTICATED'),
        authorization,
      );
    }
  }));

test('a key never does more than its owner may at the time', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity } = replica;
    await makeUser(replica, 'admin', 'root');
    const user = await makeUser(replica, 'admin', 'ada');
    const { key } = await identity.keys.create({ name: 'k', role: 'admin', userId: user.id });
    const viewer = await identity.keys.create({ name: 'v', role: 'viewer', userId: user.id });
    assert.equal((await identity.authenticate(bearer(key)))?.role, 'admin');
    assert.equal((await identity.authenticate(bearer(viewer.key)))?.role, 'viewer');
    await identity.users.setRole(user.id, 'member');
    assert.equal((await identity.authenticate(bearer(key)))?.role, 'member');
    await assert.rejects(
      identity.keys.create({ name: 'k', role: 'admin', userId: user.id }),
      code('FORBIDDEN'),
    );
  }));

test('a revoked key ends at once in every process', () =>
  withReplicas(async (open) => {
    const first = await open();
    const second = await open();
    const user = await makeUser(first, 'member');
    const { apiKey, key } = await first.identity.keys.create({ name: 'k', role: 'member', userId: user.id });
    for (const each of [first, second]) assert.ok(await each.identity.authenticate(bearer(key)));
    await first.identity.keys.revoke(apiKey.id, user.id);
    await assert.rejects(first.identity.authenticate(bearer(key)), code('UNAUTHENTICATED'));
    await until(() =>
      second.identity.authenticate(bearer(key)).then(
        () => false,
        () => true,
      ),
    );
  }));

test('a changed role and a disabled owner reach the keys in every process', () =>
  withReplicas(async (open) => {
    const first = await open();
    const second = await open();
    const user = await makeUser(first, 'member');
    const { key } = await first.identity.keys.create({ name: 'k', role: 'member', userId: user.id });
    assert.equal((await second.identity.authenticate(bearer(key)))?.role, 'member');
    await first.identity.users.setRole(user.id, 'viewer');
    await until(async () => (await second.identity.authenticate(bearer(key)))?.role === 'viewer');
    await first.identity.users.setDisabled(user.id, true);
    await until(() => second.identity.authenticate(bearer(key)).then(() => false, code('UNAUTHENTICATED')));
    await first.identity.users.setDisabled(user.id, false);
    assert.ok(await second.identity.authenticate(bearer(key)));
    await first.identity.users.remove(user.id);
    assert.deepEqual(await first.identity.keys.list(null), []);
    await assert.rejects(first.identity.authenticate(bearer(key)), code('UNAUTHENTICATED'));
  }));

test('a known key costs no query until its owner changes', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const user = await makeUser(replica, 'member');
    const { key } = await replica.identity.keys.create({ name: 'k', role: 'member', userId: user.id });
    await replica.identity.authenticate(bearer(key));
    await replica.identity.close();
    await replica.database.query('ALTER TABLE api_keys RENAME TO hidden');
    assert.ok(await replica.identity.authenticate(bearer(key)));
    await replica.database.query('ALTER TABLE hidden RENAME TO api_keys');
  }));

test('an expired key is refused, and a key made by a key ends with it', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity, database } = replica;
    const user = await makeUser(replica, 'member');
    const mother = await identity.keys.create({
      name: 'm',
      role: 'member',
      userId: user.id,
      expiresInDays: 1,
    });
    const child = await identity.keys.create({
      name: 'c',
      role: 'member',
      userId: user.id,
      expiresInDays: 300,
      madeWith: mother.apiKey.id,
    });
    assert.equal(child.apiKey.expiresAt, mother.apiKey.expiresAt);
    assert.ok(await identity.authenticate(bearer(mother.key)));
    await database.query(`UPDATE api_keys SET expires_at = now() - interval '1 second'`);
    await assert.rejects(identity.authenticate(bearer(child.key)), code('UNAUTHENTICATED'));
  }));

test('the last use is noted, once a minute', () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity, database } = replica;
    const user = await makeUser(replica, 'member');
    const { apiKey, key } = await identity.keys.create({ name: 'k', role: 'member', userId: user.id });
    assert.equal(apiKey.lastUsedAt, null);
    await identity.authenticate(bearer(key));
    await identity.close();
    const [used] = await identity.keys.list(user.id);
    assert.ok(used?.lastUsedAt);
    const second = await open();
    await second.identity.authenticate(bearer(key));
    await second.identity.close();
    assert.equal((await identity.keys.list(user.id))[0]?.lastUsedAt, used.lastUsedAt);
    await database.query(`UPDATE api_keys SET last_used_at = now() - interval '2 minutes'`);
    const third = await open();
    await third.identity.authenticate(bearer(key));
    await third.identity.close();
    assert.ok(((await identity.keys.list(user.id))[0]?.lastUsedAt ?? '') > used.lastUsedAt);
  }));

test("another user's key and ids that are none are not found", () =>
  withReplicas(async (open) => {
    const replica = await open();
    const { identity } = replica;
    const ada = await makeUser(replica, 'member', 'ada');
    const bob = await makeUser(replica, 'member', 'bob');
    const { apiKey } = await identity.keys.create({ name: 'k', role: 'member', userId: ada.id });
    for (const id of [apiKey.id, 'x', '\0', `'; DROP TABLE users; --`]) {
      await assert.rejects(identity.keys.revoke(id, bob.id), code('NOT_FOUND'));
    }
    await assert.rejects(
      identity.keys.create({ name: 'k', role: 'viewer', userId: 'nobody' }),
      code('NOT_FOUND'),
    );
    assert.equal((await identity.keys.list(ada.id)).length, 1);
    assert.equal((await identity.keys.list(bob.id)).length, 0);
    await identity.keys.revoke(apiKey.id, null);
    assert.equal((await identity.keys.list(null)).length, 0);
  }));

test('no table holds the text of a key, a link, an invitation or a password', () =>
  withReplicas(async (open) => {
    const { identity, database } = await open();
    const { key, apiKey } = await identity.keys.create({ name: 'k', role: 'admin', userId: 'local' });
    const link = (await identity.links.create()).path;
    const { path } = await identity.invitations.create({
      email: 'a@example.com',
      role: 'member',
      invitedBy: apiKey.userId,
    });
    await identity.users.create({
      name: 'Bob',
      email: 'bob@example.com',
      role: 'member',
      password: 'hunter2hunter2',
    });
    const [dump] = await database.query<{ text: string }>(
      `SELECT concat(${[
        'users',
        'accounts',
        'sign_ins',
        'api_keys',
        'invitations',
        'sign_in_links',
        'lockouts',
      ]
        .map((table) => `(SELECT string_agg(t::text, E'\\n') FROM ${table} t)`)
        .join(", E'\\n', ")}) AS text`,
    );
    assert.ok(dump);
    assert.ok(dump.text.includes('bob@example.com'));
    for (const secret of [key, key.slice(4), link.split('=')[1], path.split('=')[1], 'hunter2hunter2']) {
      assert.ok(secret && !dump.text.includes(secret));
    }
  }));
