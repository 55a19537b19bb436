import { chmodSync, mkdirSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toGantryError } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { SandboxLimits, SandboxMount } from '../../../resources/ports/sandbox.ts';
import { plainView } from './arguments.ts';
import { findCgroups } from './cgroup-find.ts';
import { openBudget, type Budget } from './budget.ts';
import type { Cgroups } from './cgroup.ts';
import { requireBubblewrap } from './host-layout.ts';
import { findAbilities, type Abilities } from './abilities.ts';
import { identityOf, type Identity } from './identity.ts';
import { openLayerMounts } from './layer-mounts.ts';
import { clearUnfinished, openLayers, type LayerStore } from './layers.ts';
import { launch, type Cell, type Launcher } from './launch.ts';
import { cgroupLimits } from './limits.ts';
import { claimOwner, type Owner } from './owner.ts';
import { openPool, type Pool } from './pool.ts';
import { clearOwner, rememberCgroups } from './recover.ts';
import { closeInherited } from './inherited.ts';
import { seccompBytes } from './seccomp.ts';
import { openSlots, type Slots } from './slots.ts';

/** All that this process holds of the machine. */
export interface Ground {
  readonly owner: Owner;
  readonly directory: string;
  readonly launcher: Launcher;
  readonly cgroups: Cgroups | undefined;
  /** Why there are no cgroups. */
  readonly cgroupProblem: string;
  readonly budget: Budget;
  /** For workspaces that lie on storage. */
  readonly storageBudget: Budget;
  /** Found out when it is first asked for. */
  readonly abilities: () => Promise<Abilities>;
  readonly layers: LayerStore;
  readonly identity: Identity;
  readonly slots: Slots;
  readonly pool: Pool;
}

export interface GroundOptions {
  /** Sandboxes lie in `sandboxes` below it. As root, other users must be able to reach it. */
  readonly dataDir: string;
  /** All workspaces together, in bytes of memory. */
  readonly diskBytes: number;
  /** What workspaces on storage may hold together, and again what saved layers may; half of what is free when left out. */
  readonly storageBytes?: number | undefined;
  /** False leaves the machine's cgroups alone: limits are then held per process and by looking. */
  readonly cgroups?: boolean;
  /** False has workspaces begin with copies of saved trees; false keeps all of them in memory. */
  readonly overlay?: boolean;
  readonly storage?: boolean;
  readonly logger: Logger;
}

export async function openGround(options: GroundOptions, busy: () => number): Promise<Ground> {
  const bwrap = requireBubblewrap();
  const filter = seccompBytes();
  closeInherited();
  const owner = await claimOwner();
  try {
    const directory = join(options.dataDir, 'sandboxes', owner.name);
    await clearOwner(directory, owner.index);
    makePassable(options.dataDir, directory);
    const { cgroups, why } =
      options.cgroups === false
        ? { cgroups: undefined, why: 'they are turned off' }
        : await findCgroups(owner.name);
    rememberCgroups(directory, cgroups?.roots ?? []);
    const launcher = { bwrap, seccompFile: join(directory, 'seccomp.bpf') };
    writeFileSync(launcher.seccompFile, filter);
    const { logger } = options;
    const identity = identityOf(owner.index);
    const slots = openSlots({ directory, identity, cgroups, logger });
    const budget = openBudget(options.diskBytes, 'sandboxDiskMib');
    const storageBytes = options.storageBytes ?? halfOfFree(directory);
    const storageBudget = openBudget(storageBytes, 'sandboxStorageGib');
    const pool = openPool({ launcher, slots, logger, busy });
    const abilities = once(() => abilitiesOf(options, directory));
    const layers = await openStore(options.dataDir, directory, storageBytes, abilities);
    return {
      ...{ owner, directory, launcher, cgroups, cgroupProblem: why, identity },
      ...{ budget, storageBudget, slots, pool, abilities, layers },
    };
  } catch (cause) {
    await owner.release();
    throw toGantryError(cause, 'SANDBOX_UNAVAILABLE');
  }
}

export async function closeGround(ground: Ground): Promise<void> {
  await ground.pool.close();
  await ground.slots.close();
  await ground.layers.close();
  // Clears what the pools could not.
  await clearOwner(ground.directory, ground.owner.index);
  await ground.owner.release();
}

/** Saved layers lie beside the sandboxes, and stay when these go. */
export function layersDirectory(dataDir: string): string {
  return join(dataDir, 'layers');
}

async function openStore(
  dataDir: string,
  owned: string,
  maxBytes: number,
  abilities: () => Promise<Abilities>,
): Promise<LayerStore> {
  const directory = layersDirectory(dataDir);
  const store = openLayers({
    directory,
    maxBytes,
    mounts: openLayerMounts(join(owned, 'layers')),
    canUse: async (form, kind) => {
      const { noOverlay, noStorage } = await abilities();
      return (form === 'tree' || noStorage === undefined) && (kind !== 'above' || noOverlay === undefined);
    },
  });
  await clearUnfinished(directory);
  return store;
}

async function abilitiesOf({ overlay, storage }: GroundOptions, directory: string): Promise<Abilities> {
  const found = await findAbilities(directory);
  return {
    noOverlay: overlay === false ? 'it is turned off' : found.noOverlay,
    noStorage: storage === false ? 'it is turned off' : found.noStorage,
  };
}

function halfOfFree(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return Math.floor((bavail * bsize) / 2);
}

function once<Found>(find: () => Promise<Found>): () => Promise<Found> {
  let found: Promise<Found> | undefined;
  return () => (found ??= find());
}

/** Starts an empty sandbox now. */
export async function startCell(
  ground: Ground,
  limits: SandboxLimits,
  mounts: readonly SandboxMount[],
): Promise<Cell> {
  const size = { bytes: limits.diskBytes, inodes: limits.inodes };
  const slot = await ground.slots.acquire(size);
  try {
    slot.limit(cgroupLimits(limits));
    return launch(ground.launcher, slot, plainView(mounts), false);
  } catch (cause) {
    await ground.slots.release(slot);
    throw toGantryError(cause, 'SANDBOX_FAILED');
  }
}

/** As root, sandboxes run under uids of their own, which must be able to pass, though not to list, these directories. */
function makePassable(dataDir: string, directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  if (process.getuid?.() !== 0) return;
  for (const path of [dataDir, join(dataDir, 'sandboxes'), directory])
    chmodSync(path, (statSync(path).mode & 0o7777) | 0o011);
}
