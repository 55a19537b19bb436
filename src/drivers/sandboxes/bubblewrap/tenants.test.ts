import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { uidOfTenant } from './tenants.ts';

const directory = mkdtempSync(join(tmpdir(), 'gantry-tenants-'));
after(() => rmSync(directory, { recursive: true }));

test('each tenant keeps a uid of its own until all are given away', () => {
  const range = { first: 5_000, count: 8 };
  const tenants = Array.from({ length: 8 }, (_, index) => `tenant ${index}`);
  const uids = tenants.map((tenant) => uidOfTenant(directory, tenant, range));
  assert.deepEqual(uids.toSorted(), [5_000, 5_001, 5_002, 5_003, 5_004, 5_005, 5_006, 5_007]);
  assert.deepEqual(
    tenants.map((tenant) => uidOfTenant(directory, tenant, range)),
    uids,
  );
  assert.throws(() => uidOfTenant(directory, 'one more', range), { code: 'SANDBOX_FAILED' });
});
