import type { ProblemDetails } from '../../contract/problem.ts';

/** A refusal of the server, or that it could not be asked at all (`code` is then SERVER_UNREACHABLE, `status` 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: ProblemDetails;
  /** Seconds to wait before the next try, where the server says so. */
  readonly retryAfter: number | undefined;

  constructor(problem: ProblemDetails, retryAfter?: number, cause?: unknown) {
    super(problem.detail, { cause });
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get code(): string {
    return this.problem.code;
  }
}

export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined | null>
>;

interface RequestOptions {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Makes repeating the request harmless; `newKey()` makes one per intention of the person. */
  readonly idempotencyKey?: string | undefined;
}

/** Sends one request to `/api/v1`; `path` starts with a slash. Throws ApiError. The caller names what it expects back. */
async function request<Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  { query, body, signal, idempotencyKey }: RequestOptions = {},
): Promise<Answer> {
  const response = await send(`/api/v1${path}${queryText(query)}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  if (response.status === 204) return undefined as Answer;
  if (response.ok) return (await response.json()) as Answer;
  throw await problemOf(response);
}

export const get = <Answer>(path: string, query?: Query, signal?: AbortSignal) =>
  request<Answer>('GET', path, { query, signal });
/** A file as text, whatever it holds. */
export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await send(`/api/v1${path}`, { ...(signal && { signal }) });
  if (response.ok) return response.text();
  throw await problemOf(response);
}
export const post = <Answer>(path: string, body?: unknown, options: Omit<RequestOptions, 'body'> = {}) =>
  request<Answer>('POST', path, { ...options, body });
export const patch = <Answer>(path: string, body: unknown) => request<Answer>('PATCH', path, { body });
export const put = <Answer>(path: string, body: unknown) => request<Answer>('PUT', path, { body });
export const remove = <Answer = void>(path: string) => request<Answer>('DELETE', path);

/** A key for one intention: repeat the request with the same one and it happens once. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/** `?a=1&b=2`, without what is undefined, null or empty; a list repeats its name. */
export function queryText(query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value]
      .flat()
      .flatMap((each) => (each === undefined || each === null || each === '' ? [] : [[name, String(each)]])),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

/** Like `fetch`; a server that does not answer is an ApiError like any other. */
export async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError(
      {
        type: '/docs/errors#SERVER_UNREACHABLE',
        title: 'No Gantry server answers',
        status: 0,
        code: 'SERVER_UNREACHABLE',
        detail: 'Gantry does not answer. What you see is kept; it is tried again.',
      },
      undefined,
      cause,
    );
  }
}

/** The problem that a response carries; a proxy's page becomes one too. */
export async function problemOf(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get('retry-after'));
  const problem = (await response.json().catch(() => null)) as ProblemDetails | null;
  return new ApiError(
    problem?.code === undefined
      ? {
          type: '/docs/errors#INTERNAL',
          title: response.statusText,
          status: response.status,
          code: 'INTERNAL',
          detail: `The server answered ${response.status} without saying why. A proxy may stand in between.`,
        }
      : problem,
    wait > 0 ? wait : undefined,
  );
}
