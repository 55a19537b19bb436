import { z } from 'zod';
import type { CollectLimits, SandboxLimits } from '../../resources/ports/sandbox.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

export interface Bound {
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

/** What differs for programs that somebody talks to, who takes time to think. */
export const interactiveBounds = {
  wallMs: { ...bounds.wallMs, usual: 600_000, most: 3_600_000 },
  cpuMs: { ...bounds.cpuMs, usual: 60_000 },
  idleMs: {
    least: 1_000,
    usual: 300_000,
    most: 3_600_000,
    what: 'Real time without any input, in milliseconds.',
  },
} as const satisfies Record<string, Bound>;

/** What is kept of the files that a program leaves in the output directory. */
export const outputBounds = {
  files: { least: 0, usual: 100, most: 1000, what: 'Files that are kept.' },
  fileBytes: { least: 1, usual: 16 * MiB, most: 64 * MiB, what: 'Size of one file that is kept, in bytes.' },
  bytes: { least: 1, usual: 32 * MiB, most: 128 * MiB, what: 'Size of all files that are kept, in bytes.' },
} as const satisfies Record<string, Bound>;

/** Real time of a program that asks models, which take their time; unless given, in milliseconds. */
export const usualWallMsWithModels = 120_000;

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

const interactiveHint = (name: 'wallMs' | 'cpuMs') =>
  `${interactiveBounds[name].usual} and ${interactiveBounds[name].most} where the program is interactive.`;

/** Those of a program, which may be interactive. */
export const programLimitsSchema = limitsSchema.extend({
  wallMs: field({ ...bounds.wallMs, most: interactiveBounds.wallMs.most }).describe(
    `${bounds.wallMs.what} ${bounds.wallMs.usual} unless given, ${bounds.wallMs.most} at most; ${interactiveHint('wallMs')}`,
  ),
  cpuMs: field(bounds.cpuMs).describe(
    `${bounds.cpuMs.what} ${bounds.cpuMs.usual} unless given, ${bounds.cpuMs.most} at most; ${interactiveHint('cpuMs')}`,
  ),
  idleMs: field(interactiveBounds.idleMs),
});
type ProgramLimitsInput = z.infer<typeof programLimitsSchema>;

export const outputLimitsSchema = z.strictObject({
  files: field(outputBounds.files),
  fileBytes: field(outputBounds.fileBytes),
  bytes: field(outputBounds.bytes),
});

/** What of its output files is kept. */
export function collectLimits(asked: z.infer<typeof outputLimitsSchema> = {}): CollectLimits {
  return {
    files: asked.files ?? outputBounds.files.usual,
    fileBytes: asked.fileBytes ?? outputBounds.fileBytes.usual,
    bytes: asked.bytes ?? outputBounds.bytes.usual,
  };
}

/** The same as `runLimits` for a program that somebody talks to. */
export function interactiveLimits(
  language: Partial<ExecutionLimits> = {},
  asked: ProgramLimitsInput = {},
): SandboxLimits {
  const { wallMs, cpuMs } = interactiveBounds;
  return {
    ...runLimits(language, asked),
    wallMs: asked.wallMs ?? wallMs.usual,
    cpuMs: asked.cpuMs ?? cpuMs.usual,
  };
}

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

/** What the way to the models needs beside the program: a small Node of its own. */
export function withRoomForDoor(limits: SandboxLimits): SandboxLimits {
  return {
    ...limits,
    memoryBytes: limits.memoryBytes + 96 * MiB,
    processes: limits.processes + 16,
    openFiles: Math.max(limits.openFiles, 256),
    stackBytes: Math.max(limits.stackBytes, MiB),
  };
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
