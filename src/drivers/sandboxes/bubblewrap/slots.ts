import { GantryError, toGantryError } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { DiskSize } from './disk.ts';
import { emptySlot, makeSlot, removeSlot, type Slot, type SlotPlace } from './slot.ts';

/** The places for sandboxes that this process has: made on demand, used again, freed when there are too many. */
export interface Slots {
  acquire(size: DiskSize): Promise<Slot>;
  /** Kills what is left, empties the workspace and keeps the slot for later; false if that can't be done. */
  release(slot: Slot): Promise<boolean>;
  close(): Promise<void>;
}

export interface SlotOptions extends SlotPlace {
  readonly logger: Logger;
}

interface Shop extends SlotOptions {
  readonly idle: Slot[];
  /** Index of every slot that exists or is being made. */
  readonly taken: Set<number>;
  readonly indexOf: Map<Slot, number>;
}

const IDLE_KEPT = 3;

export function openSlots(options: SlotOptions): Slots {
  const shop: Shop = { ...options, idle: [], taken: new Set(), indexOf: new Map() };
  return {
    acquire: (size) => acquire(shop, size),
    release: (slot) => release(shop, slot),
    close: async () => {
      await Promise.all(shop.idle.splice(0).map((slot) => discard(shop, slot)));
    },
  };
}

async function acquire(shop: Shop, size: DiskSize): Promise<Slot> {
  const same = shop.idle.findIndex(
    ({ disk }) => disk.size.bytes === size.bytes && disk.size.inodes === size.inodes,
  );
  const [slot] = shop.idle.splice(Math.max(same, 0), 1);
  if (!slot) return create(shop, size);
  try {
    await slot.disk.resize(size);
    return slot;
  } catch (cause) {
    shop.idle.push(slot);
    throw cause;
  }
}

async function create(shop: Shop, size: DiskSize): Promise<Slot> {
  const index = lowestFree(shop);
  shop.taken.add(index);
  try {
    const slot = await makeSlot(shop, index, size);
    shop.indexOf.set(slot, index);
    return slot;
  } catch (cause) {
    // Its number stays taken: what was made of it so far may still be there.
    throw toGantryError(cause, 'SANDBOX_FAILED');
  }
}

async function release(shop: Shop, slot: Slot): Promise<boolean> {
  try {
    await emptySlot(slot);
    if (shop.idle.length < IDLE_KEPT) shop.idle.push(slot);
    else await discard(shop, slot);
    return true;
  } catch (cause) {
    const message = 'A sandbox slot could not be cleaned; it is not used again';
    shop.logger.error({ err: cause, slot: slot.directory }, message);
    return false;
  }
}

async function discard(shop: Shop, slot: Slot): Promise<void> {
  await removeSlot(slot);
  shop.taken.delete(shop.indexOf.get(slot) ?? -1);
  shop.indexOf.delete(slot);
}

function lowestFree({ taken, identity }: Shop): number {
  for (let index = 0; index < identity.places; index += 1) if (!taken.has(index)) return index;
  throw new GantryError('SANDBOX_FAILED', `All ${identity.places} places for sandboxes are taken; wait.`);
}
