import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { connect, createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEgress, type EgressUse } from '../../src/resources/egress/egress.ts';
import type { EgressDecision } from '../../src/resources/egress/decision.ts';
import { readAllowList } from '../../src/resources/outgoing/address-rules.ts';

/** A proxy of one use whose names all lead to this machine, with what it decided. */
export interface EgressTrial {
  readonly socketPath: string;
  readonly decisions: EgressDecision[];
  /** Sends bytes as they are and gives back all that came until the end; `end` says that nothing more is sent. */
  send(bytes: string | Buffer, end?: 'end'): Promise<string>;
  /** A connection to the proxy. */
  connect(): Promise<Socket>;
  close(): Promise<void>;
}

/** Opens `places` on a proxy; `answers` says where names lead, 127.0.0.1 unless they are in it. */
export async function openEgressTrial(
  places: readonly string[],
  use: Partial<EgressUse> = {},
  answers: Readonly<Record<string, readonly string[] | Promise<readonly string[]>>> = {},
): Promise<EgressTrial> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gantry-egress-'));
  chmodSync(dataDir, 0o755);
  const decisions: EgressDecision[] = [];
  const egress = createEgress({ dataDir, resolve: async (host) => answers[host] ?? ['127.0.0.1'] });
  const door = await egress.open({
    allow: places,
    inside: readAllowList(['127.0.0.1']),
    onDecision: (decision) => decisions.push(decision),
    ...use,
  });
  const open = async (): Promise<Socket> => {
    const socket = connect(door.socketPath);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  return {
    socketPath: door.socketPath,
    decisions,
    connect: open,
    send: async (bytes, end) => {
      const socket = await open();
      socket.write(bytes);
      if (end !== undefined) socket.end();
      return readAll(socket);
    },
    close: async () => {
      await door.close();
      await egress.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
  socket.setTimeout(5_000, () => {
    text += ' (nothing came for five seconds)';
    socket.destroy();
  });
  await new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
  return text;
}

/** A server on loopback, until `close`. */
export interface Upstream {
  readonly port: number;
  close(): Promise<void>;
}

export async function serveHttp(answer: RequestListener): Promise<Upstream> {
  return listen(createServer(answer));
}

/** A server that speaks bytes. */
export async function serveTcp(onConnection: (socket: Socket) => void): Promise<Upstream> {
  return listen(createTcp(onConnection));
}

async function listen(server: Server): Promise<Upstream> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A proxy that lets through to one upstream, under the name `allowed.test`. */
export async function withDoor(
  upstream: Upstream,
  use: Partial<EgressUse>,
  work: (door: EgressTrial, place: string) => Promise<void>,
): Promise<void> {
  const place = `allowed.test:${upstream.port}`;
  const door = await openEgressTrial([place], use);
  try {
    await work(door, place);
  } finally {
    await door.close();
    await upstream.close();
  }
}

/** A request in absolute form. */
export const get = (url: string, more = ''): string =>
  `GET ${url} HTTP/1.1\r\nhost: evil.test\r\n${more}\r\n`;
export const connectTo = (place: string): string => `CONNECT ${place} HTTP/1.1\r\nhost: ${place}\r\n\r\n`;
export const status = (answer: string): number => Number(answer.split(' ')[1]);
