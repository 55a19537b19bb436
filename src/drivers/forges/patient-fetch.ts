import { setTimeout as pause } from 'node:timers/promises';
import { GantryError } from '../../base/errors.ts';
import type { ForgeAccess } from '../../resources/ports/forge.ts';
import { waitSeconds } from './rate-limit.ts';

export interface Patience {
  /** Of one try, its whole answer included. */
  readonly timeoutMs?: number;
  /** What a request waits for its forge in all, when that asks to; beyond it FORGE_RATE_LIMITED says how long. */
  readonly longestWaitSeconds?: number;
  /** Before a read is tried again; as many further tries as there are entries. */
  readonly pausesMs?: readonly number[];
  /** Follows a read to another server too, without any of its headers: no credential goes there. */
  readonly leaves?: boolean;
}

type Fetch = typeof globalThis.fetch;
type Sent = Parameters<Fetch>;

const largestAnswer = 32 * 1024 ** 2;
const mostRedirects = 3;
/* Redirects of reads that stay at the forge: how forges answer for what was renamed. */
const redirects: ReadonlySet<number> = new Set([301, 302, 307, 308]);

/**
 * A fetch that knows forges: it waits for short rate limits, tries reads again when the forge fails, follows redirects
 * within the forge only, so that no credential goes elsewhere, and reads the whole answer, 32 MiB at most; `stream` leaves
 * a good answer's body unread. Throws GantryError: FORGE_RATE_LIMITED, FORGE_UNAVAILABLE, FORGE_REPLY_INVALID,
 * NOT_FOUND, and what the access's fetch throws. Any status below 500 is an answer.
 */
export function patientFetch(
  access: Pick<ForgeAccess, 'fetch' | 'signal'>,
  patience: Patience = {},
  stream = false,
): Fetch {
  const { longestWaitSeconds = 8, pausesMs = [200, 1000] } = patience;
  return async (input, init) => {
    const reads = /^(GET|HEAD)$/i.test(init?.method ?? 'GET');
    let waited = 0;
    for (let failures = 0; ;) {
      const result = await attempt(access, [input, init], patience, stream);
      if ('response' in result) {
        const seconds = await waitSeconds(result.response);
        if (seconds === undefined) return result.response;
        waited += seconds;
        if (waited > longestWaitSeconds) throw limited(hostOf(input), seconds);
        await pause(seconds * 1000, undefined, { signal: access.signal });
        continue;
      }
      access.signal?.throwIfAborted();
      const milliseconds = reads ? pausesMs[failures] : undefined;
      if (milliseconds === undefined) throw unavailable(hostOf(input), result.failure);
      failures += 1;
      await pause(milliseconds, undefined, { signal: access.signal });
    }
  };
}

async function attempt(
  { fetch, signal }: Pick<ForgeAccess, 'fetch' | 'signal'>,
  [input, init]: Sent,
  { timeoutMs = 30_000, leaves = false }: Patience,
  stream: boolean,
): Promise<{ response: Response } | { failure: unknown }> {
  const signals = [AbortSignal.timeout(timeoutMs), signal, init?.signal].filter((each) => !!each);
  try {
    const answered = await follow(fetch, input, { ...init, signal: AbortSignal.any(signals) }, leaves);
    if (answered.status >= 500) {
      await answered.body?.cancel();
      return { failure: new Error(`the forge answered with status ${answered.status}`) };
    }
    return { response: stream && answered.ok ? answered : await whole(answered, hostOf(input)) };
  } catch (failure) {
    if (failure instanceof GantryError && failure.code !== 'OUTGOING_FAILED') throw failure;
    return { failure };
  }
}

async function follow(fetch: Fetch, input: Sent[0], init: RequestInit, leaves: boolean): Promise<Response> {
  const from = new URL(addressOf(input));
  const reads = /^(GET|HEAD)$/i.test(init.method ?? 'GET');
  let place = from;
  for (let left = mostRedirects; ; left -= 1) {
    const response = await fetch(place, { ...init, redirect: 'manual' });
    if (!redirects.has(response.status)) return response;
    await response.body?.cancel();
    const to = URL.parse(response.headers.get('location') ?? '', place.href);
    if (to && leaves && reads && left > 0 && to.origin !== from.origin && to.protocol === from.protocol) {
      const elsewhere = init.signal ? { signal: init.signal } : {};
      return fetch(to, { ...elsewhere, redirect: 'error' });
    }
    if (!to || to.origin !== from.origin || left === 0) {
      throw new GantryError(
        'FORGE_REPLY_INVALID',
        `${from.host} sends this request elsewhere, and Gantry takes no credential there. Check the base address of the forge.`,
      );
    }
    if (!reads) {
      throw new GantryError(
        'NOT_FOUND',
        `The repository has another name at ${from.host} now. Connect it again under that name.`,
      );
    }
    place = to;
  }
}

/** The answer with its body read, so that what breaks off is noticed here. */
async function whole(answered: Response, host: string): Promise<Response> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of answered.body ?? []) {
    size += piece.length;
    if (size > largestAnswer) {
      throw new GantryError('FORGE_REPLY_INVALID', `${host} answered with more than ${largestAnswer} bytes.`);
    }
    pieces.push(piece);
  }
  const { status, headers } = answered;
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : new Uint8Array(Buffer.concat(pieces)), { status, headers });
}

function addressOf(input: Sent[0]): string {
  return input instanceof Request ? input.url : String(input);
}

function hostOf(input: Sent[0]): string {
  return new URL(addressOf(input)).host;
}

function limited(host: string, retryAfterSeconds: number): GantryError {
  return new GantryError(
    'FORGE_RATE_LIMITED',
    `${host} takes no more requests for ${retryAfterSeconds} seconds: too many were made with this credential. Try again then.`,
    { retryAfterSeconds },
  );
}

function unavailable(host: string, cause: unknown): GantryError {
  return new GantryError(
    'FORGE_UNAVAILABLE',
    `${host} does not answer as it should. Try again later; if it stays so, check the forge and its base address.`,
    { cause },
  );
}
