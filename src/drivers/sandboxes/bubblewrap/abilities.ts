import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { makeImage } from './image.ts';
import { overlayOptions } from './overlay.ts';

/** What this machine offers for trees, found out by doing it; each is the reason why not, or undefined. */
export interface Abilities {
  readonly noOverlay: string | undefined;
  readonly noStorage: string | undefined;
}

/** Tries in a mount namespace of its own, with which all of it goes. */
export async function findAbilities(directory: string): Promise<Abilities> {
  const [noOverlay, noStorage] = await Promise.all([tryOverlay(directory), tryStorage(directory)]);
  return { noOverlay, noStorage };
}

const alone = ['--mount', '--propagation', 'private'];

async function tryOverlay(directory: string): Promise<string | undefined> {
  const options = overlayOptions({ lower: ['low'], upper: 'up', work: 'work' });
  const script = `mount -t tmpfs none "$1" && cd "$1" && mkdir low low/a up work at && mount -t overlay -o ${options} none at && rmdir at/a && mkdir at/a && [ -d low/a ]`;
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const tried = await runCommand('unshare', [...user, ...alone, 'sh', '-c', script, 'sh', directory]);
  return tried.code === 0 ? undefined : reason(tried.stderr);
}

async function tryStorage(directory: string): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'it needs root';
  const image = join(directory, 'try.ext4');
  try {
    await makeImage(image, { bytes: 1024 ** 2, inodes: 64 });
    const script = 'mount -t ext4 -o loop,ro "$1" "$2"';
    const tried = await runCommand('unshare', [...alone, 'sh', '-c', script, 'sh', image, directory]);
    return tried.code === 0 ? undefined : reason(tried.stderr);
  } catch (cause) {
    return reason(cause instanceof Error ? cause.message : '');
  } finally {
    rmSync(image, { force: true });
  }
}

function reason(said: string): string {
  return said.trim().split('\n')[0]?.slice(0, 200) || 'the kernel refuses it';
}
