import { setTimeout as sleep } from 'node:timers/promises';
import { GantryError } from '../base/errors.ts';
import { socketClose } from '../contract/socket.ts';
import type { TerminalFrame, TerminalInput, TerminalSize } from '../contract/terminal.ts';
import type { Cli } from './cli.ts';
import type { ServerAddress } from './client.ts';
import { createScreenFilter } from './screen-filter.ts';

/** Ctrl-]: leaves, and cancels the run, also when the program takes Ctrl-C for itself. */
const leaveKey = 0x1d;
const pieceBytes = 32_768;
const pausesMs = [100, 250, 500, 1000, 2000, 4000, 8000];

/** The size of this terminal, when both the keyboard and the screen are one; the program then gets one as well. */
export function terminalSize(): TerminalSize | undefined {
  const { stdin, stdout } = process;
  return stdin.isTTY && stdout.isTTY ? { rows: stdout.rows || 24, cols: stdout.columns || 80 } : undefined;
}

interface AttachOptions {
  readonly runId: string;
  readonly hasTerminal: boolean;
  readonly address: () => Promise<ServerAddress>;
  /** Shows what the program writes where there is no terminal. */
  readonly write: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Called when the user wants to leave. */
  readonly leave: () => void;
}

/**
 * Ties this keyboard and screen to a program that runs, until the run ends. On a terminal keys go out as they are
 * pressed; whatever happens, the terminal is put back as it was.
 */
export async function attach(cli: Cli, options: AttachOptions): Promise<void> {
  const screen = createScreenFilter();
  const queue: TerminalInput[] = [];
  let socket: WebSocket | undefined;
  const flush = () => {
    while (socket?.readyState === WebSocket.OPEN && queue.length > 0)
      socket.send(JSON.stringify(queue.shift()));
  };
  const send = (input: TerminalInput) => {
    queue.push(input);
    flush();
  };
  const release = readKeyboard(options, send, () => {
    if (options.hasTerminal) cli.terminal.stdout.write(screen.end());
  });
  const show = (frame: TerminalFrame) => {
    if (frame.type === 'refused') cli.terminal.note(`gantry: ${frame.message}`);
    if (frame.type !== 'event' || frame.event.type !== 'output') return;
    const { stream, text } = frame.event.data;
    if (options.hasTerminal) cli.terminal.stdout.write(screen.push(text));
    else options.write(stream, text);
  };
  try {
    await follow(options, show, (opened) => {
      socket = opened;
      flush();
    });
  } finally {
    release();
  }
}

/** Passes on what is typed. Returns how to stop, which also puts the terminal back; so does the end of the process. */
function readKeyboard(
  { hasTerminal, leave }: AttachOptions,
  send: (input: TerminalInput) => void,
  restoreScreen: () => void,
): () => void {
  const { stdin, stdout } = process;
  const onData = (data: Buffer) => {
    if (hasTerminal && data.includes(leaveKey)) return leave();
    for (let at = 0; at < data.length; at += pieceBytes)
      send({ type: 'stdin', base64: data.subarray(at, at + pieceBytes).toString('base64') });
  };
  const onEnd = () => send({ type: 'end' });
  const onResize = () => send({ type: 'resize', rows: stdout.rows || 24, cols: stdout.columns || 80 });
  let released = false;
  const release = () => {
    if (released) return;
    released = true;
    if (hasTerminal && stdin.isTTY) stdin.setRawMode(false);
    stdin.off('data', onData).off('end', onEnd).pause();
    stdout.off('resize', onResize);
    process.off('exit', release);
    restoreScreen();
  };
  if (hasTerminal) {
    stdin.setRawMode(true);
    stdout.on('resize', onResize);
  }
  process.once('exit', release);
  stdin.on('data', onData).on('end', onEnd);
  return release;
}

/** The frames of the run across lost connections; ends with the last. */
async function follow(
  { runId, address }: AttachOptions,
  show: (frame: TerminalFrame) => void,
  onOpen: (socket: WebSocket) => void,
): Promise<void> {
  let lastSeq = 0;
  for (let failures = 0; ;) {
    const { url, token } = await address();
    const target = `${url.replace(/\/$/, '').replace(/^http/, 'ws')}/api/v1/executions/${runId}/terminal?after=${lastSeq}`;
    const socket = new WebSocket(target, { headers: { authorization: `Bearer ${token}` } });
    const code = await new Promise<number>((resolve) => {
      socket.addEventListener('open', () => onOpen(socket));
      socket.addEventListener('message', ({ data }) => {
        const frame = JSON.parse(String(data)) as TerminalFrame;
        failures = 0;
        if (frame.type === 'event') lastSeq = Math.max(lastSeq, frame.event.seq);
        show(frame);
      });
      socket.addEventListener('error', () => undefined);
      socket.addEventListener('close', (event) => resolve(event.code));
    });
    if (code === socketClose.finished) return;
    if (code === socketClose.signedOut)
      throw new GantryError('UNAUTHENTICATED', 'The sign-in has ended; the program goes on. Sign in again.');
    const pauseMs = pausesMs[failures];
    if (pauseMs === undefined)
      throw new GantryError(
        'SERVER_UNREACHABLE',
        `The connection to the program was lost (${code}), and it goes on. Follow it with \`gantry runs follow ${runId}\`.`,
      );
    failures += 1;
    await sleep(pauseMs);
  }
}
