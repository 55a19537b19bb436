import { constants } from 'node:os';
import { formatBytes } from '../base/format-bytes.ts';
import { formatDuration } from '../base/duration.ts';
import type { ExecutionOutput, Outcome } from '../capabilities/execution/schema.ts';
import type { Run } from '../contract/run.ts';

/** What `gantry exec` ends with when it isn't the program's own code. */
export const execExit = {
  limit: 123,
  timeout: 124,
  gantry: 125,
  signal: 128,
  memory: 137,
  cancelled: 130,
} as const;

/** A run of the `execution` capability. */
export type ExecutionRun = Omit<Run, 'output'> & { readonly output: ExecutionOutput | null };

/** The exit code that tells how the run ended: the program's own, or one of `execExit`. */
export function exitCodeOf(run: ExecutionRun): number {
  if (run.status === 'cancelled') return execExit.cancelled;
  const { output } = run;
  if (run.status !== 'succeeded' || !output) return execExit.gantry;
  return exitCodes[output.outcome](output);
}

const exitCodes: Readonly<Record<Outcome, (output: ExecutionOutput) => number>> = {
  ok: () => 0,
  failed: (output) => output.exitCode ?? 1,
  compile_failed: (output) => output.exitCode || 1,
  timeout: () => execExit.timeout,
  idle_limit: () => execExit.timeout,
  cpu_limit: () => execExit.timeout,
  memory_limit: () => execExit.memory,
  output_limit: () => execExit.limit,
  disk_limit: () => execExit.limit,
  process_limit: () => execExit.limit,
  signal: (output) => execExit.signal + signalNumber(output.signal),
};

/** One line that says why the program did not end by itself; nothing when it did. */
export function noticeOf(run: ExecutionRun): string | undefined {
  if (run.status === 'cancelled') return 'The run was cancelled.';
  const { output } = run;
  if (run.status !== 'succeeded' || !output) {
    const why = run.error ? `${run.error.message}` : `The run ended as ${run.status}.`;
    return `Gantry failed, not the program: ${why} See \`gantry runs show ${run.id}\`.`;
  }
  return notices[output.outcome](output);
}

const notices: Readonly<Record<Outcome, (output: ExecutionOutput) => string | undefined>> = {
  ok: () => undefined,
  failed: () => undefined,
  compile_failed: () => 'The program does not compile, so it was not run.',
  timeout: (output) => stopped('wall', 'its time', `${formatDuration(output.wallMs)} of real time`),
  idle_limit: () =>
    'Nothing was sent to the program for too long, so it was stopped. Allow more with --limit idle=...',
  cpu_limit: (output) => stopped('cpu', 'its CPU time', `${formatDuration(output.cpuMs)} of CPU time`),
  memory_limit: (output) =>
    stopped('memory', 'its memory', `a peak of ${formatBytes(output.peakMemoryBytes)}`),
  output_limit: () => stopped('output', 'the output allowed', 'what it wrote before is above'),
  disk_limit: () => 'The program used up its disk space. Raise it with --limit disk=...',
  process_limit: () => 'The program used up its processes and threads. Raise it with --limit processes=...',
  signal: (output) => `The program was ended by ${output.signal ?? 'a signal'}.`,
};

function stopped(limit: string, what: string, detail: string): string {
  return `The program used up ${what} and was stopped (${detail}). Raise it with --limit ${limit}=...`;
}

function signalNumber(name: string | null): number {
  const known: Readonly<Record<string, number>> = constants.signals;
  return known[name ?? ''] ?? 0;
}
