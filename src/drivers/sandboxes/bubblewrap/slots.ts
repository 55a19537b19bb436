import { GantryError, toGantryError } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { Disk, DiskSize } from './disk.ts';
import { layTrees } from './trees.ts';
import { emptySlot, occupy, occupyForTree, removeSlot, type Slot, type SlotTree } from './slot.ts';
import { makeBase, removeBase, type SlotBase, type SlotPlace } from './slot-base.ts';

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
  /** For the next sandboxes on trees, the kind that was asked for last at the end. */
  readonly spares: Map<string, Promise<SlotBase>>;
  closing: boolean;
}

/** Making a slot costs more than a run, so a rush keeps its slots for a while; these are kept for ever. */
const IDLE_KEPT = 3;
const IDLE_MS = 30_000;
const SWEEP_MS = 10_000;
/** Sizes and kinds of disk that a spare is kept for; one each. */
const SPARES_KEPT = 2;
/** The program for which the last one was taken comes first. */
const SPARE_AFTER_MS = 30;
/** An overlay's directories, and the one of private directories with two in it. */
const TREE_INODES = 8;

export function openSlots(options: SlotOptions): Slots {
  const shop: Shop = { ...options, idle: [], taken: new Set(), spares: new Map(), closing: false };
  const sweeper = setInterval(() => void sweep(shop), SWEEP_MS).unref();
  return {
    acquire: (size) => acquire(shop, size),
    release: (slot) => release(shop, slot),
    make: (size, tree) => makeForTree(shop, size, tree),
    discard: (slot) =>
      discard(shop, slot).then(
        () => true,
        (cause: unknown) => warn(shop, slot, cause),
      ),
    close: async () => {
      clearInterval(sweeper);
      shop.closing = true;
      await Promise.all([...shop.spares.keys()].map((key) => dropSpare(shop, key)));
      await Promise.all(shop.idle.splice(0).map(({ slot }) => discard(shop, slot)));
    },
  };
}

async function acquire(shop: Shop, size: DiskSize): Promise<Slot> {
  const same = shop.idle.findLastIndex(
    ({ slot: { disk } }) => disk.size.bytes === size.bytes && disk.size.inodes === size.inodes,
  );
  const [found] = shop.idle.splice(same, 1);
  if (!found) return occupy(shop, await create(shop, size, 'memory'));
  const { slot } = found;
  try {
    await slot.disk.resize(size);
    return slot;
  } catch (cause) {
    shop.idle.push({ slot, since: performance.now() });
    throw cause;
  }
}

/** What takes longest stands ready for the next one of the same size. */
async function makeForTree(shop: Shop, asked: DiskSize, tree: SlotTree): Promise<Slot> {
  const size = { bytes: asked.bytes, inodes: asked.inodes + TREE_INODES };
  const key = `${tree.disk} ${size.bytes} ${size.inodes}`;
  const spare = shop.spares.get(key);
  shop.spares.delete(key);
  const base = (await spare?.catch(() => undefined)) ?? (await create(shop, size, tree.disk));
  const slot = occupyForTree(base, tree);
  try {
    await layTrees(slot, tree);
  } catch (cause) {
    await discard(shop, slot).catch((why: unknown) => warn(shop, slot, why));
    throw cause;
  }
  setTimeout(() => keepSpare(shop, key, () => create(shop, size, tree.disk)), SPARE_AFTER_MS).unref();
  return slot;
}

function keepSpare(shop: Shop, key: string, make: () => Promise<SlotBase>): void {
  if (shop.closing || shop.spares.has(key)) return;
  const spare = make();
  spare.catch(() => undefined);
  shop.spares.set(key, spare);
  for (const old of [...shop.spares.keys()].slice(0, -SPARES_KEPT)) void dropSpare(shop, old);
}

async function dropSpare(shop: Shop, key: string): Promise<void> {
  const spare = shop.spares.get(key);
  shop.spares.delete(key);
  const base = await spare?.catch(() => undefined);
  if (!base) return;
  await removeBase(base);
  shop.taken.delete(base.index);
}

async function create(shop: Shop, size: DiskSize, kind: Disk['kind']): Promise<SlotBase> {
  const index = lowestFree(shop);
  shop.taken.add(index);
  try {
    return await makeBase(shop, index, size, kind);
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
  shop.taken.delete(slot.index);
}

function lowestFree({ taken, identity }: Shop): number {
  for (let index = 0; index < identity.places; index += 1) if (!taken.has(index)) return index;
  throw new GantryError('SANDBOX_FAILED', `All ${identity.places} places for sandboxes are taken; wait.`);
}
