import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Database, openDatabase } from '../../store/database.ts';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { openKeyRing } from './key-ring.ts';
import { loadMasterKey } from './master-key.ts';
import { createSecrets } from './secrets.ts';

let clone: TestDatabase;
let database: Database;
let dataDir: string;
before(async () => {
  clone = await testDatabase();
  database = openDatabase({ url: clone.url, poolSize: 2, onError: () => undefined });
  dataDir = await mkdtemp(join(tmpdir(), 'gantry-secrets-'));
});
after(async () => {
  await database.close();
  await clone.drop();
  await rm(dataDir, { recursive: true, force: true });
});

const instance = { scope: 'instance' } as const;
const ada = { scope: 'user', owner: 'ada' } as const;
const bob = { scope: 'user', owner: 'bob' } as const;

test('a secret comes back as it was put, in its own scope only, and a list shows no value', async () => {
  const secrets = createSecrets(database, await openKeyRing(dataDir));
  const hostile = `\u0000'"\\\n😀${'x'.repeat(10_000)}`;
  await secrets.putSecret(instance, 'TOKEN', 'for all');
  await secrets.putSecret(ada, 'TOKEN', hostile, 'ada');
  assert.equal(await secrets.openSecret(ada, 'TOKEN'), hostile);
  assert.equal(await secrets.openSecret(instance, 'TOKEN'), 'for all');
  assert.equal(await secrets.openSecret(bob, 'TOKEN'), undefined);

  const [entry, ...others] = await secrets.listSecrets(ada);
  assert.deepEqual(others, []);
  assert.deepEqual(Object.keys(entry ?? {}).sort(), [
    'createdAt',
    'createdBy',
    'grants',
    'id',
    'lastUsedAt',
    'lastUsedBy',
    'name',
    'owner',
    'scope',
    'updatedAt',
  ]);
  assert.equal((await secrets.listSecrets()).length, 2);

  await secrets.putSecret(ada, 'TOKEN', 'next');
  assert.equal(await secrets.openSecret(ada, 'TOKEN'), 'next');
  await secrets.deleteSecret(ada, 'TOKEN');
  assert.equal(await secrets.openSecret(ada, 'TOKEN'), undefined);
  await assert.rejects(secrets.deleteSecret(ada, 'TOKEN'), { code: 'NOT_FOUND' });
});

test('the database holds neither the value nor anything that another row could use', async () => {
  const secrets = createSecrets(database, await openKeyRing(dataDir));
  await secrets.putSecret(ada, 'A', 'value of ada');
  await secrets.putSecret(bob, 'A', 'value of bob');
  const [row] = await database.query<{ sealed: Buffer }>(`SELECT sealed FROM secrets WHERE owner = 'ada'`);
  assert.ok(!row?.sealed.includes('value of ada'));

  await database.query(
    `UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE owner = 'ada') WHERE owner = 'bob'`,
  );
  await assert.rejects(secrets.openSecret(bob, 'A'), {
    code: 'SECRET_UNREADABLE',
    message: /changed in the database/,
  });
  await database.query(
    `UPDATE secrets SET sealed = set_byte(sealed, 80, get_byte(sealed, 80) # 1) WHERE owner = 'ada'`,
  );
  await assert.rejects(secrets.openSecret(ada, 'A'), { code: 'SECRET_UNREADABLE' });
});

test('another master key opens nothing and says which one is missing', async () => {
  const mine = await openKeyRing(dataDir);
  const elsewhere = await mkdtemp(join(dataDir, 'other-'));
  const other = await openKeyRing(elsewhere, { current: randomBytes(32).toString('base64') });
  await createSecrets(database, mine).putSecret(instance, 'KEPT', 'value');
  await assert.rejects(createSecrets(database, other).openSecret(instance, 'KEPT'), {
    code: 'SECRET_UNREADABLE',
    message: new RegExp(`${mine.first.id}.*${other.first.id}.*GANTRY_MASTER_KEY_FILE`),
  });
});

test('names, values and owners that cannot be are refused all at once', async () => {
  const secrets = createSecrets(database, await openKeyRing(dataDir));
  const put = secrets.putSecret({ scope: 'user', owner: '' }, '../x', '');
  await assert.rejects(put, (error: Error & { problems?: { path: string }[] }) => {
    assert.deepEqual(
      error.problems?.map(({ path }) => path),
      ['name', 'value', 'owner'],
    );
    return true;
  });
});

test('the master key is made once, for its owner only, also by two first starts at once', async () => {
  const fresh = await mkdtemp(join(dataDir, 'fresh-'));
  const keys = await Promise.all([1, 2, 3, 4].map(() => loadMasterKey(fresh)));
  assert.equal(new Set(keys.map(({ id }) => id)).size, 1);
  assert.deepEqual(await readdir(fresh), ['master.key']);
  assert.equal((await stat(join(fresh, 'master.key'))).mode & 0o777, 0o600);

  const configured = await loadMasterKey(fresh, await readFile(join(fresh, 'master.key'), 'utf8'));
  assert.equal(configured.id, keys[0]?.id);
  await writeFile(join(fresh, 'master.key'), 'short');
  await assert.rejects(loadMasterKey(fresh), { code: 'CONFIG_INVALID', message: /32 random bytes/ });
});
