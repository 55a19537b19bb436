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
}

/** `find` is asked before each request, because a server that starts again has a new address. */
export function createClient(find: () => Promise<ServerAddress>): Client {
  return {
    async call<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
      const headers: Record<string, string> = { accept: 'application/json' };
      if (method !== 'GET') headers['idempotency-key'] = newId();
      if (body !== undefined) headers['content-type'] = 'application/json';
      const answer = await request(find, path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await readText(answer);
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    },
    async stream(path, lastId, signal) {
      const { parseEventStream } = await import('./server-sent-events.ts');
      const headers = { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
      const answer = await request(find, path, { headers, signal });
      return answer.body && answer.status !== 204 ? parseEventStream(answer.body) : null;
    },
  };
}

async function request(
  find: () => Promise<ServerAddress>,
  path: string,
  init: RequestInit,
): Promise<Response> {
  const { url, token } = await find();
  const headers = { ...init.headers, authorization: `Bearer ${token}` };
  const answer = await fetch(new URL(`/api/v1${path}`, url), { ...init, headers, redirect: 'error' }).catch(
    (cause: unknown) => {
      throw unreachable(url, cause);
    },
  );
  if (!answer.ok) throw await problemOf(answer, url);
  return answer;
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

async function readText(answer: Response): Promise<string> {
  return answer.text().catch((cause: unknown) => {
    throw unreachable(answer.url, cause);
  });
}

async function problemOf(answer: Response, url: string): Promise<GantryError> {
  const text = await readText(answer);
  const problem = parseProblem(text);
  if (!problem) {
    const what = `${url} answered ${answer.status}, and not as a Gantry server does. Check the address.`;
    return new GantryError('SERVER_UNREACHABLE', what);
  }
  const code: ErrorCode = isErrorCode(problem.code) ? problem.code : 'INTERNAL';
  return new GantryError(code, problem.detail, { problems: problem.problems ?? [] });
}

function parseProblem(text: string): ProblemDetails | undefined {
  try {
    const value = JSON.parse(text) as Partial<ProblemDetails> | null;
    return value && typeof value.code === 'string' && typeof value.detail === 'string'
      ? (value as ProblemDetails)
      : undefined;
  } catch {
    return undefined;
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
