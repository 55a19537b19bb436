import { join } from 'node:path';
import { newId } from '../../../base/ids.ts';
import type {
  Sandbox,
  SandboxCapabilities,
  SandboxDriver,
  SandboxLimits,
  SandboxSpec,
} from '../../../resources/ports/sandbox.ts';
import { closeGround, openGround, startCell, type Ground, type GroundOptions } from './ground.ts';
import { endCell, launch, type Cell } from './launch.ts';
import { probe } from './probe.ts';
import { recoverDead } from './recover.ts';
import { createSandbox } from './sandbox.ts';

export interface BubblewrapOptions extends GroundOptions {
  /** What must be enforced: memory, cpu, processes, disk, network. */
  readonly require: readonly string[];
  readonly allowUnsafe: boolean;
  /** Empty sandboxes kept started, per set of mounts; 2 when left out. */
  readonly standby?: number;
}

const STANDBY = 2;

/** Isolates programs with bubblewrap: namespaces, a system call filter, cgroups or rlimits, and a uid per sandbox as root. */
export function createBubblewrapDriver(options: BubblewrapOptions): SandboxDriver {
  const counts = { started: 0, warmHits: 0, warmMisses: 0 };
  const live = new Set<Sandbox>();
  let running = 0;
  let opening: Promise<Ground> | undefined;
  let checked: Promise<SandboxCapabilities> | undefined;
  let parked = (): number => 0;

  const open = (): Promise<Ground> =>
    (opening ??= openGround(options, () => running).then((ground) => {
      parked = ground.pool.parked;
      return ground;
    }));
  const onStart = (warm: boolean, wanted: boolean): (() => void) => {
    running += 1;
    counts.started += 1;
    if (warm) counts.warmHits += 1;
    else if (wanted) counts.warmMisses += 1;
    return () => (running -= 1);
  };
  const wrap = (
    ground: Ground,
    spec: SandboxSpec,
    first: Cell,
    parkedLimits: SandboxLimits | undefined,
  ): Sandbox => {
    const mounts = spec.mounts ?? [];
    const sandbox = createSandbox({
      id: newId(),
      limits: spec.limits,
      first,
      parkedLimits,
      relaunch: (previous) => launch(ground.launcher, previous.slot, mounts, false),
      onStart: (warm) => onStart(warm, spec.bootKey !== undefined),
      release: async (cell) => {
        live.delete(sandbox);
        await ground.slots.release(cell.slot);
      },
    });
    live.add(sandbox);
    return sandbox;
  };
  const check = (): Promise<SandboxCapabilities> =>
    (checked ??= open().then((ground) =>
      probe({
        create: async (limits) =>
          wrap(ground, { tenant: 'probe', limits }, await startCell(ground, limits, []), undefined),
        cgroup: ground.cgroups?.version ?? 'none',
        cgroupProblem: ground.cgroupProblem,
        require: options.require,
        allowUnsafe: options.allowUnsafe,
      }),
    ));
  return {
    name: 'bubblewrap',
    probe: check,
    create: async (spec) => {
      await check();
      const ground = await open();
      const booted = spec.bootKey === undefined ? undefined : ground.pool.take(bootKey(spec.bootKey));
      const first = booted?.cell ?? (await emptyCell(ground, spec, options.standby ?? STANDBY));
      await fitDisk(ground, first, spec.limits);
      return wrap(ground, spec, first, booted?.limits);
    },
    prewarm: async (boot, count) => {
      await check();
      const { pool } = await open();
      await pool.keep({ key: bootKey(boot.key), mounts: boot.mounts, limits: boot.limits, boot, count });
    },
    stats: () => ({ ...counts, parked: parked() }),
    recover: () => recoverDead(join(options.dataDir, 'sandboxes')),
    close: async () => {
      const ground = await opening?.catch(() => undefined);
      opening = undefined;
      checked = undefined;
      if (!ground) return;
      await Promise.all([...live].map((sandbox) => sandbox.destroy()));
      await closeGround(ground);
    },
  };
}

async function fitDisk(ground: Ground, cell: Cell, limits: SandboxLimits): Promise<void> {
  const { size } = cell.slot.disk;
  if (size.bytes === limits.diskBytes && size.inodes === limits.inodes) return;
  try {
    await ground.slots.resize(cell.slot, { bytes: limits.diskBytes, inodes: limits.inodes });
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
