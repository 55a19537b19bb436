import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { GantryError } from '../../base/errors.ts';

export interface OutgoingRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For all of it: resolving, connecting, redirects and the whole answer. 10 s unless given. */
  readonly timeoutMs?: number;
  /** Largest answer; 1 MiB unless given. */
  readonly maxBytes?: number;
  /** How many redirects are followed, each checked like the first address; none unless given. */
  readonly redirects?: number;
  readonly signal?: AbortSignal;
}

export interface OutgoingReply {
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

const maxBytes = 1024 ** 2;

/** One request to `address`, which was checked; the name only says whom to ask for, and whose certificate it must be. */
export async function exchange(
  url: URL,
  address: string,
  request: OutgoingRequest,
  signal: AbortSignal,
): Promise<OutgoingReply> {
  const most = request.maxBytes ?? maxBytes;
  try {
    const message = await send(url, address, request, signal);
    const { statusCode = 0, headers } = message;
    // Its body is of no use, and may be of any size.
    if (statusCode >= 300 && statusCode < 400) {
      message.destroy();
      return { url: url.href, status: statusCode, headers, body: new Uint8Array() };
    }
    return { url: url.href, status: statusCode, headers, body: await read(message, most, url) };
  } catch (cause) {
    if (cause instanceof GantryError) throw cause;
    const why = signal.aborted ? 'did not answer in time' : `failed (${wordsOf(cause)})`;
    throw new GantryError('OUTGOING_FAILED', `The server ${url.host} ${why}.`, { cause });
  }
}

/** Sends a request to a checked address; the answer's body is yet to be read. */
export function send(
  url: URL,
  address: string,
  { method = 'GET', headers = {}, body }: OutgoingRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const options: RequestOptions = {
    method,
    signal,
    agent: false,
    headers: {
      'user-agent': 'Gantry',
      'accept-encoding': 'identity',
      ...headers,
      ...(bytes && { 'content-length': bytes.length }),
    },
    lookup: (_hostname, { all }, done) => {
      const family = isIP(address);
      if (all) done(null, [{ address, family }]);
      else done(null, address, family);
    },
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve);
    request.on('error', reject);
    request.end(bytes);
  });
}

async function read(message: IncomingMessage, most: number, url: URL): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > most) {
      message.destroy();
      throw new GantryError(
        'OUTGOING_FAILED',
        `The server ${url.host} answered with more than ${most} bytes.`,
      );
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** What went wrong on the way, in short: `ECONNREFUSED`. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
