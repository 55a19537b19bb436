import { globSync, readFileSync, readdirSync } from 'node:fs';

/** A process and all below it. */
export function familyOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const parent = /^PPid:\s*(\d+)/m.exec(read(`/proc/${name}/status`))?.[1];
    if (/^\d+$/.test(name) && parent) parents.set(Number(name), Number(parent));
  }
  const family = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of parents) {
      if (!family.has(parent) || family.has(pid)) continue;
      family.add(pid);
      grown = true;
    }
  }
  return [...family];
}

/** PostgreSQL, where it isn't a child of the server: by the process id that it keeps in its directory. */
export function postgresOf(dataDir: string): number[] {
  const [file] = globSync(`${dataDir}/{.,*,*/*}/postmaster.pid`);
  if (!file) throw new Error('PostgreSQL does not run below the data directory');
  return familyOf(Number(read(file).split('\n')[0]));
}

/** Memory of processes together, in MB. `Pss` counts a page that several share once, `Rss` once for each. */
export function megabytes(pids: readonly number[], field: 'Pss' | 'Rss'): number {
  const kilobytes = [...new Set(pids)].map((pid) =>
    Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
  );
  return (kilobytes.reduce((sum, each) => sum + each, 0) / 1000) * 1.024;
}

/** Seconds of CPU. `ended` is what children that are over have used, theirs included. */
export interface CpuTime {
  readonly own: number;
  readonly ended: number;
}

const ticksPerSecond = 100;

/** What a process, or the thread `tid` of it, has used up to now; nothing when it is gone. */
export function cpuOf(pid: number, tid?: number): CpuTime {
  const stat = read(tid === undefined ? `/proc/${pid}/stat` : `/proc/${pid}/task/${tid}/stat`);
  // What stands behind the name, which may hold blanks and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = (field: number) => Number(fields[field] ?? 0) / ticksPerSecond;
  return { own: at(11) + at(12), ended: at(13) + at(14) };
}

/** Seconds that the CPUs of this machine were busy, for whomever. */
export function busySeconds(): number {
  const [, ...ticks] = (/^cpu .*$/m.exec(read('/proc/stat'))?.[0] ?? '').split(/\s+/).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = ticks;
  return (user + nice + system + irq + softirq) / ticksPerSecond;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
