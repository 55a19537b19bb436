import { readFileSync, readdirSync } from 'node:fs';
import type { CgroupUsage } from './cgroup.ts';

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** Where there is no cgroup: adds up what the processes below `root` use each time it is asked for their memory. */
export function processMeter(root: () => number | undefined): {
  usage(): CgroupUsage;
  memoryBytes(): number;
} {
  let cpuMs = 0;
  let peakMemoryBytes = 0;
  const sample = (): number => {
    const pid = root();
    const total = pid === undefined ? { cpuMs: 0, memoryBytes: 0 } : addUp(pid);
    cpuMs = Math.max(cpuMs, total.cpuMs);
    peakMemoryBytes = Math.max(peakMemoryBytes, total.memoryBytes);
    return total.memoryBytes;
  };
  return {
    memoryBytes: sample,
    usage: () => ({ cpuMs, peakMemoryBytes, oomKills: 0, processHits: 0 }),
  };
}

function addUp(root: number): { cpuMs: number; memoryBytes: number } {
  const total = { cpuMs: 0, memoryBytes: 0 };
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    const fields = statFields(pid);
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    total.cpuMs += (ticks * 1000) / TICKS_PER_SECOND;
    total.memoryBytes += Number(fields[21] ?? 0) * PAGE_BYTES;
    queue.push(...childrenOf(pid));
  }
  return total;
}

/** The fields of /proc/pid/stat after the name, which may itself hold spaces and brackets. */
function statFields(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}
