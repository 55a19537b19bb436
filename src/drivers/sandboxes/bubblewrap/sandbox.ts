import { chmodSync, chownSync, lstatSync } from 'node:fs';
import { GantryError } from '../../../base/errors.ts';
import type {
  ExecRequest,
  ExecResult,
  Sandbox,
  SandboxFile,
  SandboxLimits,
  SandboxMount,
} from '../../../resources/ports/sandbox.ts';
import type { View } from './arguments.ts';
import { collectFiles } from './collect.ts';
import { assertTerminal } from './host-layout.ts';
import { cgroupLimits, fitsParked, stricter } from './limits.ts';
import { interruptCell } from './interrupt.ts';
import { endCell, type Cell } from './launch.ts';
import { markOf } from './mark.ts';
import { exitOf } from './outcome.ts';
import { readPart, removeEntry } from './places.ts';
import { endProcesses, type Slot } from './slot.ts';
import { startScript } from './script.ts';
import { openTurn, type Turn } from './turn.ts';
import { watch } from './watch.ts';
import { isFull, pathSegments, putFiles } from './workspace.ts';

export interface Parts {
  readonly id: string;
  readonly limits: SandboxLimits;
  readonly slot: Slot;
  /** Started already, if one is; with `parkedLimits` an interpreter in it waits for its payload. */
  readonly first: Cell | undefined;
  readonly parkedLimits: SandboxLimits | undefined;
  /** What programs see unless they ask for more. */
  readonly mounts: readonly SandboxMount[];
  readonly launch: (view: View) => Cell;
  /** Called when a program starts; what it answers is called when it has ended. */
  readonly onStart: (warm: boolean) => () => void;
  /** Saves the workspace, if it is one that can be. */
  readonly save: ((key: string) => Promise<void>) | undefined;
  readonly release: () => Promise<void>;
}

/** What changes in the life of a sandbox. */
interface State {
  readonly turn: Turn;
  readonly ending: AbortController;
  cell: Cell | undefined;
  /** The cell has run nothing yet. */
  fresh: boolean;
  /** Of the workspace as it is; undefined once it may have been changed. */
  marked: string | undefined;
}

/** A sandbox in a slot: each program runs in a bwrap of its own over the same workspace. */
export function createSandbox(parts: Parts): Sandbox {
  const cell = parts.first;
  const state: State = {
    turn: openTurn(),
    ending: new AbortController(),
    cell,
    fresh: cell !== undefined,
    marked: undefined,
  };
  const { turn } = state;
  let destroyed: Promise<void> | undefined;
  const endAll = async (): Promise<void> => {
    const { idle } = turn.end();
    await quiet(state);
    await idle;
    await parts.release();
  };
  return {
    id: parts.id,
    ...filesOf(parts, state),
    exec: async (request) => {
      if (request.terminal) assertTerminal();
      return turn.alone(() => run(parts, state, request));
    },
    interrupt: () => void (turn.isBusy() && state.cell && interruptCell(state.cell)),
    resize: (size) => void (turn.isBusy() && state.cell?.resize(size)),
    destroy: () => {
      state.ending.abort();
      return (destroyed ??= endAll());
    },
  };
}

/** What is done with the files of a sandbox while nothing runs in it. */
function filesOf(
  { slot, save }: Parts,
  state: State,
): Pick<Sandbox, 'put' | 'read' | 'remove' | 'mark' | 'save' | 'collect'> {
  const { turn } = state;
  return {
    put: async (files: readonly SandboxFile[]) => {
      turn.refuse();
      state.marked = undefined;
      putFiles(slot.hostWorkspace, files, slot.uid);
    },
    read: async (path, range) => {
      turn.refuse();
      return readPart(slot.hostWorkspace, path, range);
    },
    remove: async (path) => {
      turn.refuse();
      state.marked = undefined;
      removeEntry(slot.hostWorkspace, path);
    },
    mark: () =>
      turn.alone(async () => {
        await quiet(state);
        const marked = state.marked ?? (await markOf(slot.hostTop));
        return (state.marked = marked);
      }),
    save: (key) =>
      turn.alone(async () => {
        if (!save)
          throw new GantryError('INPUT_INVALID', 'Only a sandbox that was made with a tree can be saved.');
        turn.close();
        await quiet(state);
        await endProcesses(slot);
        await save(key);
      }),
    collect: async function* (limits) {
      const done = turn.begin();
      try {
        await quiet(state);
        await endProcesses(slot);
        return yield* collectFiles(slot.hostOutput, limits);
      } finally {
        done();
      }
    },
  };
}

/** Every process is dead when a program's end is told; this ends a cell that waits and was never used. */
async function quiet({ cell }: State): Promise<void> {
  if (cell) await endCell(cell);
}

async function run(parts: Parts, state: State, request: ExecRequest): Promise<ExecResult> {
  const { slot } = parts;
  const limits = stricter(parts.limits, request.limits);
  const parked = parkedCell(parts, state, limits, request);
  const cell = parked ?? (await coldCell(parts, state, request));
  state.cell = cell;
  state.fresh = false;
  if (request.readOnly !== true) state.marked = undefined;
  if (!parked) slot.limit(cgroupLimits(limits, request.terminal !== undefined));
  slot.cgroup?.reset();
  const { ending } = state;
  const signal = request.signal ? AbortSignal.any([request.signal, ending.signal]) : ending.signal;
  const onEnd = parts.onStart(parked !== undefined);
  try {
    return await (parked ? runParked : runCold)(cell, limits, { ...request, signal });
  } finally {
    onEnd();
  }
}

/** The cell whose interpreter can take the request over, if there is one. */
function parkedCell(
  { parkedLimits }: Parts,
  { cell, fresh }: State,
  limits: SandboxLimits,
  request: ExecRequest,
): Cell | undefined {
  const suits =
    fresh &&
    request.payload !== undefined &&
    !isStream(request.stdin) &&
    !request.terminal &&
    isPlain(request);
  return cell && parkedLimits && suits && takesParked(cell, parkedLimits, limits) ? cell : undefined;
}

async function coldCell(parts: Parts, { cell, fresh }: State, request: ExecRequest): Promise<Cell> {
  const view = viewOf(parts.slot, parts.mounts, request);
  if (cell && fresh && parts.parkedLimits === undefined && !cell.hasEnded() && isPlain(request)) return cell;
  if (cell) await endCell(cell);
  return parts.launch(view);
}

function isPlain({ mounts, readOnly, privateDirectory, egress }: ExecRequest): boolean {
  return !mounts?.length && readOnly !== true && privateDirectory === undefined && egress === undefined;
}

function viewOf(slot: Slot, mounts: readonly SandboxMount[], request: ExecRequest): View {
  const { privateDirectory, egress } = request;
  if (egress !== undefined) openSocketTo(slot.uid, egress);
  return {
    mounts: [...mounts, ...(request.mounts ?? [])],
    readOnly: request.readOnly === true,
    privateAt: privateDirectory === undefined ? undefined : slot.privateDirectory(privateDirectory),
    egress,
  };
}

/** Only this sandbox's user may connect. */
function openSocketTo(uid: number | undefined, path: string): void {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (!entry?.isSocket())
    throw new GantryError('SANDBOX_FAILED', `There is no socket at ${path} for the way out.`);
  if (uid !== undefined) chownSync(path, uid, uid);
  chmodSync(path, 0o600);
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
    diskFull: () => isFull([slot.hostTop, slot.hostOutput], limits.fileBytes),
  });
  return { exit, wallMs, cpuMs: usage.cpuMs, peakMemoryBytes: usage.peakMemoryBytes, truncated, warm };
}
