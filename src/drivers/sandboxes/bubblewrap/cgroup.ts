import { mkdirSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What a cgroup enforces for all processes of one sandbox together. */
export interface CgroupLimits {
  readonly memoryBytes: number;
  readonly processes: number;
  readonly cpus: number;
}

/** What the processes of a cgroup used since its last reset. */
export interface CgroupUsage {
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
  readonly oomKills: number;
  /** How often a process could not be made because of the limit. */
  readonly processHits: number;
}

/** The cgroup of one slot: one directory on version 2, one per controller on version 1. */
export interface Cgroup {
  /** Moves a process in; what it starts from then on is in too. */
  place(pid: number): void;
  /** Throws when the kernel refuses, for example a memory limit below what is in use. */
  setLimits(limits: CgroupLimits): void;
  reset(): void;
  /** Gives back what the kernel still charges to it, such as files that a program was the first to read. */
  trim(): Promise<void>;
  usage(): CgroupUsage;
  cpuMs(): number;
  /** What its processes hold now, files in memory included. */
  memoryBytes(): number;
  processes(): number[];
  /** Waits until the kernel lets go of it. */
  remove(): Promise<void>;
}

/** So much may stay charged to a cgroup between two programs: less than what it costs to give it back. */
export const TRIM_BYTES = 8 * 1024 ** 2;

/** Makes cgroups below the one that this process lives in. */
export interface Cgroups {
  readonly version: 'v1' | 'v2';
  /** The directories that hold this owner's cgroups, to be written down for `reapCgroups`. */
  readonly roots: readonly string[];
  create(name: string): Cgroup;
}

export function processesOf(directory: string): number[] {
  try {
    return readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

export function readCounter(path: string, field?: string): number {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return 0;
  }
  if (field === undefined) return Number.parseInt(text, 10) || 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(`${field} `)) return Number.parseInt(line.slice(field.length + 1), 10) || 0;
  }
  return 0;
}

/** Removing fails with EBUSY for some milliseconds after the last process is gone. */
export async function removeCgroup(directory: string): Promise<void> {
  for (let waitMs = 1; ; waitMs *= 2) {
    try {
      rmdirSync(directory);
      return;
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
      if (code === 'ENOENT') return;
      if (code !== 'EBUSY' || waitMs > 2_000) throw cause;
    }
    await delay(waitMs);
  }
}

/** Kills and removes all cgroups in these directories. */
export async function emptyCgroups(roots: readonly string[]): Promise<void> {
  for (const directory of roots.flatMap((root) => childrenOf(root).map((name) => join(root, name)))) {
    for (const pid of processesOf(directory)) killQuietly(pid);
    await removeCgroup(directory);
  }
}

export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone already.
  }
}

export function makeDirectory(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

function childrenOf(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}
