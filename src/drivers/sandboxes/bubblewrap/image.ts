import { truncateSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { GantryError } from '../../../base/errors.ts';
import { runCommand } from './command.ts';
import type { DiskSize } from './disk.ts';

/** Blocks, inode tables and directories of the file system itself, beside what it holds. */
const OWN_BYTES = 8 * 1024 ** 2;

/**
 * Makes a file that holds an empty ext4 file system. It takes no space until it is written to. There is no journal: one
 * that was not unmounted in order is thrown away.
 */
export async function makeImage(path: string, { bytes, inodes }: DiskSize): Promise<void> {
  const draft = `${path}.new`;
  writeFileSync(draft, '', { mode: 0o600 });
  truncateSync(draft, bytes + inodes * 256 + OWN_BYTES);
  await demand('mkfs.ext4', [
    ...['-q', '-F', '-b', '4096', '-m', '0', '-N', String(inodes), '-O', '^has_journal,^resize_inode'],
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
