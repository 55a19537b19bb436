import { truncateSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { GantryError } from '../../../base/errors.ts';
import { runCommand } from './command.ts';
import type { DiskSize } from './disk.ts';

const MiB = 1024 ** 2;
const INODE_BYTES = 256;
/** Bitmaps, descriptors and the like: for the file system, and for each group of its blocks. */
const OWN_BYTES = MiB / 16;
const GROUP_BYTES = 128 * MiB;
const OWN_GROUP_BYTES = MiB / 32;
/** ext4 keeps a fiftieth of its blocks back, so that what was accepted for writing finds its place. */
const mostKeptBack = 16 * MiB;

/** How large an image has to be for so much to fit into it. */
function imageBytes({ bytes, inodes }: DiskSize): number {
  const held = bytes + inodes * INODE_BYTES;
  const groups = Math.ceil(held / GROUP_BYTES) + 1;
  return Math.ceil(held + Math.min(mostKeptBack, held / 49) + groups * OWN_GROUP_BYTES + OWN_BYTES);
}

/**
 * Makes a file that holds an empty ext4 file system. It takes no space until it is written to. There is no journal: one
 * that was not unmounted in order is thrown away.
 */
export async function makeImage(path: string, size: DiskSize): Promise<void> {
  const draft = `${path}.new`;
  writeFileSync(draft, '', { mode: 0o600 });
  truncateSync(draft, imageBytes(size));
  await demand('mkfs.ext4', [
    ...['-q', '-F', '-b', '4096', '-m', '0', '-N', String(size.inodes), '-O', '^has_journal,^resize_inode'],
    ...['-E', 'lazy_itable_init=1,nodiscard,root_owner=0:0', draft],
  ]);
  await rename(draft, path);
}

/** Mounts an image on a loop device that goes with the mount. */
export async function mountImage(
  image: string,
  at: string,
  { readOnly }: { readonly readOnly: boolean },
): Promise<void> {
  const options = `loop,nosuid,nodev,noatime,${readOnly ? 'ro' : 'noinit_itable,errors=remount-ro'}`;
  await demand('mount', ['-t', 'ext4', '-o', options, image, at]);
}

async function demand(file: string, args: readonly string[]): Promise<void> {
  const result = await runCommand(file, args);
  if (result.code === 0) return;
  throw new GantryError(
    'SANDBOX_FAILED',
    `A file system on storage could not be made: ${file} said "${result.stderr.trim()}".`,
  );
}
