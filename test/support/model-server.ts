import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropicWire } from './model-wire/anthropic.ts';
import { chatWire } from './model-wire/chat.ts';
import { googleWire } from './model-wire/google.ts';
import { responsesWire } from './model-wire/responses.ts';
import { event, type ServedError, type ServedReply, type Wire } from './model-wire/wire.ts';

/** A request as it came. */
export interface ModelServerRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** What stands at that place of the body; undefined when there is none. */
  at(...place: readonly (string | number)[]): unknown;
}

/**
 * What the server does with one request. `pieceBytes` cuts the bytes of a reply anywhere, characters included.
 * `cut` ends the connection in the middle; `ends` ends the stream in order, but too early.
 */
export type ModelServerAnswer =
  | { readonly reply: ServedReply; readonly pieceBytes?: number }
  | { readonly error: ServedError; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
  | { readonly broken: 'hang' | 'silence' | 'cut' | 'ends' | 'error-frame' | 'garbage' | 'html' | 'endless' };

export interface ModelServer {
  /** Without a path; the providers' base URLs are below it: `/v1`, `/v1beta`. */
  readonly url: string;
  readonly requests: ModelServerRequest[];
  /** What the next requests get, in order; afterwards each gets the text `ok`. */
  readonly answers: ModelServerAnswer[];
  /** How many connections were ended from the other side before they were answered. */
  left: number;
  close(): Promise<void>;
}

/** A server on loopback that writes as OpenAI, Anthropic and Google do, told by the path. */
export async function startModelServer(): Promise<ModelServer> {
  const requests: ModelServerRequest[] = [];
  const answers: ModelServerAnswer[] = [];
  const state = { left: 0 };
  const server = createServer(async (request, reply) => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const text = Buffer.concat(pieces).toString();
    const path = request.url ?? '';
    const body: unknown = text ? JSON.parse(text) : null;
    requests.push({ path, headers: request.headers, body, at: (...place) => lookUp(body, place) });
    reply.on('close', () => {
      if (!reply.writableFinished) state.left += 1;
    });
    const key = keyOf(request.headers);
    await answer(reply, answers.shift() ?? { reply: { text: 'ok' } }, wireOf(path), modelOf(path, body), key);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answers,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

function wireOf(path: string): Wire {
  if (path.endsWith('/responses')) return responsesWire;
  if (path.endsWith('/messages')) return anthropicWire;
  if (path.includes(':streamGenerateContent')) return googleWire;
  return chatWire;
}

function modelOf(path: string, body: unknown): string {
  if (typeof body === 'object' && body !== null && 'model' in body) return String(body.model);
  return /models\/([^:]+):/.exec(path)?.[1] ?? 'unknown';
}

/** What stands at that place of a value of JSON. */
export function lookUp(value: unknown, place: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of place) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Array.isArray(found)
      ? found.at(Number(step))
      : Object.entries(found).find(([key]) => key === step)?.[1];
  }
  return found;
}

/** The key as each provider has it sent. */
function keyOf(headers: IncomingHttpHeaders): string {
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  return String(headers['x-api-key'] ?? headers['x-goog-api-key'] ?? bearer ?? '');
}

async function answer(
  reply: ServerResponse,
  what: ModelServerAnswer,
  wire: Wire,
  model: string,
  key: string,
): Promise<void> {
  if ('reply' in what) {
    startStream(reply);
    const bytes = Buffer.from(wire.frames(what.reply, model).join(''));
    const size = what.pieceBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += size) {
      reply.write(bytes.subarray(at, at + size));
      // Each piece is a packet of its own.
      if (what.pieceBytes) await new Promise((resolve) => setImmediate(resolve));
    }
    reply.end();
  } else if ('error' in what) {
    const { status, body } = wire.error(what.error, model, key);
    reply
      .writeHead(status, { 'content-type': 'application/json', ...what.headers })
      .end(JSON.stringify(body));
  } else if ('status' in what) {
    reply.writeHead(what.status, { 'content-type': 'application/json', ...what.headers }).end(what.body);
  } else {
    breakDown(reply, what.broken, wire, model);
  }
}

function breakDown(
  reply: ServerResponse,
  how: Extract<ModelServerAnswer, { broken: string }>['broken'],
  wire: Wire,
  model: string,
): void {
  if (how === 'hang') return;
  if (how === 'html') {
    reply.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in to the network</html>');
    return;
  }
  startStream(reply);
  const half = wire.frames({ text: 'The beginning of a reply that never ends' }, model).slice(0, 3);
  reply.write(half.join(''));
  if (how === 'cut') setImmediate(() => reply.destroy());
  if (how === 'ends') reply.end();
  if (how === 'error-frame') reply.end(wire.errorFrame());
  if (how === 'garbage') reply.end(event('{"choices": [{"delta": NaN'));
  if (how === 'endless') {
    writeForever(reply, wire.frames({ text: 'on and on '.repeat(200_000) }, model)[5] ?? '');
  }
}

function startStream(reply: ServerResponse): void {
  reply.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
}

function writeForever(reply: ServerResponse, frame: string): void {
  const write = () => {
    while (!reply.destroyed && reply.write(frame));
  };
  reply.on('drain', write);
  write();
}
