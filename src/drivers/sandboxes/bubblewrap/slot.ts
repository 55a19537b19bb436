import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GantryError } from '../../../base/errors.ts';
import { killQuietly, type CgroupLimits } from './cgroup.ts';
import { unmount, type Disk } from './disk.ts';
import { hasOwnUids } from './identity.ts';
import type { LayerKind } from './layer-place.ts';
import { giveBase, removeBase, type SlotBase, type SlotPlace } from './slot-base.ts';
import { startSpawner, type Spawner } from './spawner.ts';
import { UPPER_NAME, type Trees } from './trees.ts';
import { makeWorkspace, removeSimpleWorkspace } from './workspace.ts';

const WORKSPACE_NAME = 'workspace';
const OUTPUT_NAME = 'output';
const PRIVATE_NAME = 'private';

/** A place for one sandbox at a time: a uid, a disk, a cgroup and pipes, made once and used again. */
export interface Slot extends SlotBase {
  readonly uid: number | undefined;
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

/** What a slot is made for that serves one sandbox on saved trees, and then goes. */
export interface SlotTree extends Trees {
  readonly uid: number | undefined;
  readonly disk: Disk['kind'];
}

/** Gives it to the user of its number. */
export function occupy(place: SlotPlace, base: SlotBase): Slot {
  const { identity } = place;
  const slot = fit(base, hasOwnUids(identity) ? identity.firstUid + base.index : undefined, 'plain');
  furnish(slot);
  return slot;
}

/** Gives it to the user of a tenant, for `layTrees`. */
export function occupyForTree(base: SlotBase, tree: SlotTree): Slot {
  const kind = tree.trees.length === 0 ? 'plain' : tree.copied ? 'whole' : 'above';
  const slot = fit(base, tree.uid, kind);
  furnish(slot);
  return slot;
}

function fit(base: SlotBase, uid: number | undefined, saves: LayerKind): Slot {
  const { directory, disk, cgroup } = base;
  giveBase(base, uid);
  const launchPath = join(directory, 'launch');
  const start = (): Spawner => {
    const started = startSpawner(launchPath, uid);
    if (started.pid !== undefined) cgroup?.place(started.pid);
    return started;
  };
  let spawner = start();
  let launchText = '';
  let written = '';
  const slot: Slot = {
    ...base,
    uid,
    saves,
    get furniture() {
      return disk.hostPath;
    },
    workspace: join(disk.path, WORKSPACE_NAME),
    get hostWorkspace() {
      return join(disk.hostPath, WORKSPACE_NAME);
    },
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
  const simple = !existsSync(join(slot.furniture, PRIVATE_NAME));
  if (simple && places.every(removeSimpleWorkspace))
    for (const place of places) makeWorkspace(place, slot.uid);
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
  await removeBase(slot);
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
