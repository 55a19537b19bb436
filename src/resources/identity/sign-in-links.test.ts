import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cookieOf, withReplicas } from '../../../test/support/identity.ts';
import { GantryError, type ErrorCode } from '../../base/errors.ts';

const code = (wanted: ErrorCode) => (error: unknown) => error instanceof GantryError && error.code === wanted;
const tokenOf = (path: string) => path.split('=')[1] ?? '';

test('a link signs in once and makes the first admin', () =>
  withReplicas(async (open) => {
    const { identity } = await open();
    const path = (await identity.links.create()).path;
    assert.match(path, /^\/welcome\?token=[\w-]{43}$/);
    const { setCookie } = await identity.links.redeem(tokenOf(path));
    const actor = await identity.authenticate({ cookie: cookieOf(setCookie), authorization: undefined });
    assert.equal(actor?.role, 'admin');
    assert.deepEqual(
      (await identity.users.list()).map(({ id, email }) => [id, email]),
      [[actor.userId, 'admin@gantry.local']],
    );
    await assert.rejects(identity.links.redeem(tokenOf(path)), code('UNAUTHENTICATED'));
  }));

test('of many who use a link at the same moment one gets in', () =>
  withReplicas(async (open) => {
    const replicas = [await open(), await open()] as const;
    const token = tokenOf((await replicas[0].identity.links.create()).path);
    const tries = Array.from({ length: 20 }, (_, n) => replicas[n % 2 ? 0 : 1].identity.links.redeem(token));
    const done = await Promise.allSettled(tries);
    assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const each of done) if (each.status === 'rejected') assert.ok(code('UNAUTHENTICATED')(each.reason));
    assert.equal((await replicas[0].identity.users.list()).length, 1);
  }));

test('different links at the same moment make one admin', () =>
  withReplicas(async (open) => {
    const replicas = [await open(), await open()] as const;
    const links = await Promise.all(Array.from({ length: 8 }, () => replicas[0].identity.links.create()));
    await Promise.all(
      links.map(({ path }, n) => replicas[n % 2 ? 0 : 1].identity.links.redeem(tokenOf(path))),
    );
    assert.equal((await replicas[0].identity.users.list()).length, 1);
  }));

test('a link ends after an hour, and what is no token is refused', () =>
  withReplicas(async (open) => {
    const { identity, database } = await open();
    const token = tokenOf((await identity.links.create()).path);
    await database.query(`UPDATE sign_in_links SET expires_at = expires_at - interval '61 minutes'`);
    for (const wrong of [token, '', '\0', '\ud800', 'x'.repeat(100_000)]) {
      await assert.rejects(identity.links.redeem(wrong), code('UNAUTHENTICATED'));
    }
    assert.deepEqual(await identity.users.list(), []);
  }));

test('whoever signed up under the usual address of the first admin does not become admin by it', () =>
  withReplicas(async (open) => {
    const { identity } = await open();
    const stranger = await identity.users.create({
      name: 'Stranger',
      email: 'admin@gantry.local',
      role: 'viewer',
      password: 'correct horse battery',
    });
    await identity.links.redeem(tokenOf((await identity.links.create()).path));
    assert.equal((await identity.users.get(stranger.id)).role, 'viewer');
    assert.equal((await identity.users.list()).filter(({ role }) => role === 'admin').length, 1);
  }));
