import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  makeDirectory,
  processesOf,
  readCounter,
  removeCgroup,
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
  const peak = file(existsSync(file('memory.peak')) ? 'memory.peak' : 'memory.current');
  return {
    place: (pid) => set('cgroup.procs', String(pid)),
    setLimits: (limits) => {
      set('memory.max', String(limits.memoryBytes));
      set('pids.max', String(limits.processes));
      set('cpu.max', `${Math.max(1_000, Math.round(limits.cpus * CPU_PERIOD_US))} ${CPU_PERIOD_US}`);
    },
    // memory.peak can't be set back before Linux 6.12: a second program's peak includes that of the first.
    reset: () =>
      Object.assign(baseline, { cpuMs: cpuTotal(), oomKills: oomKills(), processHits: processHits() }),
    usage: () => ({
      cpuMs: cpuTotal() - baseline.cpuMs,
      peakMemoryBytes: readCounter(peak),
      oomKills: oomKills() - baseline.oomKills,
      processHits: processHits() - baseline.processHits,
    }),
    cpuMs: () => cpuTotal() - baseline.cpuMs,
    processes: () => processesOf(directory),
    remove: async () => {
      if (existsSync(file('cgroup.kill'))) set('cgroup.kill', '1');
      await removeCgroup(directory);
    },
  };
}
