import { setTimeout as timer } from 'node:timers/promises';
import { GantryError } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { SandboxBoot, SandboxLimits, SandboxMount } from '../../../resources/ports/sandbox.ts';
import { plainView } from './arguments.ts';
import { cgroupLimits } from './limits.ts';
import { endCell, launch, type Cell, type Launcher } from './launch.ts';
import { startScript } from './script.ts';
import type { Slots } from './slots.ts';

/** How many different sets of mounts empty sandboxes are kept for. */
const KINDS_KEPT = 3;
const BACKOFF_MS = 1_000;
/** An interpreter that isn't ready by then never will be. */
const BOOT_MS = 10_000;
/** The program for which the last one was taken comes first, and then its answer; */
const PAUSE_MS = 1;
const ANSWER_MS = 5;
/** but refilling gives way no longer than this. */
const GIVE_WAY_MS = 20;

/** What a parked sandbox is for: with a boot an interpreter runs in it, without one it is empty. */
export interface Kind {
  readonly key: string;
  readonly mounts: readonly SandboxMount[];
  readonly limits: SandboxLimits;
  readonly boot: SandboxBoot | undefined;
  readonly count: number;
}

/** A parked sandbox and what it was parked with. */
export interface Parked {
  readonly cell: Cell;
  readonly limits: SandboxLimits;
}

export interface Pool {
  /** A parked sandbox of this kind, if one is left; another is parked in its place. */
  take(key: string): Parked | undefined;
  /** Keeps `kind.count` parked from now on. */
  keep(kind: Kind): Promise<void>;
  parked(): number;
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly launcher: Launcher;
  readonly slots: Slots;
  readonly logger: Logger;
  /** Programs that run now. */
  readonly busy: () => number;
}

interface Shelf {
  kind: Kind;
  readonly parked: Parked[];
  /** At work while fewer are parked than should be. */
  filling: Promise<void> | undefined;
}

export function openPool(options: PoolOptions): Pool {
  const shelves = new Map<string, Shelf>();
  const ending = new AbortController();
  const { signal } = ending;

  /** Cut short when the pool closes; alone it doesn't keep the process alive. */
  const delay = (ms: number): Promise<void> =>
    timer(ms, undefined, { ref: false, signal }).catch(() => undefined);

  const discard = async (cell: Cell): Promise<void> => {
    await endCell(cell);
    await options.slots.release(cell.slot);
  };
  const refill = (shelf: Shelf): void => {
    shelf.filling ??= fill(shelf).finally(() => (shelf.filling = undefined));
  };
  const isShort = (shelf: Shelf): boolean =>
    !signal.aborted && shelves.get(shelf.kind.key) === shelf && shelf.parked.length < shelf.kind.count;
  const fill = async (shelf: Shelf): Promise<void> => {
    while (isShort(shelf)) {
      await giveWay(options.busy, delay);
      const { kind } = shelf;
      try {
        shelve(shelf, { cell: await park(options, kind, signal), limits: kind.limits });
      } catch (cause) {
        if (signal.aborted) return;
        options.logger.warn({ err: cause, kind: kind.key }, 'A sandbox could not be parked');
        await delay(BACKOFF_MS);
      }
    }
  };
  const shelve = (shelf: Shelf, one: Parked): void => {
    if (!isShort(shelf)) {
      void discard(one.cell);
      return;
    }
    shelf.parked.push(one);
    void one.cell.ended.then(() => replace(shelf, one));
  };
  const replace = async (shelf: Shelf, died: Parked): Promise<void> => {
    const at = shelf.parked.indexOf(died);
    if (at === -1) return;
    shelf.parked.splice(at, 1);
    await discard(died.cell);
    await delay(BACKOFF_MS);
    refill(shelf);
  };
  const drop = async (shelf: Shelf, left: number): Promise<void> => {
    await Promise.all(shelf.parked.splice(left).map((one) => discard(one.cell)));
  };
  return {
    take: (key) => {
      const shelf = shelves.get(key);
      if (!shelf) return undefined;
      const one = shelf.parked.shift();
      // The one that was used last is the last to be forgotten.
      shelves.delete(key);
      shelves.set(key, shelf);
      refill(shelf);
      return one;
    },
    keep: async (kind) => {
      const shelf = shelves.get(kind.key) ?? { kind, parked: [], filling: undefined };
      const changed = JSON.stringify(shelf.kind) !== JSON.stringify(kind);
      shelf.kind = kind;
      shelves.set(kind.key, shelf);
      await drop(shelf, changed && kind.boot ? 0 : kind.count);
      for (const old of [...shelves.values()].filter((one) => !one.kind.boot).slice(0, -KINDS_KEPT)) {
        shelves.delete(old.kind.key);
        await drop(old, 0);
      }
      refill(shelf);
    },
    parked: () =>
      [...shelves.values()].reduce((sum, shelf) => sum + (shelf.kind.boot ? shelf.parked.length : 0), 0),
    close: async () => {
      ending.abort();
      await Promise.all([...shelves.values()].map((shelf) => shelf.filling));
      await Promise.all([...shelves.values()].map((shelf) => drop(shelf, 0)));
      shelves.clear();
    },
  };
}

async function giveWay(busy: () => number, delay: (ms: number) => Promise<void>): Promise<void> {
  const until = performance.now() + GIVE_WAY_MS;
  do await delay(PAUSE_MS);
  while (busy() > 0 && performance.now() < until);
  await delay(ANSWER_MS);
}

async function park(options: PoolOptions, kind: Kind, signal: AbortSignal): Promise<Cell> {
  const slot = await options.slots.acquire({ bytes: kind.limits.diskBytes, inodes: kind.limits.inodes });
  let cell: Cell | undefined;
  try {
    slot.limit(cgroupLimits(kind.limits));
    cell = launch(options.launcher, slot, plainView(kind.mounts), kind.boot !== undefined);
    if (kind.boot) await startInterpreter(cell, kind.boot, signal);
    return cell;
  } catch (cause) {
    if (cell) await endCell(cell);
    await options.slots.release(slot);
    throw cause;
  }
}

async function startInterpreter(cell: Cell, boot: SandboxBoot, signal: AbortSignal): Promise<void> {
  const perProcess = cell.slot.cgroup ? undefined : { memory: boot.reservesAddressSpace !== true };
  const script = startScript({
    argv: boot.argv,
    cwd: undefined,
    env: boot.env,
    limits: boot.limits,
    streamed: false,
    perProcess,
  });
  cell.send(script);
  const isReady = await Promise.race([
    cell.boot?.ready.then(() => true),
    cell.ended.then(() => false),
    timer(BOOT_MS, false, { signal, ref: false }).catch(() => false),
  ]);
  if (isReady !== true)
    throw new GantryError('SANDBOX_FAILED', `The interpreter for "${boot.key}" did not become ready.`);
}
