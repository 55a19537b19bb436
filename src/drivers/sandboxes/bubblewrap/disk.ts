import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { GantryError } from '../../../base/errors.ts';
import { killQuietly, makeDirectory } from './cgroup.ts';
import { runCommand, type CommandResult } from './command.ts';
import { makeImage, mountImage } from './image.ts';

export interface DiskSize {
  readonly bytes: number;
  readonly inodes: number;
}

/** A file system of limited size, one per slot, on which a sandbox's workspace lies. */
export interface Disk {
  readonly kind: 'memory' | 'storage';
  /** The file that holds it, on storage. */
  readonly image?: string;
  readonly size: DiskSize;
  /** Where the launcher finds it. */
  readonly path: string;
  /** Where this process finds it. */
  readonly hostPath: string;
  /** What has to stand before a command that uses `path`. */
  readonly prefix: readonly string[];
  /** Runs a command of ours where `path` is seen; for root's rights over all that lies on it, also as an ordinary user. */
  run(file: string, args: readonly string[]): Promise<CommandResult>;
  resize(size: DiskSize): Promise<void>;
  /** Empties it whatever lies on it: a tree made to defeat removal costs no more than any other. */
  wipe(): Promise<void>;
  remove(): Promise<void>;
}

/** The root of the file system, the workspace, the output beside it, and three files of ours. */
const OWN_INODES = 6;

export function makeDisk(path: string, size: DiskSize): Promise<Disk> {
  makeDirectory(path);
  return process.getuid?.() === 0 ? hostDisk(path, size) : privateDisk(path, size);
}

/** ext4 keeps the first for itself, and makes `lost+found`. */
const RESERVED_INODES = 11;

/** Only as root: a file system in an image, which is a file beside the place where it is mounted. */
export async function makeStorageDisk(path: string, size: DiskSize): Promise<Disk> {
  makeDirectory(path);
  const image = `${path}.ext4`;
  const begin = async (): Promise<void> => {
    await makeImage(image, { bytes: size.bytes, inodes: size.inodes + OWN_INODES + RESERVED_INODES });
    await mountImage(image, path, { readOnly: false });
    chmodSync(path, 0o711);
  };
  const remove = async (): Promise<void> => {
    await unmount(path);
    // A large one takes the kernel seconds on a busy disk.
    await rm(image, { force: true });
  };
  await begin();
  return {
    kind: 'storage',
    image,
    size,
    path,
    hostPath: path,
    prefix: [],
    run: runCommand,
    resize: async (wanted) => {
      if (wanted.bytes === size.bytes && wanted.inodes === size.inodes) return;
      throw new GantryError('SANDBOX_FAILED', 'A workspace on storage keeps the size that it was made with.');
    },
    wipe: async () => {
      await remove();
      await begin();
    },
    remove,
  };
}

async function hostDisk(path: string, first: DiskSize): Promise<Disk> {
  let size = first;
  const mount = (): Promise<void> =>
    demand('mount', ['-t', 'tmpfs', '-o', `${options(size)},mode=0711,nosuid,nodev`, 'gantry-sandbox', path]);
  await mount();
  return {
    kind: 'memory',
    get size() {
      return size;
    },
    path,
    hostPath: path,
    prefix: [],
    run: runCommand,
    resize: async (wanted) => {
      if (wanted.bytes === size.bytes && wanted.inodes === size.inodes) return;
      await demand('mount', remount(wanted, path));
      size = wanted;
    },
    wipe: async () => {
      await unmount(path);
      await mount();
    },
    remove: () => unmount(path),
  };
}

/**
 * An ordinary user may mount only in a mount namespace of their own. One process holds it: it ends when its input
 * closes, thus also when this process dies, and the files go with it.
 */
async function privateDisk(path: string, first: DiskSize): Promise<Disk> {
  let size = first;
  let holder = await startHolder(path, size);
  const enter = (): string[] => [
    '/usr/bin/nsenter',
    '--target',
    String(holder.pid),
    '--user',
    '--mount',
    '--preserve-credentials',
    '--',
  ];
  const run = (file: string, args: readonly string[]): Promise<CommandResult> =>
    runCommand('nsenter', [...enter().slice(1), file, ...args]);
  return {
    kind: 'memory',
    run,
    get size() {
      return size;
    },
    path,
    get hostPath() {
      return join('/proc', String(holder.pid), 'root', path);
    },
    get prefix() {
      return enter();
    },
    resize: async (wanted) => {
      if (wanted.bytes === size.bytes && wanted.inodes === size.inodes) return;
      const changed = await run('mount', remount(wanted, path));
      if (changed.code !== 0) throw unchanged('mount', changed);
      size = wanted;
    },
    wipe: async () => {
      await endHolder(holder);
      holder = await startHolder(path, size);
    },
    remove: () => endHolder(holder),
  };
}

async function startHolder(path: string, size: DiskSize): Promise<ChildProcess> {
  const script = 'mount -t tmpfs -o "$1" gantry-sandbox "$2" && echo ready && exec cat';
  const args = [
    '--user',
    '--map-root-user',
    '--mount',
    '--',
    'sh',
    '-c',
    script,
    'sh',
    `${options(size)},mode=0711,nosuid,nodev`,
    path,
  ];
  const holder = spawn('unshare', args, {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let problem = '';
  holder.stderr.on('data', (data: Buffer) => (problem += data.toString()));
  const ready = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    once(holder, 'close').then(() => false),
  ]);
  if (!ready)
    throw new GantryError(
      'SANDBOX_FAILED',
      `The workspace's file system could not be made: ${problem.trim()}.`,
    );
  holder.unref();
  holder.stdout.destroy();
  holder.stderr.destroy();
  if (holder.stdin instanceof Socket) holder.stdin.unref();
  return holder;
}

async function endHolder(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  holder.ref();
  const ended = once(holder, 'exit');
  if (holder.pid !== undefined) killQuietly(holder.pid);
  await ended;
}

export async function unmount(path: string): Promise<void> {
  const plain = await runCommand('umount', [path]);
  if (plain.code === 0 || /not mounted|no mount point/.test(plain.stderr)) return;
  await demand('umount', ['--lazy', path]);
}

function options(size: DiskSize): string {
  return `size=${size.bytes},nr_inodes=${size.inodes + OWN_INODES}`;
}

/** Source and target both given, mount adds no options of its own: in a user namespace the kernel refuses those. */
function remount(size: DiskSize, path: string): string[] {
  return ['-t', 'tmpfs', '-o', `remount,${options(size)},nosuid,nodev`, 'gantry-sandbox', path];
}

async function demand(file: string, args: readonly string[]): Promise<void> {
  const result = await runCommand(file, args);
  if (result.code !== 0) throw unchanged(file, result);
}

function unchanged(file: string, { stderr }: CommandResult): GantryError {
  return new GantryError(
    'SANDBOX_FAILED',
    `The workspace's file system could not be changed: ${file} said "${stderr.trim()}".`,
  );
}
