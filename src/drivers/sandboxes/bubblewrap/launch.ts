import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { Duplex, Writable } from 'node:stream';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { SandboxMount } from '../../../resources/ports/sandbox.ts';
import { bubblewrapArguments, descriptors } from './arguments.ts';
import { killQuietly } from './cgroup.ts';
import { closed, openReader, openWriter, pour } from './channels.ts';
import { childrenOf } from './meter.ts';
import type { Slot } from './slot.ts';

/** How bwrap ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A started sandbox, all limits on, whose process 1 waits on its control pipe for what to run. */
export interface Cell {
  readonly slot: Slot;
  readonly pid: number | undefined;
  readonly out: Socket;
  readonly err: Socket;
  /** Tells process 1 what to do; once. */
  send(script: string): void;
  /** The program's standard input; once, and before `send`. */
  sendInput(data: Uint8Array | AsyncIterable<Uint8Array>): void;
  /** Gives up what was not sent. */
  closeInputs(): void;
  /** The boot channel, descriptor 3 of the program. */
  readonly boot: Duplex | undefined;
  /** Resolves when bwrap has ended and, with it, every process in the sandbox. */
  readonly ended: Promise<Ending>;
  hasEnded(): boolean;
  /** True once process 1 has set everything up and started the program. */
  programStarted(): boolean;
  kill(): void;
}

export interface Launcher {
  readonly bwrap: string;
  /** File that holds the system call filter. */
  readonly seccompFile: string;
}

/** Starts a sandbox in a slot. It runs nothing yet. */
export function launch(
  launcher: Launcher,
  slot: Slot,
  mounts: readonly SandboxMount[],
  withBoot: boolean,
): Cell {
  const out = openReader(slot.directory, 'out');
  const err = openReader(slot.directory, 'err');
  const stream = openWriter(slot.directory, 'in');
  const control = openWriter(slot.directory, 'control');
  const status = openSync(join(slot.directory, 'status'), 'w+', 0o600);
  const files = [join(slot.furniture, 'stdin'), join(slot.furniture, 'script'), launcher.seccompFile];
  const [stdin = -1, script = -1, seccomp = -1] = files.map((path) => openSync(path, 'r'));
  const gated = slot.cgroup?.place !== undefined;
  const [file = '', ...args] = commandLine(launcher, slot, mounts, gated);
  const child = spawn(file, args, {
    env: {},
    cwd: '/',
    ...(slot.uid === undefined ? {} : { uid: slot.uid, gid: slot.uid }),
    stdio: [
      stdin,
      out.theirs,
      err.theirs,
      withBoot ? 'pipe' : 'ignore',
      gated ? 'pipe' : 'ignore',
      status,
      control.theirs,
      script,
      stream.theirs,
      seccomp,
    ],
  });
  for (const fd of [stdin, out.theirs, err.theirs, control.theirs, script, stream.theirs, seccomp])
    closeSync(fd);
  const ended = endOf(child, status);
  if (gated) openGate(child, slot);
  return {
    slot,
    pid: child.pid,
    out: out.ours,
    err: err.ours,
    ...inputs(slot, control.ours, stream.ours),
    boot: withBoot ? bootChannel(child) : undefined,
    ended: ended.promise,
    hasEnded: ended.has,
    programStarted: ended.started,
    kill: () => killSandbox(child, slot),
  };
}

/** Kills what is in the cell and waits until its pipes are free for the next. */
export async function endCell(cell: Cell): Promise<void> {
  cell.kill();
  await cell.ended;
  cell.boot?.destroy();
  cell.out.destroy();
  cell.err.destroy();
  await Promise.all([closed(cell.out), closed(cell.err)]);
  cell.closeInputs();
}

function inputs(
  slot: Slot,
  control: number,
  stream: number,
): Pick<Cell, 'send' | 'sendInput' | 'closeInputs'> {
  const stdin = join(slot.furniture, 'stdin');
  let dirty = false;
  let stopControl = (): void => closeSync(control);
  let stopStream = (): void => closeSync(stream);
  return {
    send: (text) => {
      writeFileSync(join(slot.furniture, 'script'), text);
      try {
        writeSync(control, '\n');
      } catch {
        // Nobody reads any more: the sandbox has ended, which `ended` tells.
      }
    },
    sendInput: (data) => {
      if (!(data instanceof Uint8Array)) {
        const { stop } = pour(stream, data);
        stopStream = stop;
      } else if (data.length > 0) {
        dirty = true;
        writeFileSync(stdin, data);
      }
    },
    closeInputs: () => {
      stopControl();
      stopStream();
      stopControl = stopStream = () => {};
      if (dirty) truncateSync(stdin);
      dirty = false;
    },
  };
}

function commandLine(
  launcher: Launcher,
  slot: Slot,
  mounts: readonly SandboxMount[],
  gated: boolean,
): string[] {
  const bwrap = [...slot.disk.prefix, launcher.bwrap, ...bubblewrapArguments(slot.workspace, mounts)];
  if (gated)
    return [
      '/bin/sh',
      '-c',
      `read -r go <&${descriptors.gate} || exit 125\nexec ${descriptors.gate}<&-\nexec "$@"`,
      'sh',
      ...bwrap,
    ];
  const enter = slot.cgroup?.enter ?? '';
  return enter === '' ? bwrap : ['/bin/sh', '-c', `${enter}\nexec "$@"`, 'sh', ...bwrap];
}

/** On version 2 the launcher waits until it was moved into its cgroup, before it becomes bwrap. */
function openGate(child: ChildProcess, slot: Slot): void {
  const gate = child.stdio[descriptors.gate];
  if (child.pid === undefined || !(gate instanceof Writable)) return;
  gate.on('error', () => {});
  try {
    slot.cgroup?.place?.(child.pid);
    gate.end('go\n');
  } catch {
    // Unplaced it may not start: the closed gate ends it.
    gate.destroy();
  }
}

function bootChannel(child: ChildProcess): Duplex | undefined {
  const channel = child.stdio[descriptors.boot];
  if (!(channel instanceof Duplex)) return undefined;
  channel.on('error', () => {});
  return channel;
}

function endOf(
  child: ChildProcess,
  status: number,
): { promise: Promise<Ending>; has(): boolean; started(): boolean } {
  let over = false;
  let started: boolean | undefined;
  const promise = new Promise<Ending>((resolve) => {
    const finish = (ending: Ending): void => {
      if (over) return;
      over = true;
      started = fstatSync(status).size > 0;
      closeSync(status);
      resolve(ending);
    };
    child.once('exit', (code, signal) => finish({ code, signal }));
    child.once('error', () => finish({ code: 127, signal: null }));
  });
  return { promise, has: () => over, started: () => started ?? fstatSync(status).size > 0 };
}

/**
 * Kills process 1 of the sandbox, and with it all others; bwrap reaps it and ends. A bwrap that hasn't come so far is
 * killed itself, and so is one that doesn't end by then.
 */
function killSandbox(child: ChildProcess, slot: Slot): void {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const inner = childrenOf(pid);
  for (const one of inner.length > 0 ? inner : [pid]) killQuietly(one);
  const again = setTimeout(() => {
    for (const one of [...childrenOf(pid), ...(slot.cgroup?.processes() ?? []), pid]) killQuietly(one);
  }, 500);
  child.once('exit', () => clearTimeout(again));
}
