import { closeSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { TerminalSize } from '../../../contract/terminal.ts';
import { bubblewrapArguments, descriptors, type View } from './arguments.ts';
import { killQuietly } from './cgroup.ts';
import { closed, openReader, openWriter, pour } from './channels.ts';
import { childrenOf } from './meter.ts';
import { quote } from './script.ts';
import type { Slot } from './slot.ts';
import type { Ending } from './spawner.ts';

/** A started sandbox, all limits on, whose process 1 waits on its control pipe for what to run. */
export interface Cell {
  readonly slot: Slot;
  readonly out: Socket;
  readonly err: Socket;
  /** Tells process 1 what to do; once. */
  send(script: string): void;
  /** Tells the program's terminal its new size. */
  resize(size: TerminalSize): void;
  /** The program's standard input; once, and before `send`. */
  sendInput(data: Uint8Array | AsyncIterable<Uint8Array>): void;
  /** Gives up what was not sent. */
  closeInputs(): void;
  readonly boot: BootChannel | undefined;
  /** Resolves when bwrap has ended and, with it, every process in the sandbox. */
  readonly ended: Promise<Ending>;
  hasEnded(): boolean;
  /** True once process 1 has set everything up and started the program. */
  programStarted(): boolean;
  /** The process of bwrap itself. */
  pid(): number | undefined;
  kill(): void;
}

/** Between this process and an interpreter that waits. */
export interface BootChannel {
  /** Resolves with the interpreter's first word. */
  readonly ready: Promise<void>;
  /** Hands over the payload and closes. */
  send(payload: Uint8Array): void;
}

export interface Launcher {
  readonly bwrap: string;
  /** File that holds the system call filter. */
  readonly seccompFile: string;
}

const RETRY_KILL_MS = 10;
const PATIENCE_ROUNDS = 50;

/** Starts a sandbox in a slot. It runs nothing yet. */
export function launch(launcher: Launcher, slot: Slot, view: View, withBoot: boolean): Cell {
  slot.writeLaunchFile(launchFile(launcher, slot, view, withBoot));
  const [out, err] = [openReader(slot.directory, 'out'), openReader(slot.directory, 'err')];
  const boot = withBoot ? openBoot(slot) : undefined;
  const status = join(slot.furniture, 'status');
  truncateSync(status);
  let over = false;
  let started: boolean | undefined;
  const hasStarted = (): boolean => statSync(status).size > 0;
  const inputs = openInputs(slot, () => over || hasStarted());
  const spawner = slot.spawner();
  const ended = spawner.launch().then((ending) => {
    over = true;
    started = hasStarted();
    for (const reader of [out, err, boot?.reader]) reader?.release();
    return ending;
  });
  const cell: Cell = {
    slot,
    out: out.ours,
    err: err.ours,
    ...inputs,
    closeInputs: () => {
      inputs.closeInputs();
      boot?.close();
    },
    boot,
    ended,
    hasEnded: () => over,
    programStarted: () => started ?? hasStarted(),
    pid: () => spawner.child(),
    kill: () => killCell(cell),
  };
  return cell;
}

/** Kills what is in the cell and waits until its pipes are free for the next. */
export async function endCell(cell: Cell): Promise<void> {
  cell.kill();
  await cell.ended;
  cell.out.destroy();
  cell.err.destroy();
  await Promise.all([closed(cell.out), closed(cell.err)]);
  cell.closeInputs();
}

/** What the spawner does: in a process of its own it opens the slot's pipes and files, and becomes bwrap. */
function launchFile(launcher: Launcher, slot: Slot, view: View, withBoot: boolean): string {
  const pipe = (name: string): string => quote(join(slot.directory, name));
  const file = (name: string): string => quote(join(slot.furniture, name));
  const { boot, ready, status, control, script, stream, seccomp } = descriptors;
  const bwrap = [
    ...slot.disk.prefix,
    launcher.bwrap,
    ...bubblewrapArguments(slot.workspace, slot.output, view),
  ];
  return [
    '(',
    `exec 0<${file('stdin')} 1>${pipe('out')} 2>${pipe('err')}`,
    ...(withBoot ? [`exec ${boot}<${pipe('boot')} ${ready}>${pipe('ready')}`] : []),
    `exec ${status}>${file('status')} ${control}<${pipe('control')} ${script}<${file('script')}`,
    `exec ${stream}<${pipe('in')} ${seccomp}<${quote(launcher.seccompFile)}`,
    `exec ${bwrap.map(quote).join(' ')}`,
    ')',
    '',
  ].join('\n');
}

function openInputs(
  slot: Slot,
  isTaken: () => boolean,
): Pick<Cell, 'send' | 'resize' | 'sendInput' | 'closeInputs'> {
  const control = openWriter(slot.directory, 'control');
  const stream = openWriter(slot.directory, 'in');
  const stdin = join(slot.furniture, 'stdin');
  let dirty = false;
  let stopStream: (() => void) | undefined = () => closeSync(stream);
  return {
    send: (text) => {
      writeFileSync(join(slot.furniture, 'script'), text);
      writeSync(control, '\n');
    },
    resize: ({ rows, cols }) => {
      if (stopStream === undefined) return;
      try {
        writeSync(control, `${rows} ${cols}\n`);
      } catch {
        // Nobody has read the sizes before: the pipe is full.
      }
    },
    sendInput: (data) => {
      if (!(data instanceof Uint8Array)) {
        const { stop } = pour(stream, data, isTaken);
        stopStream = stop;
      } else if (data.length > 0) {
        dirty = true;
        writeFileSync(stdin, data);
      }
    },
    closeInputs: () => {
      if (stopStream === undefined) return;
      stopStream();
      closeSync(control);
      stopStream = undefined;
      if (dirty) truncateSync(stdin);
    },
  };
}

function openBoot(
  slot: Slot,
): BootChannel & { readonly reader: ReturnType<typeof openReader>; close(): void } {
  const reader = openReader(slot.directory, 'ready');
  const writer = openWriter(slot.directory, 'boot');
  let isOpen = true;
  const close = (): void => {
    reader.ours.destroy();
    if (isOpen) closeSync(writer);
    isOpen = false;
  };
  const ready = new Promise<void>((resolve) => {
    reader.ours.once('data', () => {
      reader.ours.destroy();
      resolve();
    });
  });
  reader.ours.unref();
  return {
    ready,
    reader,
    close,
    send: (payload) => {
      if (!isOpen) return;
      isOpen = false;
      pour(
        writer,
        (async function* () {
          yield payload;
        })(),
      );
    },
  };
}

/**
 * Kills process 1 of the sandbox, and with it all others; bwrap reaps it and ends. A bwrap that hasn't come so far is
 * killed itself, and so is one that doesn't end.
 */
function killCell(cell: Cell): void {
  const attempt = (round: number): void => {
    if (cell.hasEnded()) return;
    const bwrap = cell.pid();
    const inner = bwrap === undefined ? [] : childrenOf(bwrap);
    for (const pid of inner) killQuietly(pid);
    if (bwrap !== undefined && (inner.length === 0 || round > PATIENCE_ROUNDS)) killQuietly(bwrap);
    setTimeout(attempt, RETRY_KILL_MS, round + 1);
  };
  attempt(0);
}
