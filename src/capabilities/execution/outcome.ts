import type { ExecResult, SandboxExit, SandboxLimitName } from '../../resources/ports/sandbox.ts';
import type { Outcome, StageResult } from './schema.ts';

const limitOutcomes: Readonly<Record<SandboxLimitName, Outcome>> = {
  wall: 'timeout',
  cpu: 'cpu_limit',
  memory: 'memory_limit',
  output: 'output_limit',
  disk: 'disk_limit',
  processes: 'process_limit',
};

/** Signals by which Linux itself ends a program that goes beyond a limit of its process. */
const signalOutcomes: Readonly<Record<string, Outcome>> = { SIGXCPU: 'cpu_limit', SIGXFSZ: 'disk_limit' };

/** What shells and runtimes say when they could not start a process or thread, for machines that don't count refusals. */
const outOfProcesses =
  /fork[^\n]*[\s\S]{0,200}Resource temporarily unavailable|can't start new thread|unable to create (new )?native thread|failed to create new OS thread|spawn \S+ EAGAIN/;

/**
 * How a program ended, in the words of the API. `outOfMemory` finds in its stderr that its runtime gave up for want of
 * memory before the kernel had to act.
 */
export function outcomeOf(exit: SandboxExit, stderr: string, outOfMemory?: RegExp): Outcome {
  if (exit.kind === 'limit') return limitOutcomes[exit.limit];
  if (exit.kind === 'exited' && exit.code === 0) return 'ok';
  if (exit.kind === 'signalled' && signalOutcomes[exit.signal])
    return signalOutcomes[exit.signal] ?? 'signal';
  if (outOfProcesses.test(stderr)) return 'process_limit';
  if (outOfMemory?.test(stderr)) return 'memory_limit';
  return exit.kind === 'exited' ? 'failed' : 'signal';
}

/** The exit code and signal that go with it; each is null where there is none. */
export function codesOf({ exit }: ExecResult): { exitCode: number | null; signal: string | null } {
  if (exit.kind === 'exited') return { exitCode: exit.code, signal: null };
  if (exit.kind === 'signalled') return { exitCode: null, signal: exit.signal };
  if (exit.kind === 'limit') return { exitCode: exit.code, signal: exit.signal };
  return { exitCode: null, signal: null };
}

/** What a list says of a program that didn't end well: `exit 2`, `SIGSEGV`, `timeout`, `memory limit`; null when it did. */
export function outcomeWords({
  outcome,
  exitCode,
  signal,
}: Pick<StageResult, 'outcome' | 'exitCode' | 'signal'>): string | null {
  if (outcome === 'ok') return null;
  if (outcome === 'failed') return `exit ${exitCode ?? '?'}`;
  if (outcome === 'signal') return signal ?? 'signal';
  return outcome.replaceAll('_', ' ');
}
