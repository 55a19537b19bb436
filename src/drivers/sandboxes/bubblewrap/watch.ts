import type { SandboxChunk, SandboxLimits, UsageSample } from '../../../resources/ports/sandbox.ts';
import type { CgroupUsage } from './cgroup.ts';
import { closed } from './channels.ts';
import type { Cell } from './launch.ts';
import { processMeter } from './meter.ts';
import type { KillCause } from './outcome.ts';
import type { Ending } from './spawner.ts';

/** How often limits that the kernel doesn't hold by itself are looked at. */
const LEAST_POLL_MS = 10;
const FIRST_LOOK_MS = 5;
const PROCESS_POLL_MS = 50;
/** Smaller changes are not worth telling. */
const LEAST_CPU_MS = 5;
const LEAST_MEMORY_BYTES = 256 * 1024;
const SAMPLE_MS = 500;

export interface Watched {
  readonly ending: Ending;
  readonly killedFor: KillCause | undefined;
  readonly truncated: boolean;
  readonly wallMs: number;
  readonly usage: CgroupUsage;
}

export interface WatchOptions {
  readonly cell: Cell;
  readonly limits: SandboxLimits;
  readonly signal: AbortSignal | undefined;
  readonly onOutput: ((chunk: SandboxChunk) => void) | undefined;
  readonly onUsage: ((sample: UsageSample) => void) | undefined;
}

/** Follows a program to its end: delivers its output and kills it when it goes over a limit. */
export async function watch({ cell, limits, signal, onOutput, onUsage }: WatchOptions): Promise<Watched> {
  const started = performance.now();
  let killedFor: KillCause | undefined;
  const kill = (cause: KillCause): void => {
    if (killedFor !== undefined || cell.hasEnded()) return;
    killedFor = cause;
    cell.kill();
  };
  const cancel = (): void => kill('cancelled');
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted === true) cancel();
  const wall = setTimeout(() => kill('wall'), limits.wallMs);
  const meter = cell.slot.cgroup ? undefined : processMeter(() => cell.pid());
  const polling = meter ? pollProcesses(meter, limits, kill) : pollCpu(cell, limits, kill);
  const sampling = onUsage && sample(cell, meter, started, onUsage);
  const output = collect(cell, limits.outputBytes, onOutput, () => kill('output'));
  try {
    const ending = await cell.ended;
    const wallMs = performance.now() - started;
    await output.closed;
    const usage = meter?.usage() ??
      cell.slot.cgroup?.usage() ?? { cpuMs: 0, peakMemoryBytes: 0, oomKills: 0, processHits: 0 };
    return { ending, killedFor, truncated: output.truncated(), wallMs, usage };
  } finally {
    clearTimeout(wall);
    polling.stop();
    sampling?.stop();
    signal?.removeEventListener('abort', cancel);
  }
}

/** Passes on at most `limit` bytes of both streams together. */
function collect(
  cell: Cell,
  limit: number,
  onOutput: WatchOptions['onOutput'],
  onOverflow: () => void,
): { readonly closed: Promise<unknown>; truncated(): boolean } {
  let left = limit;
  let truncated = false;
  const take = (stream: SandboxChunk['stream']) => (data: Buffer) => {
    const kept = data.length <= left ? data : data.subarray(0, left);
    left -= kept.length;
    if (kept.length > 0) onOutput?.({ stream, data: kept });
    if (kept.length === data.length) return;
    truncated = true;
    onOverflow();
  };
  cell.out.on('data', take('stdout'));
  cell.err.on('data', take('stderr'));
  return { closed: Promise.all([closed(cell.out), closed(cell.err)]), truncated: () => truncated };
}

/** Looks again when the processes could at the earliest have used up the rest: a short program is never looked at. */
function pollCpu(cell: Cell, limits: SandboxLimits, kill: (cause: KillCause) => void): { stop(): void } {
  const cores = limits.cpus ?? 1;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const left = limits.cpuMs - (cell.slot.cgroup?.cpuMs() ?? 0);
    if (left <= 0) kill('cpu');
    else timer = setTimeout(look, Math.max(LEAST_POLL_MS, left / cores));
  };
  timer = setTimeout(look, Math.max(LEAST_POLL_MS, limits.cpuMs / cores));
  return { stop: () => clearTimeout(timer) };
}

function pollProcesses(
  meter: ReturnType<typeof processMeter>,
  limits: SandboxLimits,
  kill: (cause: KillCause) => void,
): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const lookAfter = (waitMs: number): void => {
    timer = setTimeout(() => {
      if (meter.memoryBytes() > limits.memoryBytes) kill('memory');
      else if (meter.usage().cpuMs > limits.cpuMs) kill('cpu');
      else lookAfter(Math.min(PROCESS_POLL_MS, waitMs * 2));
    }, waitMs);
  };
  lookAfter(FIRST_LOOK_MS);
  return { stop: () => clearTimeout(timer) };
}

/** Twice a second at first; a run of an hour ends with one sample in three minutes. */
function sample(
  cell: Cell,
  meter: ReturnType<typeof processMeter> | undefined,
  started: number,
  onUsage: (sample: UsageSample) => void,
): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let last = { cpuMs: -1, memoryBytes: -1 };
  const take = (): void => {
    const wallMs = performance.now() - started;
    const used = meter?.usage() ?? cell.slot.cgroup?.usage() ?? { cpuMs: 0, peakMemoryBytes: 0 };
    const memoryBytes = meter?.memoryBytes() ?? cell.slot.cgroup?.memoryBytes() ?? 0;
    const { cpuMs, peakMemoryBytes } = used;
    if (
      cpuMs - last.cpuMs >= LEAST_CPU_MS ||
      Math.abs(memoryBytes - last.memoryBytes) >= LEAST_MEMORY_BYTES
    ) {
      last = { cpuMs, memoryBytes };
      onUsage({ wallMs, cpuMs, memoryBytes, peakMemoryBytes: Math.max(peakMemoryBytes, memoryBytes) });
    }
    timer = setTimeout(take, Math.max(SAMPLE_MS, wallMs / 20));
  };
  timer = setTimeout(take, SAMPLE_MS);
  return { stop: () => clearTimeout(timer) };
}
