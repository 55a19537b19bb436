import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLogger } from '../base/logger.ts';
import { loadConfig } from '../config.ts';
import { deriveKey } from '../resources/secrets/derive-key.ts';
import { createRotation } from '../resources/secrets/rotation.ts';
import { openDatabase } from '../store/database.ts';
import { testDatabase } from '../../test/support/postgres.ts';
import { cookieSecret, openSecrets } from './secrets.ts';

test('a change of the master key signs nobody out, and a lost one keeps no server from starting', async () => {
  const logger = createLogger('silent');
  const clone = await testDatabase();
  const db = openDatabase({ url: clone.url, poolSize: 2, onError: () => undefined });
  const dataDir = await mkdtemp(join(tmpdir(), 'gantry-cookies-'));
  const config = loadConfig({ GANTRY_DATA_DIR: dataDir });
  const started = async () => cookieSecret(db, await openSecrets(config, db), logger);
  try {
    const store = await openSecrets(config, db);
    const [first, second] = await Promise.all([started(), started()]);
    const before = deriveKey(store.keys.first, 'sign-in cookies').toString('base64');
    assert.deepEqual([first, second], [before, before], 'as servers of before derived it');
    const rotation = createRotation({ db, keys: store.keys, logger });
    await rotation.start(null);
    await rotation.settled();
    assert.equal(await started(), before);
    await rm(dataDir, { recursive: true });
    assert.notEqual(await started(), before);
  } finally {
    await db.close();
    await clone.drop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
