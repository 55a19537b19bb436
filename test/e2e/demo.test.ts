import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gantry } from '../support/command-line.ts';

test('the demo is one command: a session with tests that fail and then pass, pushed, shown as a diff, and gone afterwards', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-demos-'));
  t.after(() => rmSync(directory, { recursive: true }));
  chmodSync(directory, 0o755);
  const { code, stdout, stderr } = await gantry(['demo'], { env: { TMPDIR: directory }, cwd: directory });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /The model of this demo is scripted/);
  const told = [
    /✗ Step 1: npm test fails \(1 of 3/,
    /Verify: Step 1 of 2: retry 1 of 3/,
    /✓ Step 1: .*npm test passes/,
    /✓ Pushed gantry\/[0-9a-f]{8}/,
  ];
  for (const line of told) assert.match(stderr, line);
  assert.match(stdout, /^[0-9a-f]{7} feat\(cart\): Take a discount code off the total$/m);
  assert.match(stdout, /^[0-9a-f]{7} feat\(cart\): Refuse discount codes that do not exist$/m);
  assert.match(stdout, /^\+ {2}return sum - Math\.ceil/m);
  assert.deepEqual(readdirSync(directory), []);
});
