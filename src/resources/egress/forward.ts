import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { headerBytes, type EgressLimits, type Meter } from './limits.ts';
import type { Place } from './host-rules.ts';
import type { Passed } from './tunnel.ts';

/** A request in absolute form, taken apart without a URL parser's mercy. */
export interface ForwardTarget {
  readonly host: string;
  readonly port: string;
  readonly path: string;
}

/** Reads `http://host:port/path`; undefined for any other form: user names, other schemes, control characters. */
export function readTarget(url: string): ForwardTarget | undefined {
  const match = /^http:\/\/([^/?#@\\:]+)(?::(\d{1,5}))?([/?][\x21-\x7e]*)?$/i.exec(url);
  if (!match) return undefined;
  const [, host = '', port = '80', rest = '/'] = match;
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return path.includes('#') ? undefined : { host, port, path };
}

/* RFC 9110, section 7.6.1, and what speaks to a proxy only. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'proxy-authentication-info',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'http2-settings',
]);

export interface Forwarding {
  readonly place: Place;
  readonly path: string;
  readonly address: string;
  readonly meter: Meter;
  readonly limits: EgressLimits;
}

/**
 * Sends the request on, over a connection of its own, and the answer back. Both are parsed and written anew, so that nothing
 * travels that would be read differently at the other end.
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { place, path, address, meter, limits }: Forwarding,
): Promise<Passed> {
  return new Promise((resolve) => {
    let cut: string | undefined;
    const upstream = httpRequest({
      host: address,
      port: place.port,
      method: request.method,
      path,
      headers: headersOut(request, place),
      setHost: false,
      agent: false,
      maxHeaderSize: headerBytes,
    });
    const end = (reason: string): void => {
      cut ??= reason;
      upstream.destroy();
    };
    const count = (direction: 'in' | 'out') => (chunk: Buffer) => {
      const over = meter.count(direction, chunk.length);
      if (over !== undefined) end(over);
    };
    const patience = setTimeout(() => end('no answer in time'), limits.connectMs + limits.idleMs);
    upstream.setTimeout(limits.idleMs, () => end('nothing passed for too long'));
    upstream.on('socket', (socket) => {
      const late = setTimeout(() => end('no answer in time'), limits.connectMs);
      socket.once('connect', () => clearTimeout(late)).once('close', () => clearTimeout(late));
    });
    upstream.on('response', (answer) => {
      clearTimeout(patience);
      answer.on('data', count('in'));
      answer.on('error', () => response.destroy());
      writeHead(response, answer);
      answer.pipe(response);
    });
    upstream.on('upgrade', () => end('the server wanted to speak something else'));
    upstream.on('error', (error) => {
      cut ??= 'code' in error ? String(error.code) : 'no answer';
    });
    upstream.on('close', () => {
      clearTimeout(patience);
      if (!response.headersSent)
        response.writeHead(502, plain).end(`${place.host} did not answer: ${cut}.\n`);
      else if (!response.writableEnded) response.destroy();
      const { bytesRead = 0, bytesWritten = 0 } = upstream.socket ?? {};
      resolve({ bytesIn: bytesRead, bytesOut: bytesWritten, cut });
    });
    response.on('close', () => upstream.destroy());
    request.on('data', count('out'));
    request.on('error', () => upstream.destroy());
    request.pipe(upstream);
  });
}

export const plain = { 'content-type': 'text/plain; charset=utf-8', connection: 'close' } as const;

/** Every header of the client but those that speak to the next hop; the host is the address's, whatever the client says. */
function headersOut(request: IncomingMessage, place: Place): Record<string, string | string[]> {
  const named = connectionNames(request.headers.connection);
  const kept = Object.entries(request.headersDistinct).filter(
    ([name]) => !hopByHop.has(name) && !named.has(name) && name !== 'host',
  );
  const headers: Record<string, string | string[]> = { host: hostHeader(place) };
  for (const [name, values = []] of kept) headers[name] = values.length === 1 ? (values[0] ?? '') : values;
  // A body without a length stays one: its end is marked, also where Node would not expect a body.
  if (request.headers['transfer-encoding'] !== undefined) {
    delete headers['content-length'];
    headers['transfer-encoding'] = 'chunked';
  }
  headers['connection'] = 'close';
  return headers;
}

function hostHeader({ host, port }: Place): string {
  return port === 80 ? host : `${host}:${port}`;
}

function writeHead(response: ServerResponse, answer: IncomingMessage): void {
  const named = connectionNames(answer.headers.connection);
  for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
    if (!hopByHop.has(name) && !named.has(name)) response.setHeader(name, values);
  }
  response.writeHead(answer.statusCode ?? 502);
}

/** A client or server may name further headers of its own for the next hop. */
function connectionNames(header: string | undefined): ReadonlySet<string> {
  return new Set((header ?? '').split(',').map((name) => name.trim().toLowerCase()));
}
