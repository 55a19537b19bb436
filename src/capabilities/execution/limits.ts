import { z } from 'zod';
import type { SandboxLimits } from '../../resources/ports/sandbox.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

interface Bound {
  readonly least: number;
  readonly usual: number;
  readonly most: number;
  readonly what: string;
}

/** Every limit that a caller may set: the least, the one that holds without a word, and the most. */
export const bounds = {
  wallMs: { least: 1, usual: 10_000, most: 300_000, what: 'Real time, in milliseconds.' },
  cpuMs: { least: 1, usual: 10_000, most: 600_000, what: 'CPU time of all its processes, in milliseconds.' },
  memoryBytes: {
    least: 4 * MiB,
    usual: 256 * MiB,
    most: 2048 * MiB,
    what: 'Memory of all its processes, in bytes.',
  },
  processes: { least: 1, usual: 64, most: 512, what: 'Processes and threads at any one time.' },
  openFiles: { least: 16, usual: 512, most: 4096, what: 'Open files of one process.' },
  fileBytes: {
    least: 0,
    usual: 16 * MiB,
    most: 256 * MiB,
    what: 'Size of the largest file it writes, in bytes.',
  },
  diskBytes: {
    least: 64 * KiB,
    usual: 64 * MiB,
    most: 256 * MiB,
    what: 'Size of all files in the workspace, in bytes.',
  },
  stackBytes: {
    least: 256 * KiB,
    usual: 8 * MiB,
    most: 64 * MiB,
    what: 'Stack of the main thread, in bytes.',
  },
  outputBytes: { least: 1, usual: MiB, most: 10 * MiB, what: 'stdout and stderr together, in bytes.' },
} as const satisfies Record<string, Bound>;

export type ExecutionLimits = { readonly [Name in keyof typeof bounds]: number };

const inodes = 8192;

/** A compiler needs more than most programs, and what it may use is none of the program's limits. */
const compileLimits: Partial<ExecutionLimits> = {
  wallMs: 30_000,
  cpuMs: 60_000,
  memoryBytes: 1024 * MiB,
  processes: 128,
  openFiles: 1024,
  fileBytes: 128 * MiB,
  diskBytes: 128 * MiB,
  outputBytes: 256 * KiB,
};

function field({ least, usual, most, what }: Bound) {
  return z
    .int()
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`)
    .optional()
    .describe(`${what} ${usual} unless given, ${most} at most.`);
}

export const limitsSchema = z.strictObject({
  wallMs: field(bounds.wallMs),
  cpuMs: field(bounds.cpuMs),
  memoryBytes: field(bounds.memoryBytes),
  processes: field(bounds.processes),
  openFiles: field(bounds.openFiles),
  fileBytes: field(bounds.fileBytes),
  diskBytes: field(bounds.diskBytes),
  stackBytes: field(bounds.stackBytes),
  outputBytes: field(bounds.outputBytes),
});
type LimitsInput = z.infer<typeof limitsSchema>;

/** What the caller asked for, over what the language needs, over the usual. Who raises only `wallMs` gets as much CPU time. */
export function runLimits(language: Partial<ExecutionLimits> = {}, asked: LimitsInput = {}): SandboxLimits {
  const pick = (name: keyof ExecutionLimits) => asked[name] ?? language[name] ?? bounds[name].usual;
  const wallMs = pick('wallMs');
  return {
    wallMs,
    cpuMs: asked.cpuMs ?? Math.max(pick('cpuMs'), wallMs),
    memoryBytes: pick('memoryBytes'),
    processes: pick('processes'),
    openFiles: pick('openFiles'),
    fileBytes: pick('fileBytes'),
    diskBytes: pick('diskBytes'),
    stackBytes: pick('stackBytes'),
    outputBytes: pick('outputBytes'),
    inodes,
  };
}

/** The same for the compile stage. */
export function stageLimits(asked: LimitsInput = {}): SandboxLimits {
  return runLimits(compileLimits, asked);
}

/** What a sandbox needs in which two programs run one after the other: the larger of each limit. */
export function widest(one: SandboxLimits, other: SandboxLimits): SandboxLimits {
  const larger = (name: Exclude<keyof SandboxLimits, 'cpus'>) => Math.max(one[name], other[name]);
  return {
    wallMs: larger('wallMs'),
    cpuMs: larger('cpuMs'),
    memoryBytes: larger('memoryBytes'),
    processes: larger('processes'),
    openFiles: larger('openFiles'),
    fileBytes: larger('fileBytes'),
    diskBytes: larger('diskBytes'),
    inodes: larger('inodes'),
    stackBytes: larger('stackBytes'),
    outputBytes: larger('outputBytes'),
  };
}
