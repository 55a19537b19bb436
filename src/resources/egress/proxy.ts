import { timingSafeEqual } from 'node:crypto';
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { shownHost, type EgressDecision } from './decision.ts';
import { forward, plain, readTarget } from './forward.ts';
import { dial, judge, type GateRules, type Verdict } from './gate.ts';
import { readPlace, type Place } from './host-rules.ts';
import { createMeter, headerBytes, type EgressLimits, type Meter } from './limits.ts';
import { tunnel, type Passed } from './tunnel.ts';

export interface ProxyOptions {
  readonly rules: GateRules;
  readonly limits: EgressLimits;
  readonly onDecision: (decision: EgressDecision) => void;
  /** What a client has to show; anyone who can connect may use it without one. */
  readonly credential?: { readonly username: string; readonly password: string };
  /** Takes requests that are made to the proxy itself: `/v1/...`. */
  readonly programs?: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
}

/** A filtering HTTP proxy for one use: CONNECT, and plain HTTP in absolute form. */
export interface Proxy {
  readonly server: Server;
  /** Ends every connection and resolves when all were told of. */
  close(): Promise<void>;
}

interface Open extends ProxyOptions {
  readonly meter: Meter;
  readonly isOver: () => boolean;
}

export function createProxy(options: ProxyOptions): Proxy {
  const { limits } = options;
  let over = false;
  const open: Open = { ...options, meter: createMeter(limits), isOver: () => over };
  const sockets = new Set<Socket>();
  const working = new Set<Promise<void>>();
  const follow = (work: Promise<void>): void => {
    working.add(work);
    void work.finally(() => working.delete(work));
  };
  const server = createServer({
    maxHeaderSize: headerBytes,
    headersTimeout: limits.connectMs,
    requestTimeout: Math.max(limits.totalMs, limits.connectMs),
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(1000, limits.connectMs),
  });
  // Those that say nothing yet count too.
  server.maxConnections = limits.connections * 2;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => follow(onRequest(open, request, response)));
  server.on('connect', (request, _socket, head) => follow(onConnect(open, request, head)));
  const shut = (): void => {
    over = true;
    for (const socket of sockets) socket.destroy();
  };
  const timer = setTimeout(shut, limits.totalMs).unref();
  return {
    server,
    close: async () => {
      clearTimeout(timer);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      shut();
      await closed;
      await Promise.all(working);
    },
  };
}

async function onConnect(open: Open, request: IncomingMessage, head: Buffer): Promise<void> {
  const { socket } = request;
  const { connectMs, idleMs } = open.limits;
  const refuse = (status: number, text: string): void => refuseTunnel(socket, status, text, connectMs);
  if (!knows(open, request)) return refuse(407, whoAreYou);
  const shown = request.url ?? '';
  const [, host = '', port = ''] = /^(.*):([^:]*)$/.exec(shown) ?? [];
  return decide(open, readPlace(host, port), shown, {
    refuse: (text) => refuse(403, text),
    pass: async (place, address) => {
      const upstream = await dial(address, place.port, connectMs).catch(codeOf);
      if (typeof upstream === 'string') {
        refuse(502, `${place.host} did not answer: ${upstream}.\n`);
        return { bytesIn: 0, bytesOut: 0, cut: upstream };
      }
      if (!socket.destroyed) socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      return tunnel(socket, upstream, head, { meter: open.meter, idleMs });
    },
  });
}

async function onRequest(open: Open, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = '' } = request;
  request.on('error', () => response.destroy());
  response.on('error', () => response.destroy());
  const refuse = (status: number, text: string): void => {
    response.writeHead(status, { ...plain, ...(status === 407 && challenge) }).end(text);
    request.resume();
  };
  if (!knows(open, request)) return refuse(407, whoAreYou);
  if (url.startsWith('/')) {
    if (open.programs && isForPrograms(request)) return open.programs(request, response);
    return refuse(404, 'This is a proxy for requests to other servers.\n');
  }
  const target = readTarget(url);
  return decide(open, target && readPlace(target.host, target.port), url, {
    refuse: (text) => refuse(403, text),
    pass: (place, address) =>
      forward(request, response, { ...open, place, address, path: target?.path ?? '/' }),
  });
}

interface Ways {
  readonly refuse: (text: string) => void;
  readonly pass: (place: Place, address: string) => Promise<Passed>;
}

/** Judges, goes the one way or the other, and tells of it once. `asked` is what the client wrote. */
async function decide(open: Open, place: Place | undefined, asked: string, ways: Ways): Promise<void> {
  const { host, port } = place ?? { host: shownHost(asked), port: 0 };
  const full = open.meter.enter() ?? (open.isOver() ? 'its time is over' : undefined);
  try {
    const verdict = await verdictOf(open, place, full);
    if (!verdict.allowed) {
      open.onDecision({ host, port, allowed: false, reason: verdict.reason });
      return ways.refuse(`${host}, port ${port}, may not be reached: ${verdict.reason}.\n`);
    }
    const { cut, bytesIn, bytesOut } = await ways.pass({ host, port }, verdict.address);
    open.onDecision({ host, port, allowed: true, reason: cut ?? 'on the list', bytesIn, bytesOut });
  } finally {
    open.meter.leave();
  }
}

async function verdictOf(open: Open, place: Place | undefined, full: string | undefined): Promise<Verdict> {
  if (full !== undefined) return { allowed: false, reason: full };
  if (place === undefined)
    return { allowed: false, reason: 'neither a name nor a port that could be reached' };
  return judge(open.rules, place);
}

const challenge = { 'proxy-authenticate': 'Basic realm="Gantry"' } as const;
const whoAreYou = 'This proxy is for Gantry itself.\n';

function knows({ credential }: Open, request: IncomingMessage): boolean {
  if (!credential) return true;
  const expected = Buffer.from(
    `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`,
  );
  const given = Buffer.from(request.headers['proxy-authorization'] ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The only requests to the proxy itself: what a program asks a model. */
function isForPrograms({ method, url }: IncomingMessage): boolean {
  return (method === 'POST' && url === '/v1/chat/completions') || (method === 'GET' && url === '/v1/models');
}

function refuseTunnel(socket: Socket, status: number, text: string, patienceMs: number): void {
  const headers = { ...plain, 'content-length': Buffer.byteLength(text), ...(status === 407 && challenge) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`);
  // What it still sends is not read as anything.
  socket.resume().setTimeout(patienceMs, () => socket.destroy());
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  return 'code' in error ? String(error.code) : error.message;
}
