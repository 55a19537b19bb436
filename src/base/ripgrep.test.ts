import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureRipgrep } from './ripgrep.ts';

test('ripgrep is put once where every account may run it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gantry-rg-'));
  try {
    const [rgPath, same] = await Promise.all([ensureRipgrep({ dataDir }), ensureRipgrep({ dataDir })]);
    assert.equal(rgPath, same);
    assert.equal(await ensureRipgrep({ dataDir }), rgPath);
    assert.equal((await stat(rgPath)).mode & 0o777, 0o755);
    assert.match(execFileSync(rgPath, ['--version'], { encoding: 'utf8' }), /^ripgrep \d/);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
