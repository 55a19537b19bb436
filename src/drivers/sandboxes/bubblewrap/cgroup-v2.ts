import { closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  makeDirectory,
  processesOf,
  readCounter,
  removeCgroup,
  TRIM_BYTES,
  type Cgroup,
  type Cgroups,
} from './cgroup.ts';

const WANTED = ['memory', 'pids', 'cpu'];
const CPU_PERIOD_US = 100_000;
/** Where the processes go that stand in the way of delegation. */
export const HOST_LEAF = 'gantry-host';

/**
 * Version 2: `base` is a delegated cgroup. It may not hold processes and controllers for children at once, so
 * those in it, this one included, move to a leaf beside the sandboxes.
 */
export function openCgroupsV2(base: string, owner: string): Cgroups {
  delegate(base);
  const root = makeDirectory(join(base, owner));
  enable(root);
  return {
    version: 'v2',
    roots: [root],
    create: (name) => createCgroup(makeDirectory(join(root, name))),
  };
}

function delegate(base: string): void {
  try {
    enable(base);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EBUSY')) throw cause;
    const leaf = makeDirectory(join(base, HOST_LEAF));
    for (const pid of processesOf(base)) moveQuietly(leaf, pid);
    enable(base);
  }
}

function enable(directory: string): void {
  const control = join(directory, 'cgroup.subtree_control');
  const enabled = readFileSync(control, 'utf8').split(/\s+/);
  const missing = WANTED.filter((controller) => !enabled.includes(controller));
  if (missing.length > 0) writeFileSync(control, missing.map((controller) => `+${controller}`).join(' '));
}

function moveQuietly(leaf: string, pid: number): void {
  try {
    writeFileSync(join(leaf, 'cgroup.procs'), String(pid));
  } catch {
    // It ended meanwhile, or is a kernel thread; if one that matters stays, enabling the controllers fails.
  }
}

function createCgroup(directory: string): Cgroup {
  const file = (name: string): string => join(directory, name);
  const set = (name: string, value: string): void => writeFileSync(file(name), value);
  set('memory.oom.group', '1');
  if (existsSync(file('memory.swap.max'))) set('memory.swap.max', '0');
  const cpuTotal = (): number => readCounter(file('cpu.stat'), 'usage_usec') / 1e3;
  const oomKills = (): number => readCounter(file('memory.events'), 'oom_kill');
  const processHits = (): number => readCounter(file('pids.events'), 'max');
  const baseline = { cpuMs: 0, oomKills: 0, processHits: 0 };
  const peak = openPeak(directory);
  return {
    place: (pid) => set('cgroup.procs', String(pid)),
    setLimits: (limits) => {
      set('memory.max', String(limits.memoryBytes));
      set('pids.max', String(limits.processes));
      set('cpu.max', `${Math.max(1_000, Math.round(limits.cpus * CPU_PERIOD_US))} ${CPU_PERIOD_US}`);
    },
    reset: () => {
      peak.reset();
      Object.assign(baseline, { cpuMs: cpuTotal(), oomKills: oomKills(), processHits: processHits() });
    },
    trim: async () => {
      const charged = readCounter(file('memory.current'));
      if (charged >= TRIM_BYTES)
        await writeFile(file('memory.reclaim'), String(charged)).catch(() => undefined);
    },
    usage: () => ({
      cpuMs: cpuTotal() - baseline.cpuMs,
      peakMemoryBytes: peak.bytes(),
      oomKills: oomKills() - baseline.oomKills,
      processHits: processHits() - baseline.processHits,
    }),
    cpuMs: () => cpuTotal() - baseline.cpuMs,
    memoryBytes: () => readCounter(file('memory.current')),
    processes: () => processesOf(directory),
    remove: async () => {
      peak.close();
      if (existsSync(file('cgroup.kill'))) set('cgroup.kill', '1');
      await removeCgroup(directory);
    },
  };
}

interface Peak {
  reset(): void;
  /** The most since the last reset. Before Linux 6.12 a program that stays below its predecessor counts as what it uses now. */
  bytes(): number;
  close(): void;
}

/** From Linux 6.12 on, a write to `memory.peak` sets the peak back for whoever reads through the same descriptor. */
function openPeak(directory: string): Peak {
  const path = join(directory, 'memory.peak');
  const current = (): number => readCounter(join(directory, 'memory.current'));
  const fd = openQuietly(path);
  if (fd === undefined) {
    let before = 0;
    const reset = (): void => void (before = readCounter(path));
    const bytes = (): number => Math.max(readCounter(path) > before ? readCounter(path) : 0, current());
    return { reset, bytes, close: () => undefined };
  }
  const text = Buffer.alloc(32);
  return {
    reset: () => void writeSync(fd, 'reset'),
    bytes: () => Number.parseInt(text.toString('utf8', 0, readSync(fd, text, 0, text.length, 0)), 10) || 0,
    close: () => closeSync(fd),
  };
}

function openQuietly(path: string): number | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r+');
    writeSync(fd, 'reset');
    return fd;
  } catch {
    if (fd !== undefined) closeSync(fd);
    return undefined;
  }
}
