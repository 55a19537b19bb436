import { GantryError } from '../../../base/errors.ts';
import type {
  CollectLimits,
  Collected,
  ExecRequest,
  ExecResult,
  OutputFile,
  Sandbox,
  SandboxFile,
  SandboxLimits,
} from '../../../resources/ports/sandbox.ts';
import { collectFiles } from './collect.ts';
import { assertTerminal } from './host-layout.ts';
import { cgroupLimits, fitsParked, stricter } from './limits.ts';
import { interruptCell } from './interrupt.ts';
import { endCell, type Cell } from './launch.ts';
import { exitOf } from './outcome.ts';
import { endProcesses } from './slot.ts';
import { startScript } from './script.ts';
import { watch } from './watch.ts';
import { isFull, pathSegments, putFiles } from './workspace.ts';

export interface Parts {
  readonly id: string;
  readonly limits: SandboxLimits;
  /** Started already; `booted` has an interpreter that waits for its payload under `parkedLimits`. */
  readonly first: Cell;
  readonly parkedLimits: SandboxLimits | undefined;
  readonly relaunch: (previous: Cell) => Cell;
  /** Called when a program starts; what it answers is called when it has ended. */
  readonly onStart: (warm: boolean) => () => void;
  readonly release: (cell: Cell) => Promise<void>;
}

/** A sandbox in a slot: each program runs in a bwrap of its own over the same workspace. */
export function createSandbox(parts: Parts): Sandbox {
  const { slot } = parts.first;
  let cell = parts.first;
  let fresh = true;
  let running: Promise<unknown> | undefined;
  let destroyed: Promise<void> | undefined;
  const ending = new AbortController();

  const refuseWhileBusy = (): void => {
    if (destroyed) throw new GantryError('SANDBOX_FAILED', 'The sandbox was destroyed already.');
    if (running)
      throw new GantryError('CONFLICT', 'A program is still running in the sandbox; wait for its end.');
  };
  const coldCell = async (): Promise<Cell> => {
    if (fresh && parts.parkedLimits === undefined && !cell.hasEnded()) return cell;
    await endCell(cell);
    return parts.relaunch(cell);
  };
  const run = async (request: ExecRequest): Promise<ExecResult> => {
    const limits = stricter(parts.limits, request.limits);
    const warm =
      fresh &&
      request.payload !== undefined &&
      !isStream(request.stdin) &&
      !request.terminal &&
      parts.parkedLimits !== undefined &&
      takesParked(cell, parts.parkedLimits, limits);
    if (!warm) {
      cell = await coldCell();
      slot.limit(cgroupLimits(limits, request.terminal !== undefined));
    }
    fresh = false;
    slot.cgroup?.reset();
    const signal = request.signal ? AbortSignal.any([request.signal, ending.signal]) : ending.signal;
    const onEnd = parts.onStart(warm);
    try {
      return await (warm ? runParked : runCold)(cell, limits, { ...request, signal });
    } finally {
      onEnd();
    }
  };
  const endAll = async (): Promise<void> => {
    await endCell(cell);
    await running;
    await parts.release(cell);
  };
  return {
    id: parts.id,
    put: async (files: readonly SandboxFile[]) => {
      refuseWhileBusy();
      putFiles(slot.hostWorkspace, files, slot.uid);
    },
    exec: async (request) => {
      refuseWhileBusy();
      if (request.terminal) assertTerminal();
      const result = run(request).finally(() => (running = undefined));
      running = result.catch(() => undefined);
      return result;
    },
    interrupt: () => void (running && interruptCell(cell)),
    resize: (size) => void (running && cell.resize(size)),
    collect: async function* (limits) {
      refuseWhileBusy();
      const done = Promise.withResolvers<void>();
      running = done.promise;
      try {
        return yield* collect(cell, limits);
      } finally {
        done.resolve();
        running = undefined;
      }
    },
    destroy: () => {
      ending.abort();
      return (destroyed ??= endAll());
    },
  };
}

/** Every process is dead when a program's end is told; this ends one that was parked and never used, and looks. */
async function* collect(cell: Cell, limits: CollectLimits): AsyncGenerator<OutputFile, Collected> {
  await endCell(cell);
  await endProcesses(cell.slot);
  return yield* collectFiles(cell.slot.hostOutput, limits);
}

function isStream(input: ExecRequest['stdin']): boolean {
  return input !== undefined && !(input instanceof Uint8Array);
}

function takesParked(cell: Cell, parked: SandboxLimits, limits: SandboxLimits): boolean {
  if (cell.hasEnded() || !fitsParked(parked, limits, cell.slot.cgroup !== undefined)) return false;
  const { size } = cell.slot.disk;
  if (size.bytes !== limits.diskBytes || size.inodes !== limits.inodes) return false;
  try {
    cell.slot.limit(cgroupLimits(limits));
    return true;
  } catch {
    // What the interpreter already uses is more than this program may: it starts cold and fails by itself.
    return false;
  }
}

async function runParked(cell: Cell, limits: SandboxLimits, request: ExecRequest): Promise<ExecResult> {
  const ended = finish(cell, limits, request, true);
  cell.boot?.send(request.payload ?? new Uint8Array());
  return ended;
}

async function runCold(cell: Cell, limits: SandboxLimits, request: ExecRequest): Promise<ExecResult> {
  const [program] = request.argv;
  if (program === undefined || program === '' || program.startsWith('-')) {
    throw new GantryError('INPUT_INVALID', 'A program needs a name, which does not begin with "-".');
  }
  if (request.cwd !== undefined) pathSegments(request.cwd);
  const script = startScript({
    argv: request.argv,
    cwd: request.cwd,
    env: request.env ?? {},
    limits,
    streamed: isStream(request.stdin),
    terminal: request.terminal,
    perProcess: cell.slot.cgroup ? undefined : { memory: request.reservesAddressSpace !== true },
  });
  const ended = finish(cell, limits, request, false);
  cell.send(script);
  return ended;
}

async function finish(
  cell: Cell,
  limits: SandboxLimits,
  request: ExecRequest,
  warm: boolean,
): Promise<ExecResult> {
  const early: Buffer[] = [];
  const watching = watch({
    cell,
    limits,
    signal: request.signal,
    onUsage: request.onUsage,
    onOutput: (chunk) => {
      if (early.length < 4 && chunk.stream === 'stderr') early.push(Buffer.from(chunk.data.subarray(0, 500)));
      request.onOutput?.(chunk);
    },
  });
  cell.sendInput(request.stdin ?? new Uint8Array());
  const { ending, killedFor, truncated, wallMs, usage } = await watching;
  cell.closeInputs();
  if (!cell.programStarted() && killedFor === undefined) {
    const said = Buffer.concat(early).toString().trim();
    throw new GantryError(
      'SANDBOX_FAILED',
      `The sandbox ended (${ending.signal ?? ending.code}) before it started the program${said === '' ? '.' : `: ${said}`}`,
    );
  }
  const { slot } = cell;
  const exit = exitOf({
    ending,
    killedFor,
    oomKills: usage.oomKills,
    processHits: usage.processHits,
    diskFull: () => isFull([slot.hostWorkspace, slot.hostOutput], limits.fileBytes),
  });
  return { exit, wallMs, cpuMs: usage.cpuMs, peakMemoryBytes: usage.peakMemoryBytes, truncated, warm };
}
