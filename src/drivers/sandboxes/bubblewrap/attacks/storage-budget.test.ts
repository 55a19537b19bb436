import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Sandbox } from '../../../../resources/ports/sandbox.ts';
import { execute, trialLimits } from '../../trial.ts';
import { openArena } from './arena.ts';

const MiB = 1024 ** 2;
const arena = openArena({ storageBytes: 1024 * MiB });
after(() => arena.close());

test('workspaces on storage count as what they have written and some more, so that many fit whose limits do not', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('only root has workspaces on storage');
  const limits = { ...trialLimits, diskBytes: 700 * MiB, fileBytes: 700 * MiB };
  const open = (): Promise<Sandbox> =>
    arena.driver.create({ tenant: 'budget', limits, tree: { layers: [], disk: 'storage' } });
  const boxes = await Promise.all([open(), open(), open()]);
  const [first] = boxes;
  const { exit } = await execute(first, { argv: ['sh', '-c', 'head -c 400000000 /dev/zero > large'] });
  assert.deepEqual(exit, { kind: 'exited', code: 0 });
  let isOpen = false;
  const waiting = open().then((box) => {
    isOpen = true;
    return box;
  });
  const small = await arena.driver.create({ tenant: 'budget', limits: trialLimits });
  await execute(small, { argv: ['true'] });
  await small.destroy();
  assert.equal(isOpen, false, 'what the first one has written leaves no room for a fourth');
  await first?.destroy();
  await (await waiting).destroy();
  for (const box of boxes) await box.destroy();
});
