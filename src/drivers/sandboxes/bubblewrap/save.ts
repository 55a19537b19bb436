import { mkdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { GantryError } from '../../../base/errors.ts';
import { mortal, runCommand, type CommandResult } from './command.ts';
import { unmount } from './disk.ts';
import { makeImage, mountImage } from './image.ts';
import type { BuiltLayer } from './layers.ts';
import type { Slot } from './slot.ts';

/** Makes a layer of what lies above the layers of a slot's workspace, in which nothing runs. */
export async function buildLayer(slot: Slot, draft: string, images: boolean): Promise<BuiltLayer> {
  const kind = slot.saves;
  if (slot.disk.image !== undefined)
    return { form: 'image', kind, root: await giveImage(slot, slot.disk.image, draft) };
  if (images) {
    await copyToImage(slot, draft);
    return { form: 'image', kind, root: 'tree' };
  }
  told(await slot.disk.run('setpriv', [...mortal, 'cp', '-a', '--', topOf(slot), join(draft, 'tree')]));
  return { form: 'tree', kind, root: 'tree' };
}

/** The disk itself becomes the layer: nothing is copied. */
async function giveImage(slot: Slot, image: string, draft: string): Promise<string> {
  const { path } = slot.disk;
  if (slot.saves === 'above') await unmount(slot.workspace);
  const root = basename(slot.hostTop);
  told(
    await runCommand('find', [
      path,
      ...['-mindepth', '1', '-maxdepth', '1', '!', '-name', root],
      ...['-exec', 'rm', '-rf', '--', '{}', '+'],
    ]),
  );
  told(await runCommand('sync', ['-f', path]));
  // What was deleted gives its space back; a storage that can't do that only keeps it.
  await runCommand('fstrim', [path]);
  told(await runCommand('mount', ['-o', 'remount,ro', path]));
  await unmount(path);
  renameSync(image, join(draft, 'image'));
  return root;
}

async function copyToImage(slot: Slot, draft: string): Promise<void> {
  const { blocks, bfree, bsize, files, ffree } = statfsSync(slot.disk.hostPath);
  const inodes = files - ffree + 64;
  const image = join(draft, 'image');
  const at = join(slot.directory, 'save');
  await makeImage(image, { bytes: (blocks - bfree) * bsize * 2 + inodes * 8_192, inodes });
  mkdirSync(at);
  await mountImage(image, at, { readOnly: false });
  try {
    told(await runCommand('setpriv', [...mortal, 'cp', '-a', '--', slot.hostTop, join(at, 'tree')]));
    told(await runCommand('sync', ['-f', at]));
    told(await runCommand('mount', ['-o', 'remount,ro', at]));
  } finally {
    await unmount(at);
  }
  rmSync(at, { recursive: true });
}

/** As the launcher sees it, which is where the disk's commands run. */
function topOf(slot: Slot): string {
  return join(slot.disk.path, basename(slot.hostTop));
}

function told(result: CommandResult): void {
  if (result.code === 0) return;
  const full = /No space left|quota/i.test(result.stderr);
  throw new GantryError(
    full ? 'DISK_FULL' : 'SANDBOX_FAILED',
    `The workspace could not be saved: ${result.stderr.trim().slice(0, 500)}.`,
  );
}
