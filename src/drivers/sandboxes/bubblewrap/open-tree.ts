import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GantryError } from '../../../base/errors.ts';
import type { SandboxSpec, SandboxTree } from '../../../resources/ports/sandbox.ts';
import type { Budget } from './budget.ts';
import { layersDirectory, type Ground } from './ground.ts';
import { buildLayer } from './save.ts';
import type { Slot } from './slot.ts';
import { uidOfTenant } from './tenants.ts';

/** A slot whose workspace begins with saved layers. */
export interface TreeSlot {
  readonly slot: Slot;
  /** Saves what lies above the layers. Nothing may run. */
  save(key: string): Promise<void>;
  /** Ends it, and lets go of the layers. */
  end(): Promise<void>;
}

const MiB = 1024 ** 2;
/**
 * An image takes space only as it is written to, and few workspaces come near their limit: one counts as what it has
 * written and some more, at least this. In memory, of which there is less, the whole limit counts.
 */
const firstShare = 256 * MiB;
const margin = 64 * MiB;

/** Throws NOT_FOUND when a layer is missing, DISK_FULL when there is no room for the workspace. */
export async function openTree(
  ground: Ground,
  { tenant, limits, onWait }: SandboxSpec,
  tree: SandboxTree,
  dataDir: string,
): Promise<TreeSlot> {
  const { noOverlay, noStorage } = await ground.abilities();
  const disk = noStorage === undefined ? tree.disk : 'memory';
  const budget = disk === 'storage' ? ground.storageBudget : ground.budget;
  const { tenants } = ground.identity;
  const uid = tenants && uidOfTenant(join(layersDirectory(dataDir), 'tenants'), tenant, tenants);
  const taken = disk === 'storage' ? Math.min(limits.diskBytes, firstShare) : limits.diskBytes;
  const held = await ground.layers.hold(tenant, tree.layers);
  const giveUp = async (): Promise<void> => {
    await held.release();
  };
  try {
    if (disk === 'storage') demandRoom(dataDir, limits.diskBytes);
    await budget.take(taken, onWait);
  } catch (cause) {
    await giveUp();
    throw cause;
  }
  try {
    const slot = await ground.slots.make(
      { bytes: limits.diskBytes, inodes: limits.inodes },
      { uid, disk, base: dataDir, trees: held.trees, copied: noOverlay !== undefined },
    );
    const stop = followUse(budget, taken, slot, limits.diskBytes);
    return {
      slot,
      save: (key) =>
        ground.layers.save(tenant, key, (draft) => buildLayer(slot, draft, noStorage === undefined)),
      end: async () => {
        // Its path will lead elsewhere.
        stop();
        const gone = await ground.slots.discard(slot);
        await held.release();
        if (gone) budget.give(taken);
      },
    };
  } catch (cause) {
    budget.give(taken);
    await giveUp();
    throw cause;
  }
}

function followUse(budget: Budget, taken: number, { disk }: Slot, most: number): () => void {
  const { image, hostPath } = disk;
  if (image === undefined) return () => undefined;
  return budget.follow(taken, () => {
    const { blocks, bfree, bsize } = statfsSync(hostPath);
    // What was deleted stays allocated in the image, and what was only just written is not in it yet.
    const allocated = (statSync(image, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
    return Math.min(most, Math.max(allocated, (blocks - bfree) * bsize) + margin);
  });
}

/** An image takes its space only when it is written to: a program would find out as an error of the device. */
function demandRoom(directory: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(directory);
  if (bavail * bsize >= bytes) return;
  throw new GantryError(
    'DISK_FULL',
    `A workspace on storage may take ${bytes} bytes, and ${bavail * bsize} are free below ${directory}. Make room, or ask for less.`,
  );
}
