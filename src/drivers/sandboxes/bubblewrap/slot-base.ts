import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cgroup, Cgroups } from './cgroup.ts';
import { giveChannels, makeChannels } from './channels.ts';
import { makeDisk, makeStorageDisk, type Disk, type DiskSize } from './disk.ts';
import type { Identity } from './identity.ts';

/** Where slots are made. */
export interface SlotPlace {
  readonly directory: string;
  readonly identity: Identity;
  readonly cgroups: Cgroups | undefined;
}

/** What a slot consists of before it is given to a user: no process, no file of a sandbox. */
export interface SlotBase {
  readonly index: number;
  readonly directory: string;
  readonly disk: Disk;
  readonly cgroup: Cgroup | undefined;
}

export async function makeBase(
  place: SlotPlace,
  index: number,
  size: DiskSize,
  kind: Disk['kind'],
): Promise<SlotBase> {
  const directory = join(place.directory, `s${index}`);
  // A slot of this number that could not be removed would be mixed with this one.
  mkdirSync(directory, { mode: 0o700 });
  const make = kind === 'storage' ? makeStorageDisk : makeDisk;
  const [disk] = await Promise.all([make(join(directory, 'disk'), size), makeChannels(directory)]);
  const cgroup = place.cgroups?.create(`s${index}`);
  cgroup?.reset();
  return { index, directory, disk, cgroup };
}

/** From now on this user, and no other, passes through its directory and opens its pipes. */
export function giveBase({ directory }: SlotBase, uid: number | undefined): void {
  if (uid === undefined) return;
  chownSync(directory, 0, uid);
  chmodSync(directory, 0o710);
  giveChannels(directory, uid);
}

/** Nothing may run in it. */
export async function removeBase({ directory, disk, cgroup }: SlotBase): Promise<void> {
  await disk.remove();
  await cgroup?.remove();
  // Our own pipes and an empty mount point: nothing that a program could have shaped.
  rmSync(directory, { recursive: true });
}
