import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { Readable } from 'node:stream';
import { errorTable, GantryError, type ErrorCode } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { ProblemDetails } from '../contract/problem.ts';
import type { StreamedEvent } from './server-sent-events.ts';

/** Where the server is and what to show it. */
export interface ServerAddress {
  readonly url: string;
  readonly token: string;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** The HTTP API from outside. Every problem that the server answers is thrown as the GantryError that it was there. */
export interface Client {
  /** `path` is below `/api/v1`. The caller names the shape of the answer, which the server's own schema has checked. */
  call<Answer>(method: Method, path: string, body?: unknown): Promise<Answer>;
  /**
   * The server-sent events at `path` after the cursor `lastId` ('' for all), which end or throw when the connection does;
   * null when the server says that none will come any more.
   */
  stream(path: string, lastId: string, signal: AbortSignal): Promise<AsyncIterable<StreamedEvent> | null>;
  /** Sends a file of this machine as the body. */
  upload<Answer>(path: string, file: string): Promise<Answer>;
  /** A file at `path`, whole. */
  bytes(path: string): Promise<Buffer>;
  /** Where the server is now. */
  address(): Promise<ServerAddress>;
}

/** `find` is asked before each request, because a server that starts again has a new address. */
export function createClient(find: () => Promise<ServerAddress>): Client {
  return {
    async call<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
      const headers: Record<string, string> = { accept: 'application/json' };
      if (method !== 'GET') headers['idempotency-key'] = newId();
      if (body !== undefined) headers['content-type'] = 'application/json';
      const answer = await ask(find, path, { method, headers }, body);
      const text = await readText(answer);
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    },
    async stream(path, lastId, signal) {
      const { parseEventStream } = await import('./server-sent-events.ts');
      const headers = { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
      const answer = await ask(find, path, { headers, signal });
      return answer.statusCode === 204 ? null : parseEventStream(answer);
    },
    async upload<Answer>(path: string, file: string): Promise<Answer> {
      const { createReadStream } = await import('node:fs');
      const { stat } = await import('node:fs/promises');
      const headers = {
        ...{ accept: 'application/json', 'content-type': 'application/octet-stream' },
        ...{ 'idempotency-key': newId(), 'content-length': String((await stat(file)).size) },
      };
      const answer = await ask(find, path, { method: 'POST', headers }, createReadStream(file));
      return JSON.parse(await readText(answer)) as Answer;
    },
    bytes: async (path) => readAll(await ask(find, path, {})),
    address: find,
  };
}

/** Longer than the pause between two signs of life of a stream. */
const silenceMs = 60_000;

/** One request by Node's own client, which is there in a fifth of the time that `fetch` takes to load. */
async function ask(
  find: () => Promise<ServerAddress>,
  path: string,
  options: RequestOptions,
  body?: unknown,
): Promise<IncomingMessage> {
  const { url, token } = await find();
  const target = `${url.replace(/\/$/, '')}/api/v1${path}`;
  const headers = { ...options.headers, authorization: `Bearer ${token}` };
  const { request } = await import(target.startsWith('https:') ? 'node:https' : 'node:http');
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked: ClientRequest = request(target, { timeout: silenceMs, ...options, headers }, resolve);
  asked
    .on('error', reject)
    .on('timeout', () => asked.destroy(new Error('The server says nothing any more.')));
  send(asked, body);
  const answer = await promise.catch((cause: unknown) => {
    throw unreachable(url, cause);
  });
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 299) throw problemOf(status, await readText(answer), url);
  return answer;
}

function send(asked: ClientRequest, body: unknown): void {
  if (body instanceof Readable) body.on('error', (error) => asked.destroy(error)).pipe(asked);
  else asked.end(body === undefined ? undefined : JSON.stringify(body));
}

/** SERVER_UNREACHABLE for a server that should be at `url`. */
export function unreachable(url: string | undefined, cause?: unknown): GantryError {
  const where = url === undefined ? '' : ` at ${url}`;
  return new GantryError(
    'SERVER_UNREACHABLE',
    `No Gantry server answers${where}. Start it with \`gantry up\`.`,
    {
      cause,
    },
  );
}

async function readText(answer: IncomingMessage): Promise<string> {
  return (await readAll(answer)).toString('utf8');
}

async function readAll(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of answer) pieces.push(piece);
  } catch (cause) {
    throw unreachable(undefined, cause);
  }
  return Buffer.concat(pieces);
}

function problemOf(status: number, text: string, url: string): GantryError {
  const problem = parseProblem(text);
  if (!problem) {
    const what = `${url} answered ${status}, and not as a Gantry server does. Check the address.`;
    return new GantryError('SERVER_UNREACHABLE', what);
  }
  const code: ErrorCode = isErrorCode(problem.code) ? problem.code : 'INTERNAL';
  return new GantryError(code, problem.detail, { problems: problem.problems ?? [] });
}

function parseProblem(text: string): ProblemDetails | undefined {
  try {
    const value = JSON.parse(text) as Partial<ProblemDetails> | null;
    return value && value.code && typeof value.detail === 'string' ? (value as ProblemDetails) : undefined;
  } catch {
    return undefined;
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
