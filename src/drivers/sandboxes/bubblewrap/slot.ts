import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GantryError } from '../../../base/errors.ts';
import { killQuietly, type Cgroup, type CgroupLimits, type Cgroups } from './cgroup.ts';
import { makeChannels } from './channels.ts';
import { makeDisk, makeStorageDisk, unmount, type Disk, type DiskSize } from './disk.ts';
import { hasOwnUids, type Identity } from './identity.ts';
import type { LayerKind } from './layer-place.ts';
import { startSpawner, type Spawner } from './spawner.ts';
import { layTrees, UPPER_NAME, type Trees } from './trees.ts';
import { makeWorkspace, removeSimpleWorkspace } from './workspace.ts';

const WORKSPACE_NAME = 'workspace';
const OUTPUT_NAME = 'output';
const PRIVATE_NAME = 'private';

/** A place for one sandbox at a time: a uid, a disk, a cgroup and pipes, made once and used again. */
export interface Slot {
  readonly directory: string;
  readonly uid: number | undefined;
  readonly disk: Disk;
  readonly cgroup: Cgroup | undefined;
  /** Holds the workspace and, beside it, the files `stdin`, `script` and `status`, as this process sees it. */
  readonly furniture: string;
  /** The workspace, as the launcher sees it. */
  readonly workspace: string;
  /** The workspace, as this process sees it. */
  readonly hostWorkspace: string;
  /** What lies above the workspace's layers, or all of it where there are none, as this process sees it. */
  readonly hostTop: string;
  /** What kind of layer it makes when it is saved; `above` where an overlay shows layers below it. */
  readonly saves: LayerKind;
  /** Where the program's output files lie, as the launcher and as this process see it. */
  readonly output: string;
  readonly hostOutput: string;
  /** Starts its sandboxes; started again if it was killed. */
  spawner(): Spawner;
  writeLaunchFile(text: string): void;
  /** Writes the cgroup's limits unless they are in place. */
  limit(limits: CgroupLimits): void;
  /** A directory beside the workspace, made when it is first asked for, as the launcher sees it. */
  privateDirectory(name: string): string;
}

/** What a slot is made for that serves one sandbox on saved trees, and then goes. */
export interface SlotTree extends Trees {
  readonly uid: number | undefined;
  readonly disk: Disk['kind'];
}

/** Where slots are made. */
export interface SlotPlace {
  readonly directory: string;
  readonly identity: Identity;
  readonly cgroups: Cgroups | undefined;
}

export async function makeSlot(
  options: SlotPlace,
  index: number,
  size: DiskSize,
  tree?: SlotTree,
): Promise<Slot> {
  const own = hasOwnUids(options.identity) ? options.identity.firstUid + index : undefined;
  const uid = tree ? tree.uid : own;
  const directory = join(options.directory, `s${index}`);
  // A slot of this number that could not be removed would be mixed with this one.
  mkdirSync(directory);
  chmodSync(directory, 0o711);
  const makeIt = tree?.disk === 'storage' ? makeStorageDisk : makeDisk;
  const [disk] = await Promise.all([makeIt(join(directory, 'disk'), size), makeChannels(directory, uid)]);
  const cgroup = options.cgroups?.create(`s${index}`);
  cgroup?.reset();
  const launchPath = join(directory, 'launch');
  const start = (): Spawner => {
    const started = startSpawner(launchPath, uid);
    if (started.pid !== undefined) cgroup?.place(started.pid);
    return started;
  };
  let spawner = start();
  let launchText = '';
  let written = '';
  const saves = tree === undefined || tree.trees.length === 0 ? 'plain' : tree.copied ? 'whole' : 'above';
  const slot: Slot = {
    directory,
    uid,
    disk,
    cgroup,
    get furniture() {
      return disk.hostPath;
    },
    workspace: join(disk.path, WORKSPACE_NAME),
    get hostWorkspace() {
      return join(disk.hostPath, WORKSPACE_NAME);
    },
    saves,
    get hostTop() {
      return join(disk.hostPath, saves === 'above' ? UPPER_NAME : WORKSPACE_NAME);
    },
    output: join(disk.path, OUTPUT_NAME),
    get hostOutput() {
      return join(disk.hostPath, OUTPUT_NAME);
    },
    spawner: () => {
      if (!spawner.isAlive()) spawner = start();
      return spawner;
    },
    writeLaunchFile: (text) => {
      if (text !== launchText) writeFileSync(launchPath, text, { mode: 0o644 });
      launchText = text;
    },
    limit: (limits) => {
      const wanted = JSON.stringify(limits);
      if (wanted === written) return;
      written = '';
      cgroup?.setLimits(limits);
      written = wanted;
    },
    privateDirectory: (name) => makePrivate(slot, name),
  };
  furnish(slot);
  if (tree) await layTrees(slot, tree);
  return slot;
}

/** The sandbox may read our files but, as root's, not change their mode. */
function furnish(slot: Slot): void {
  for (const name of ['stdin', 'script', 'status']) {
    const path = join(slot.furniture, name);
    writeFileSync(path, '', { mode: name === 'status' ? 0o660 : 0o640 });
    chmodSync(path, name === 'status' ? 0o660 : 0o640);
    if (slot.uid !== undefined) chownSync(path, 0, slot.uid);
  }
  makeWorkspace(slot.hostWorkspace, slot.uid);
  makeWorkspace(slot.hostOutput, slot.uid);
}

function makePrivate(slot: Slot, name: string): string {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name))
    throw new GantryError(
      'INPUT_INVALID',
      `${JSON.stringify(name.slice(0, 50))} can't name a private directory.`,
    );
  const all = join(slot.furniture, PRIVATE_NAME);
  mkdirSync(all, { recursive: true, mode: 0o711 });
  if (!existsSync(join(all, name))) makeWorkspace(join(all, name), slot.uid);
  return join(slot.disk.path, PRIVATE_NAME, name);
}

/** Kills what is left and gives the slot an empty workspace. */
export async function emptySlot(slot: Slot): Promise<void> {
  await endProcesses(slot);
  const places = [slot.hostWorkspace, slot.hostOutput];
  if (places.every(removeSimpleWorkspace)) for (const place of places) makeWorkspace(place, slot.uid);
  else {
    await slot.disk.wipe();
    furnish(slot);
  }
  await slot.cgroup?.trim();
  slot.cgroup?.reset();
}

export async function removeSlot(slot: Slot): Promise<void> {
  await endProcesses(slot);
  await slot.spawner().close();
  if (slot.saves === 'above' && slot.disk.prefix.length === 0) await unmount(slot.workspace);
  await slot.disk.remove();
  await slot.cgroup?.remove();
  // Our own pipes and an empty mount point: nothing that a program could have shaped.
  rmSync(slot.directory, { recursive: true });
}

/** Kills whatever lives in the slot's cgroup and waits until it is empty. */
export async function endProcesses(slot: Slot): Promise<void> {
  for (let round = 0; ; round += 1) {
    const spawner = slot.spawner().pid;
    const left = slot.cgroup?.processes().filter((pid) => pid !== spawner) ?? [];
    if (left.length === 0) return;
    if (round > 100)
      throw new GantryError('SANDBOX_FAILED', `${left.length} processes of a sandbox survive their kill.`);
    for (const pid of left) killQuietly(pid);
    await delay(round < 10 ? 2 : 20);
  }
}
