import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withApi } from '../../test/support/with-api.ts';
import { createLogger } from '../base/logger.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { openKeyRing } from '../resources/secrets/key-ring.ts';
import { createRotation } from '../resources/secrets/rotation.ts';
import { createSecrets } from '../resources/secrets/secrets.ts';
import { testDatabase } from '../../test/support/postgres.ts';
import { secretRoutes } from './secret-routes.ts';

test('people grant what they may, see no value, and each act is in the audit log without one', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gantry-secret-routes-'));
  const clone = await testDatabase();
  const db: Database = openDatabase({ url: clone.url, poolSize: 3, onError: () => undefined });
  const keys = await openKeyRing(dataDir);
  const rotation = createRotation({ db, keys, logger: createLogger('silent') });
  const routes = secretRoutes(createSecrets(db, keys), rotation);
  try {
    await withApi({ routes, url: clone.url }, async ({ join: joinAs }) => {
      const [admin, member] = [await joinAs('admin'), await joinAs('member')];
      const value = 'canary-of-the-secret-routes';
      assert.equal((await admin.send('PUT', '/api/v1/secrets/NPM', { value })).status, 200);
      assert.equal((await member.send('PUT', '/api/v1/secrets/MINE?scope=user', { value })).status, 200);

      const grant = { kind: 'repository', subject: 'acme/shop' };
      const granted = await admin.send('POST', '/api/v1/secrets/NPM/grant', { grant });
      assert.deepEqual(granted.body.grants, [grant]);
      const mine = await member.send('POST', '/api/v1/secrets/MINE/grant?scope=user', {
        grant: { kind: 'everyone' },
      });
      assert.deepEqual(mine.body.grants, [{ kind: 'everyone' }]);
      const refused = await member.send('POST', '/api/v1/secrets/NPM/grant', { grant });
      assert.deepEqual([refused.status, refused.body.code], [403, 'FORBIDDEN']);
      assert.equal((await member.send('POST', '/api/v1/secrets/rotation')).status, 403);

      const revoked = await admin.send('POST', '/api/v1/secrets/NPM/revoke', { grant });
      assert.deepEqual(revoked.body.grants, []);
      const begun = await admin.send('POST', '/api/v1/secrets/rotation');
      assert.equal(begun.status, 202);
      await rotation.settled();
      const state = await admin.send('GET', '/api/v1/secrets/rotation');
      assert.deepEqual([state.body.total, state.body.remaining], [2, 0]);

      const seen = await member.send('GET', '/api/v1/secrets');
      assert.deepEqual(
        seen.body.items.map(({ name }: { name: string }) => name),
        ['MINE'],
      );
      const log = await admin.send('GET', '/api/v1/audit?kind=secrets&limit=50');
      const operations = new Set(log.body.items.map(({ operation }: { operation: string }) => operation));
      assert.ok(operations.has('POST /secrets/:name/grant'));
      assert.ok(operations.has('POST /secrets/rotation'));
      assert.ok(!JSON.stringify([log.body, seen.body, granted.body]).includes(value));
    });
  } finally {
    await rotation.close();
    await db.close();
    await clone.drop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
