import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLogger } from '../../base/logger.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { testDatabase } from '../../../test/support/postgres.ts';
import { until } from '../../../test/support/until.ts';
import { openKeyRing } from './key-ring.ts';
import { createRotation } from './rotation.ts';
import { createSecrets } from './secrets.ts';

const logger = createLogger('silent');
const instance = { scope: 'instance' } as const;

async function withStore(body: (db: Database, dataDir: string) => Promise<void>): Promise<void> {
  const clone = await testDatabase();
  const db = openDatabase({ url: clone.url, poolSize: 6, onError: () => undefined });
  const dataDir = await mkdtemp(join(tmpdir(), 'gantry-rotation-'));
  try {
    await body(db, dataDir);
  } finally {
    await db.close();
    await clone.drop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const fill = async (db: Database, dataDir: string, count: number) => {
  const secrets = createSecrets(db, await openKeyRing(dataDir));
  for (let index = 0; index < count; index += 1)
    await secrets.putSecret(instance, `S${index}`, `value ${index}`);
  return secrets;
};

test('a new key file takes over, and the old one stays for the backups of its time', async () => {
  await withStore(async (db, dataDir) => {
    const elsewhere = await fill(db, dataDir, 5);
    const keys = await openKeyRing(dataDir);
    const rotation = createRotation({ db, keys, logger, batchSize: 2 });
    const before = await rotation.state();
    assert.deepEqual([before.remaining, before.rotation], [0, null]);
    await rotation.start('ada');
    await rotation.settled();
    const after = await rotation.state();
    assert.notEqual(after.keyId, before.keyId);
    assert.deepEqual([after.total, after.remaining, after.unreadable], [5, 0, 0]);
    assert.equal(after.rotation?.resealed, 5);
    assert.ok(after.rotation?.finishedAt);
    assert.deepEqual((await readdir(dataDir)).toSorted(), ['master.key', `master.key.${before.keyId}`]);
    assert.equal((await stat(join(dataDir, 'master.key'))).mode & 0o777, 0o600);

    assert.equal(await elsewhere.openSecret(instance, 'S3'), 'value 3', 'a process of before opens it');
    await elsewhere.putSecret(instance, 'LATE', 'late');
    assert.equal((await rotation.state()).remaining, 0, 'and seals under the new key');
    const fresh = createSecrets(db, await openKeyRing(dataDir));
    assert.equal(await fresh.openSecret(instance, 'S0'), 'value 0');

    await rotation.start('ada');
    await rotation.settled();
    assert.equal((await readdir(dataDir)).length, 3);
    assert.equal(await fresh.openSecret(instance, 'LATE'), 'late');
  });
});

test('while the key changes, values are read, set and deleted, and the newest stays', async () => {
  await withStore(async (db, dataDir) => {
    const first = await fill(db, dataDir, 60);
    const second = createSecrets(db, await openKeyRing(dataDir));
    const rotations = [];
    for (let index = 0; index < 2; index += 1)
      rotations.push(createRotation({ db, keys: await openKeyRing(dataDir), logger, batchSize: 3 }));
    await Promise.all(rotations.map((rotation) => rotation.start(null)));
    const using = Promise.all(
      Array.from({ length: 40 }, async (_none, index) => {
        const secrets = index % 2 === 0 ? first : second;
        await secrets.putSecret(instance, `S${index}`, `new ${index}`);
        assert.equal(
          await secrets.openSecret(instance, `S${59 - (index % 10)}`),
          `value ${59 - (index % 10)}`,
        );
        if (index % 8 === 0) await secrets.deleteSecret(instance, `S${index}`);
      }),
    );
    await Promise.all([using, ...rotations.map((rotation) => rotation.settled())]);
    const last = rotations[0] ?? assert.fail();
    const state = await last.state();
    assert.deepEqual([state.remaining, state.unreadable, state.total], [0, 0, 55]);
    const [{ count } = { count: 0 }] = await db.query<{ count: number }>(
      'SELECT count(*) FROM key_rotations',
    );
    assert.equal(count, 1, 'two that begin at once begin one change');
    for (let index = 1; index < 40; index += 1)
      if (index % 8 !== 0) assert.equal(await second.openSecret(instance, `S${index}`), `new ${index}`);
  });
});

test('a server that is killed in the middle leaves all secrets readable, and another goes on', async () => {
  await withStore(async (db, dataDir) => {
    const secrets = await fill(db, dataDir, 400);
    const module = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
    const program = `
      const { openDatabase } = await import(${module('../../store/database.ts')});
      const { openKeyRing } = await import(${module('./key-ring.ts')});
      const { createRotation } = await import(${module('./rotation.ts')});
      const { createLogger } = await import(${module('../../base/logger.ts')});
      const db = openDatabase({ url: process.argv[1], poolSize: 2, onError: () => undefined });
      const keys = await openKeyRing(process.argv[2]);
      await createRotation({ db, keys, logger: createLogger('silent'), batchSize: 1 }).start('ada');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, db.url, dataDir], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exited = once(child, 'exit');
    const rotation = createRotation({ db, keys: await openKeyRing(dataDir), logger });
    await until(async () => ((await rotation.state()).rotation?.resealed ?? 0) > 3);
    child.kill('SIGKILL');
    await exited;
    const halfway = await rotation.state();
    assert.ok(halfway.remaining > 0, 'it was killed too late');
    assert.equal(halfway.rotation?.finishedAt, null);
    assert.equal(halfway.unreadable, 0);
    for (const index of [0, 200, 399])
      assert.equal(await secrets.openSecret(instance, `S${index}`), `value ${index}`);

    const other = createRotation({ db, keys: await openKeyRing(dataDir), logger });
    await other.resume();
    await other.settled();
    const state = await other.state();
    assert.deepEqual([state.remaining, state.unreadable, state.rotation?.resealed], [0, 0, 400]);
    assert.equal(await secrets.openSecret(instance, 'S399'), 'value 399');
  });
});

test('configured keys change in the order that the message says', async () => {
  await withStore(async (db, dataDir) => {
    const [one, two] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const before = await openKeyRing(dataDir, { current: one });
    await createSecrets(db, before).putSecret(instance, 'A', 'kept');
    const tooEarly = createRotation({ db, keys: before, logger });
    await assert.rejects(tooEarly.start(null), { code: 'CONFLICT', message: /GANTRY_MASTER_KEY_OLD/ });

    const keys = await openKeyRing(dataDir, { current: two, old: one });
    await createSecrets(db, keys).putSecret(instance, 'B', 'meanwhile');
    assert.equal(
      await createSecrets(db, before).openSecret(instance, 'B'),
      'meanwhile',
      'until the change begins, processes that have only the old key open everything',
    );
    const rotation = createRotation({ db, keys, logger });
    await rotation.start(null);
    await rotation.settled();
    assert.equal((await rotation.state()).remaining, 0);
    const after = createSecrets(db, await openKeyRing(dataDir, { current: two }));
    assert.equal(await after.openSecret(instance, 'A'), 'kept');
    assert.deepEqual(await readdir(dataDir), [], 'configured keys leave no file');
  });
});

test('a secret that no key opens is counted, keeps its place, and does not keep the others', async () => {
  await withStore(async (db, dataDir) => {
    const secrets = await fill(db, dataDir, 3);
    await db.query(`UPDATE secrets SET key_id = 'feedfeedfeedfeed' WHERE name = 'S1'`);
    const rotation = createRotation({ db, keys: await openKeyRing(dataDir), logger });
    await rotation.start(null);
    await rotation.settled();
    const state = await rotation.state();
    assert.deepEqual([state.remaining, state.unreadable], [1, 1]);
    assert.ok(state.rotation?.finishedAt);
    await assert.rejects(secrets.openSecret(instance, 'S1'), { code: 'SECRET_UNREADABLE' });
    await secrets.putSecret(instance, 'S1', 'set again');
    assert.equal((await rotation.state()).remaining, 0);
    const key = await readFile(join(dataDir, 'master.key'), 'utf8');
    const [row] = await db.query<{ hit: boolean }>(
      `SELECT bool_or(position($1::bytea in sealed) > 0) AS hit FROM secrets`,
      [Buffer.from(key, 'base64')],
    );
    assert.equal(row?.hit, false);
  });
});
