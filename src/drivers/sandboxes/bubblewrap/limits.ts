import type { SandboxLimits } from '../../../resources/ports/sandbox.ts';
import type { CgroupLimits } from './cgroup.ts';

/** The spawner, bwrap itself and process 1 of the sandbox: they live in the cgroup too, but aren't the program's. */
const OWN_PROCESSES = 3;
/** With a terminal also `script`, the shell that hears of new sizes, and `stty`. */
export const TERMINAL_PROCESSES = 3;

export function cgroupLimits(limits: SandboxLimits, withTerminal = false): CgroupLimits {
  return {
    memoryBytes: limits.memoryBytes,
    processes: limits.processes + OWN_PROCESSES + (withTerminal ? TERMINAL_PROCESSES : 0),
    cpus: limits.cpus ?? 1,
  };
}

/** The stricter of both, limit by limit. */
export function stricter(own: SandboxLimits, wanted: Partial<SandboxLimits> = {}): SandboxLimits {
  const cpus = Math.min(own.cpus ?? 1, wanted.cpus ?? Number.POSITIVE_INFINITY);
  const least = (name: Exclude<keyof SandboxLimits, 'cpus'>): number =>
    Math.min(own[name], wanted[name] ?? Number.POSITIVE_INFINITY);
  return {
    wallMs: least('wallMs'),
    cpuMs: least('cpuMs'),
    memoryBytes: least('memoryBytes'),
    processes: least('processes'),
    openFiles: least('openFiles'),
    fileBytes: least('fileBytes'),
    diskBytes: least('diskBytes'),
    inodes: least('inodes'),
    stackBytes: least('stackBytes'),
    outputBytes: least('outputBytes'),
    cpus,
  };
}

/**
 * Whether a sandbox that was parked under `parked` can hold `limits`. What a process has set for itself can't be raised,
 * and is too lax if it is larger; the cgroup's limits can be changed while it runs.
 */
export function fitsParked(parked: SandboxLimits, limits: SandboxLimits, hasCgroup: boolean): boolean {
  const same = (name: keyof SandboxLimits): boolean => parked[name] === limits[name];
  const ownLimits =
    same('openFiles') && same('fileBytes') && same('stackBytes') && limits.cpuMs <= parked.cpuMs;
  return ownLimits && (hasCgroup || (same('memoryBytes') && same('processes')));
}
