import { join } from 'node:path';
import { GantryError } from '../../../base/errors.ts';
import { newId } from '../../../base/ids.ts';
import type {
  Sandbox,
  SandboxCapabilities,
  SandboxDriver,
  SandboxLimits,
  SandboxSpec,
  SandboxTree,
} from '../../../resources/ports/sandbox.ts';
import {
  closeGround,
  layersDirectory,
  openGround,
  startCell,
  type Ground,
  type GroundOptions,
} from './ground.ts';
import { endCell, launch, type Cell } from './launch.ts';
import { clearUnfinished } from './layers.ts';
import { cgroupLimits } from './limits.ts';
import { openTree } from './open-tree.ts';
import { probe } from './probe.ts';
import { recoverDead } from './recover.ts';
import { createSandbox } from './sandbox.ts';
import type { Slot } from './slot.ts';

export interface BubblewrapOptions extends GroundOptions {
  /** What must be enforced: memory, cpu, processes, disk, network. */
  readonly require: readonly string[];
  readonly allowUnsafe: boolean;
  /** Empty sandboxes kept started, per set of mounts; 2 when left out. */
  readonly standby?: number;
}

const STANDBY = 2;

/** What changes while the driver is open. */
interface State {
  readonly options: BubblewrapOptions;
  readonly live: Set<Sandbox>;
  /** Sandboxes that are being made. */
  readonly making: Set<Promise<unknown>>;
  closed: boolean;
  ground: Promise<Ground> | undefined;
  checked: Promise<SandboxCapabilities> | undefined;
  parked: () => number;
  running: number;
  started: number;
  warmHits: number;
  warmMisses: number;
}

/** Isolates programs with bubblewrap: namespaces, a system call filter, cgroups or rlimits, and a uid per sandbox as root. */
export function createBubblewrapDriver(options: BubblewrapOptions): SandboxDriver {
  const state: State = {
    options,
    live: new Set(),
    making: new Set(),
    closed: false,
    ground: undefined,
    checked: undefined,
    parked: () => 0,
    running: 0,
    started: 0,
    warmHits: 0,
    warmMisses: 0,
  };
  return {
    name: 'bubblewrap',
    probe: () => check(state),
    create: (spec) =>
      whileOpen(state, async () => {
        await check(state);
        return create(state, await open(state), spec);
      }),
    prewarm: (boot, count) =>
      whileOpen(state, async () => {
        await check(state);
        const { pool } = await open(state);
        await pool.keep({ key: bootKey(boot.key), mounts: boot.mounts, limits: boot.limits, boot, count });
      }),
    stats: () => ({
      started: state.started,
      warmHits: state.warmHits,
      warmMisses: state.warmMisses,
      parked: state.parked(),
    }),
    layers: {
      has: async (tenant, key) => (await open(state)).layers.has(tenant, key),
      list: async () => (await open(state)).layers.list(),
      remove: async (tenant, key) => (await open(state)).layers.remove(tenant, key),
    },
    recover: async () => {
      await recoverDead(join(options.dataDir, 'sandboxes'));
      await clearUnfinished(layersDirectory(options.dataDir));
    },
    close: () => close(state),
  };
}

/** What is begun before the end is waited for there; nothing begins after it, for nobody would clear it away. */
async function whileOpen<Made>(state: State, make: () => Promise<Made>): Promise<Made> {
  if (state.closed)
    throw new GantryError('SHUTTING_DOWN', 'No sandbox is made any more: Gantry is stopping.');
  const made = make();
  state.making.add(made);
  try {
    return await made;
  } finally {
    state.making.delete(made);
  }
}

/** Opened once; after a failure, which the operator may mend, the next call tries again. */
function open(state: State): Promise<Ground> {
  state.ground ??= openGround(state.options, () => state.running).then(
    (ground) => {
      state.parked = ground.pool.parked;
      return ground;
    },
    (cause: unknown) => {
      state.ground = undefined;
      throw cause;
    },
  );
  return state.ground;
}

/** Probes once before anything else runs; after a failure the next call looks again. */
function check(state: State): Promise<SandboxCapabilities> {
  const { require, allowUnsafe } = state.options;
  state.checked ??= open(state)
    .then((ground) =>
      probe({
        create: async (limits) => {
          const cell = await startCell(ground, limits, []);
          return wrap(state, ground, { tenant: 'probe', limits }, { slot: cell.slot, first: cell });
        },
        abilities: ground.abilities,
        cgroup: ground.cgroups?.version ?? 'none',
        cgroupProblem: ground.cgroupProblem,
        require,
        allowUnsafe,
      }),
    )
    .catch((cause: unknown) => {
      state.checked = undefined;
      throw cause;
    });
  return state.checked;
}

async function create(state: State, ground: Ground, spec: SandboxSpec): Promise<Sandbox> {
  if (spec.tree) return createOnTree(state, ground, spec, spec.tree);
  const { diskBytes } = spec.limits;
  const giveBack = (): void => ground.budget.give(diskBytes);
  await ground.budget.take(diskBytes);
  try {
    const booted = spec.bootKey === undefined ? undefined : ground.pool.take(bootKey(spec.bootKey));
    const first = booted?.cell ?? (await emptyCell(ground, spec, state.options.standby ?? STANDBY));
    await fitDisk(ground, first, spec.limits);
    const parkedLimits = booted?.limits;
    return wrap(state, ground, spec, { slot: first.slot, first, parkedLimits, onCleaned: giveBack });
  } catch (cause) {
    giveBack();
    throw cause;
  }
}

/** It lies in a slot of its own, under its tenant's user, and its programs start when they are asked for. */
async function createOnTree(
  state: State,
  ground: Ground,
  spec: SandboxSpec,
  tree: SandboxTree,
): Promise<Sandbox> {
  const made = await openTree(ground, spec, tree, state.options.dataDir);
  try {
    made.slot.limit(cgroupLimits(spec.limits));
    return wrap(state, ground, spec, { slot: made.slot, save: made.save, end: made.end });
  } catch (cause) {
    await made.end();
    throw cause;
  }
}

interface Held {
  readonly slot: Slot;
  readonly first?: Cell;
  readonly parkedLimits?: SandboxLimits | undefined;
  readonly save?: (key: string) => Promise<void>;
  /** Called when the slot is clean again. */
  readonly onCleaned?: () => void;
  /** In place of giving the slot back. */
  readonly end?: () => Promise<void>;
}

function wrap(state: State, ground: Ground, spec: SandboxSpec, held: Held): Sandbox {
  const { slot, first, parkedLimits } = held;
  const sandbox = createSandbox({
    id: newId(),
    limits: spec.limits,
    slot,
    first,
    parkedLimits,
    mounts: spec.mounts ?? [],
    launch: (view) => launch(ground.launcher, slot, view, false),
    onStart: (warm) => count(state, warm, spec.bootKey !== undefined),
    save: held.save,
    release: async () => {
      state.live.delete(sandbox);
      if (held.end) await held.end();
      else if (await ground.slots.release(slot)) held.onCleaned?.();
    },
  });
  state.live.add(sandbox);
  return sandbox;
}

/** Answers what to call when the program has ended. */
function count(state: State, warm: boolean, wanted: boolean): () => void {
  state.running += 1;
  state.started += 1;
  if (warm) state.warmHits += 1;
  else if (wanted) state.warmMisses += 1;
  return () => (state.running -= 1);
}

async function close(state: State): Promise<void> {
  state.closed = true;
  const destroyAll = () => Promise.all([...state.live].map((sandbox) => sandbox.destroy()));
  // What waits for room gets it from those that go.
  await destroyAll();
  await Promise.allSettled([...state.making]);
  const ground = await state.ground?.catch(() => undefined);
  state.ground = undefined;
  state.checked = undefined;
  if (!ground) return;
  await destroyAll();
  await closeGround(ground);
}

async function fitDisk(ground: Ground, cell: Cell, limits: SandboxLimits): Promise<void> {
  const { size } = cell.slot.disk;
  if (size.bytes === limits.diskBytes && size.inodes === limits.inodes) return;
  try {
    await cell.slot.disk.resize({ bytes: limits.diskBytes, inodes: limits.inodes });
  } catch (cause) {
    await endCell(cell);
    await ground.slots.release(cell.slot);
    throw cause;
  }
}

/** One that stands by, or else a new one; and sees to it that the next will find one. */
async function emptyCell(ground: Ground, spec: SandboxSpec, standby: number): Promise<Cell> {
  const mounts = spec.mounts ?? [];
  const key = `empty ${JSON.stringify(mounts)}`;
  const ready = ground.pool.take(key);
  if (!ready && standby > 0)
    void ground.pool.keep({ key, mounts, limits: spec.limits, boot: undefined, count: standby });
  return ready?.cell ?? startCell(ground, spec.limits, mounts);
}

function bootKey(key: string): string {
  return `boot ${key}`;
}
