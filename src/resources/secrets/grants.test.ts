import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { type Database, openDatabase } from '../../store/database.ts';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { openKeyRing } from './key-ring.ts';
import { openRunSecrets } from './run-secrets.ts';
import { createSecrets, type Secrets } from './secrets.ts';

let clone: TestDatabase;
let database: Database;
let secrets: Secrets;
before(async () => {
  clone = await testDatabase();
  database = openDatabase({ url: clone.url, poolSize: 2, onError: () => undefined });
  const keys = await openKeyRing(tmpdir(), { current: randomBytes(32).toString('base64') });
  secrets = createSecrets(database, keys);
});
after(async () => {
  await database.close();
  await clone.drop();
});

const instance = { scope: 'instance' } as const;
const ada = { scope: 'user', owner: 'ada' } as const;
const shop = { scope: 'repository', owner: 'acme/shop' } as const;
const run = {
  id: '01a1fe7b-0000-7000-8000-000000000001',
  userId: 'ada',
  repository: 'acme/shop',
  capability: 'ask',
};
const elsewhere = { ...run, repository: 'acme/web', capability: 'review', userId: 'bob' };

test("a run uses its repository's secrets at once, and others only with a grant that fits it", async () => {
  await secrets.putSecret(shop, 'OWN', 'of the shop');
  await secrets.putSecret(instance, 'SHARED', 'of all');
  assert.equal(await secrets.openFor({ run, name: 'OWN' }), 'of the shop');
  await assert.rejects(secrets.openFor({ run: elsewhere, name: 'OWN' }), { code: 'NOT_FOUND' });
  await assert.rejects(secrets.openFor({ run, name: 'SHARED' }), {
    code: 'FORBIDDEN',
    message: /gantry secrets grant SHARED --to acme\/shop/,
  });

  await secrets.grant(instance, 'SHARED', { kind: 'repository', subject: 'Acme/Shop' });
  await secrets.grant(instance, 'SHARED', { kind: 'repository', subject: 'Acme/Shop' });
  assert.equal(await secrets.openFor({ run, name: 'SHARED' }), 'of all');
  await assert.rejects(secrets.openFor({ run: elsewhere, name: 'SHARED' }), { code: 'FORBIDDEN' });
  await secrets.grant(instance, 'SHARED', { kind: 'capability', subject: 'review' });
  assert.equal(await secrets.openFor({ run: elsewhere, name: 'SHARED' }), 'of all');
  const entry = (await secrets.listSecrets(instance)).find(({ name }) => name === 'SHARED');
  assert.deepEqual(entry?.grants, [
    { kind: 'capability', subject: 'review' },
    { kind: 'repository', subject: 'Acme/Shop' },
  ]);

  await secrets.revoke(instance, 'SHARED', { kind: 'capability', subject: 'review' });
  await assert.rejects(secrets.openFor({ run: elsewhere, name: 'SHARED' }), { code: 'FORBIDDEN' });
  await assert.rejects(secrets.revoke(instance, 'SHARED', { kind: 'everyone' }), { code: 'NOT_FOUND' });
});

test("a grant to all of a user's secret is for that user's runs only", async () => {
  await secrets.putSecret(ada, 'MINE', 'of ada');
  await secrets.grant(ada, 'MINE', { kind: 'everyone' });
  assert.equal(await secrets.openFor({ run, name: 'MINE' }), 'of ada');
  await assert.rejects(secrets.openFor({ run: { ...run, userId: 'bob' }, name: 'MINE' }), {
    code: 'NOT_FOUND',
  });
  await assert.rejects(secrets.openFor({ run: { ...run, userId: null }, name: 'MINE' }), {
    code: 'NOT_FOUND',
  });
});

test('the nearest secret counts, and one without a grant hides none that has one', async () => {
  await secrets.putSecret(instance, 'NPM', 'instance');
  await secrets.grant(instance, 'NPM', { kind: 'everyone' });
  await secrets.putSecret(ada, 'NPM', 'ada');
  assert.equal(await secrets.openFor({ run, name: 'NPM' }), 'instance');
  await secrets.grant(ada, 'NPM', { kind: 'capability', subject: 'ask' });
  assert.equal(await secrets.openFor({ run, name: 'NPM' }), 'ada');
  await secrets.putSecret(shop, 'NPM', 'shop');
  assert.equal(await secrets.openFor({ run, name: 'NPM' }), 'shop');
  assert.equal(await secrets.openFor({ run, name: 'NPM', scopes: ['instance'] }), 'instance');
});

test('grants stay when the value is replaced and go with the secret', async () => {
  await secrets.putSecret(instance, 'KEPT', 'one');
  await secrets.grant(instance, 'KEPT', { kind: 'everyone' });
  await secrets.putSecret(instance, 'KEPT', 'two');
  assert.equal(await secrets.openFor({ run, name: 'KEPT' }), 'two');
  await secrets.deleteSecret(instance, 'KEPT');
  await secrets.putSecret(instance, 'KEPT', 'three');
  await assert.rejects(secrets.openFor({ run, name: 'KEPT' }), { code: 'FORBIDDEN' });
  await assert.rejects(secrets.grant(instance, 'NONE', { kind: 'everyone' }), { code: 'NOT_FOUND' });
  await assert.rejects(secrets.grant(shop, 'OWN', { kind: 'everyone' }), { code: 'INPUT_INVALID' });
});

test("Gantry's own secrets are in no list and in no run's reach", async () => {
  await secrets.putSecret({ scope: 'system', owner: 'repository acme/shop' }, 'token', 'ghp_hidden');
  assert.ok((await secrets.listSecrets()).every(({ scope }) => scope !== 'system'));
  await assert.rejects(secrets.openFor({ run, name: 'token' }), { code: 'NOT_FOUND' });
});

test('what was opened for a run is noted, and taken out of what the run says', async () => {
  const mine = openRunSecrets(secrets, run);
  assert.equal(mine.redact('of the shop'), 'of the shop');
  const value = await mine.open('OWN');
  await mine.open('MINE', ['user']);
  assert.equal(mine.redact(`a ${value}, b of ada`), 'a [redacted], b [redacted]');
  const pass = mine.stream();
  assert.equal(pass.push('of the ') + pass.push('shop!') + pass.end(), '[redacted]!');
  const [entry] = await secrets.listSecrets(shop);
  assert.equal(entry?.name, 'NPM');
  const own = (await secrets.listSecrets(shop)).find(({ name }) => name === 'OWN');
  assert.equal(own?.lastUsedBy, run.id);
  assert.ok(own?.lastUsedAt instanceof Date);
});
