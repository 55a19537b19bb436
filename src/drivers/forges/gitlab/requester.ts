import type { ForgeAccess } from '../../../resources/ports/forge.ts';
import type { Refusal } from '../explain.ts';
import { patientFetch } from '../patient-fetch.ts';

type Options = {
  readonly searchParams?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly asStream?: boolean;
};

export interface Answer {
  /** JSON, text, or with `asStream` what is yet to be read. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
}

/** What gitbeaker hands a requester of each of its resources. */
interface Service {
  readonly url: string;
  readonly authHeaders: Readonly<Record<string, () => Promise<string>>>;
}

/** What GitLab refused, by the error that carries it: its own text goes no further. */
const refusals = new WeakMap<Error, Refusal>();

export function refusalOf(thrown: unknown): Refusal | undefined {
  return thrown instanceof Error ? refusals.get(thrown) : undefined;
}

/** Sends what gitbeaker asks for. Its own requester retries without a bound, and its errors hold the token. */
export function createRequester(access: Pick<ForgeAccess, 'fetch' | 'signal'>) {
  const whole = patientFetch(access);
  const streamed = patientFetch(access, {}, true);
  return (service: Service) => {
    const by =
      (method: string) =>
      async (endpoint: string, options: Options = {}) => {
        const url = new URL(`${service.url.replace(/\/+$/, '')}/${endpoint}`);
        url.search = queryOf(options.searchParams ?? {}).toString();
        const headers = new Headers({ 'user-agent': 'Gantry', accept: 'application/json, text/plain' });
        for (const [name, value] of Object.entries(service.authHeaders)) headers.set(name, await value());
        const body = bodyOf(options.body);
        if (body !== undefined) headers.set('content-type', 'application/json');
        const send = options.asStream ? streamed : whole;
        const response = await send(url, { method, headers, ...(body !== undefined && { body }) });
        return read(response, options.asStream ?? false);
      };
    return { get: by('GET'), post: by('POST'), put: by('PUT'), patch: by('PATCH'), delete: by('DELETE') };
  };
}

async function read(response: Response, stream: boolean): Promise<Answer> {
  const { status, ok } = response;
  const headers = Object.fromEntries(response.headers);
  if (ok && stream) return { status, headers, body: response.body };
  const text = await response.text();
  const body = parsed(text);
  if (ok) return { status, headers, body };
  const error = new Error(`status ${status}`);
  refusals.set(error, { status, said: wordsOf(body) });
  throw error;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/* `{"message": ...}` or `{"error": ..., "error_description": ...}`; either may be nested. */
function wordsOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return String(body).slice(0, 500);
  const { message, error } = body as { message?: unknown; error?: unknown };
  const said = message ?? error ?? body;
  return typeof said === 'string' ? said : JSON.stringify(said);
}

function queryOf(parameters: Readonly<Record<string, unknown>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (Array.isArray(value)) for (const each of value) query.append(`${snake(name)}[]`, String(each));
    else if (value !== undefined && value !== null) query.set(snake(name), String(value));
  }
  return query;
}

function bodyOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const fields = Object.entries(body).map(([name, value]) => [snake(name), value]);
  return JSON.stringify(Object.fromEntries(fields));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
