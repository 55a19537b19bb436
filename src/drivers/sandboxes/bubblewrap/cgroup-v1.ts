import { existsSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  makeDirectory,
  processesOf,
  readCounter,
  removeCgroup,
  TRIM_BYTES,
  type Cgroup,
  type CgroupLimits,
  type Cgroups,
} from './cgroup.ts';

const controllers = ['memory', 'pids', 'cpu', 'cpuacct'] as const;
type Controller = (typeof controllers)[number];
type Directories = Readonly<Record<Controller, string>>;

const CPU_PERIOD_US = 100_000;

/** Version 1: `bases` names, per controller, the directory of the cgroup that this process lives in. */
export function openCgroupsV1(bases: Readonly<Record<Controller, string>>, owner: string): Cgroups {
  const rootOf = (controller: Controller): string => join(bases[controller], owner);
  const roots = [...new Set(controllers.map((controller) => makeDirectory(rootOf(controller))))];
  return {
    version: 'v1',
    roots,
    create: (name) =>
      createCgroup({
        memory: join(rootOf('memory'), name),
        pids: join(rootOf('pids'), name),
        cpu: join(rootOf('cpu'), name),
        cpuacct: join(rootOf('cpuacct'), name),
      }),
  };
}

function createCgroup(at: Directories): Cgroup {
  const directories = [...new Set(Object.values(at))];
  directories.forEach(makeDirectory);
  const oomFile = join(at.memory, 'memory.oom_control');
  const hitsFile = join(at.pids, 'pids.events');
  let baseline = { oomKills: 0, processHits: 0 };
  const cpuMs = (): number => readCounter(join(at.cpuacct, 'cpuacct.usage')) / 1e6;
  return {
    place: (pid) => {
      for (const directory of directories) writeFileSync(join(directory, 'cgroup.procs'), String(pid));
    },
    setLimits: (limits) => setLimits(at, limits),
    reset: () => {
      baseline = { oomKills: readCounter(oomFile, 'oom_kill'), processHits: readCounter(hitsFile, 'max') };
      writeFileSync(join(at.memory, 'memory.max_usage_in_bytes'), '0');
      writeFileSync(join(at.cpuacct, 'cpuacct.usage'), '0');
    },
    trim: async () => {
      if (readCounter(join(at.memory, 'memory.usage_in_bytes')) < TRIM_BYTES) return;
      await writeFile(join(at.memory, 'memory.force_empty'), '0').catch(() => undefined);
    },
    usage: () => ({
      cpuMs: cpuMs(),
      peakMemoryBytes: readCounter(join(at.memory, 'memory.max_usage_in_bytes')),
      oomKills: readCounter(oomFile, 'oom_kill') - baseline.oomKills,
      processHits: readCounter(hitsFile, 'max') - baseline.processHits,
    }),
    cpuMs,
    memoryBytes: () => readCounter(join(at.memory, 'memory.usage_in_bytes')),
    processes: () => [...new Set(directories.flatMap(processesOf))],
    remove: async () => {
      for (const directory of directories) await removeCgroup(directory);
    },
  };
}

function setLimits(at: Directories, limits: CgroupLimits): void {
  setMemory(at.memory, Math.max(limits.memoryBytes, 1));
  writeFileSync(join(at.pids, 'pids.max'), String(limits.processes));
  writeFileSync(join(at.cpu, 'cpu.cfs_period_us'), String(CPU_PERIOD_US));
  writeFileSync(
    join(at.cpu, 'cpu.cfs_quota_us'),
    String(Math.max(1_000, Math.round(limits.cpus * CPU_PERIOD_US))),
  );
}

/** The limit with swap may never be below the limit without: which is written first depends on the direction. */
function setMemory(directory: string, bytes: number): void {
  const plain = join(directory, 'memory.limit_in_bytes');
  const withSwap = join(directory, 'memory.memsw.limit_in_bytes');
  if (!existsSync(withSwap)) return writeFileSync(plain, String(bytes));
  const order = bytes > readCounter(withSwap) ? [withSwap, plain] : [plain, withSwap];
  for (const file of order) writeFileSync(file, String(bytes));
}
