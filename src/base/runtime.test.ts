import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ensureRuntime } from './runtime.ts';

test('Node lies once under the data directory, where every user can execute it', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gantry-runtime-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  await chmod(dataDir, 0o755);

  const both = await Promise.all([ensureRuntime({ dataDir }), ensureRuntime({ dataDir })]);
  const { nodePath } = both[0];
  assert.equal(both[1].nodePath, nodePath);
  assert.equal((await stat(nodePath)).mode & 0o555, 0o555);
  assert.deepEqual(await readdir(dirname(nodePath)), ['node']);
  assert.equal(await inode(nodePath), await inode((await ensureRuntime({ dataDir })).nodePath));

  const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const options = { cwd: '/', env: {}, ...account };
  assert.equal(execFileSync(nodePath, ['-p', 'process.version'], options).toString().trim(), process.version);
});

async function inode(path: string): Promise<number> {
  return (await stat(path)).ino;
}
