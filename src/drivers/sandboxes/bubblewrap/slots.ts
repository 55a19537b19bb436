import { GantryError, toGantryError } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { DiskSize } from './disk.ts';
import { emptySlot, makeSlot, removeSlot, type Slot, type SlotPlace, type SlotTree } from './slot.ts';

/** The places for sandboxes that this process has: made on demand, used again, freed when they stood idle for a while. */
export interface Slots {
  acquire(size: DiskSize): Promise<Slot>;
  /** One for a single sandbox, which `discard` ends. */
  make(size: DiskSize, tree: SlotTree): Promise<Slot>;
  /** Kills what is left and removes the slot; false if that can't be done. */
  discard(slot: Slot): Promise<boolean>;
  /** Kills what is left, empties the workspace and keeps the slot for later; false if that can't be done. */
  release(slot: Slot): Promise<boolean>;
  close(): Promise<void>;
}

export interface SlotOptions extends SlotPlace {
  readonly logger: Logger;
}

interface Idle {
  readonly slot: Slot;
  /** By `performance.now()`. */
  readonly since: number;
}

interface Shop extends SlotOptions {
  readonly idle: Idle[];
  /** Index of every slot that exists or is being made. */
  readonly taken: Set<number>;
  readonly indexOf: Map<Slot, number>;
}

/** Making a slot costs more than a run, so a rush keeps its slots for a while; these are kept for ever. */
const IDLE_KEPT = 3;
const IDLE_MS = 30_000;
const SWEEP_MS = 10_000;

export function openSlots(options: SlotOptions): Slots {
  const shop: Shop = { ...options, idle: [], taken: new Set(), indexOf: new Map() };
  const sweeper = setInterval(() => void sweep(shop), SWEEP_MS).unref();
  return {
    acquire: (size) => acquire(shop, size),
    release: (slot) => release(shop, slot),
    make: (size, tree) => create(shop, size, tree),
    discard: (slot) =>
      discard(shop, slot).then(
        () => true,
        (cause: unknown) => warn(shop, slot, cause),
      ),
    close: async () => {
      clearInterval(sweeper);
      await Promise.all(shop.idle.splice(0).map(({ slot }) => discard(shop, slot)));
    },
  };
}

async function acquire(shop: Shop, size: DiskSize): Promise<Slot> {
  const same = shop.idle.findLastIndex(
    ({ slot: { disk } }) => disk.size.bytes === size.bytes && disk.size.inodes === size.inodes,
  );
  const [found] = shop.idle.splice(same, 1);
  if (!found) return create(shop, size);
  const { slot } = found;
  try {
    await slot.disk.resize(size);
    return slot;
  } catch (cause) {
    shop.idle.push({ slot, since: performance.now() });
    throw cause;
  }
}

async function create(shop: Shop, size: DiskSize, tree?: SlotTree): Promise<Slot> {
  const index = lowestFree(shop);
  shop.taken.add(index);
  try {
    const slot = await makeSlot(shop, index, size, tree);
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
    shop.idle.push({ slot, since: performance.now() });
    return true;
  } catch (cause) {
    const message = 'A sandbox slot could not be cleaned; it is not used again';
    shop.logger.error({ err: cause, slot: slot.directory }, message);
    return false;
  }
}

/** The last one used is the first to be used again, so those that aren't needed stay at the front. */
async function sweep(shop: Shop): Promise<void> {
  const now = performance.now();
  const old = shop.idle.slice(0, -IDLE_KEPT).filter(({ since }) => now - since > IDLE_MS);
  shop.idle.splice(0, old.length);
  await Promise.all(
    old.map(({ slot }) => discard(shop, slot).catch((cause: unknown) => warn(shop, slot, cause))),
  );
}

function warn(shop: Shop, slot: Slot, cause: unknown): false {
  shop.logger.error(
    { err: cause, slot: slot.directory },
    'A sandbox slot could not be removed; its number is not used again',
  );
  return false;
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
