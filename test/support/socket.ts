import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { TerminalFrame } from '../../src/contract/terminal.ts';

export interface TestSocket {
  readonly ws: WebSocket;
  /** Everything that has come. */
  readonly frames: TerminalFrame[];
  /** The program's output so far. */
  text(): string;
  send(frame: unknown): void;
  /** Resolves as soon as `condition` holds for what has come; rejects when the connection closes before. */
  until(condition: () => boolean): Promise<void>;
  /** The close code. */
  readonly closed: Promise<number>;
}

/** Connects; rejects with the HTTP status when the server refuses the upgrade. */
export async function openSocket(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestSocket> {
  const ws = new WebSocket(url.replace(/^http/, 'ws'), { headers });
  const frames: TerminalFrame[] = [];
  const closed = new Promise<number>((resolve) => ws.once('close', resolve));
  ws.on('message', (data) => {
    frames.push(JSON.parse(String(data)) as TerminalFrame);
    ws.emit('taken');
  });
  ws.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('unexpected-response', (_request, response) => {
      reject(new Error(`HTTP ${response.statusCode}`));
      response.resume();
      ws.terminate();
    });
  });
  const text = () =>
    frames
      .map((frame) => (frame.type === 'event' && frame.event.type === 'output' ? frame.event.data.text : ''))
      .join('');
  return {
    ws,
    frames,
    text,
    send: (frame) => ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    until: async (condition) => {
      const gone = closed.then((code) =>
        Promise.reject(new Error(`closed with ${code} after ${JSON.stringify(frames.slice(-3))}`)),
      );
      gone.catch(() => undefined);
      while (!condition()) await Promise.race([once(ws, 'taken'), gone]);
    },
    closed,
  };
}
