import { GantryError } from '../../base/errors.ts';

interface Bounds {
  readonly model: string;
  /** Silence after which it is given up, in milliseconds. */
  readonly idleMs: number;
  /** Time after which it is given up in any case. */
  readonly totalMs: number;
  /** The caller's. */
  readonly signal: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
}

/** One try of a call under watch: whether anything comes, how long it takes, and whether it may have to be paid. */
export interface Watch {
  /** Aborted when the caller gives up, or time is up. */
  readonly signal: AbortSignal;
  /** For the driver: each byte that comes back counts as a sign of life. Follows no redirect, which would carry the key along. */
  readonly fetch: typeof globalThis.fetch;
  /** Somebody heard something. */
  alive(): void;
  /** Set when time ran out. */
  timedOut(): GantryError | undefined;
  /** True unless the provider said no, or was not reached at all. */
  mayCost(): boolean;
  /** Milliseconds from the beginning to the first sign of an answer. */
  firstMs(): number | null;
  end(): void;
}

/* The request did not get through to anybody. */
const notReached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'bad port',
]);

export function watchCall({ model, idleMs, totalMs, signal, fetch }: Bounds): Watch {
  const begun = performance.now();
  const stop = new AbortController();
  let idle: NodeJS.Timeout | undefined;
  let late: GantryError | undefined;
  let first: number | null = null;
  let cost = false;

  function giveUp(message: string): void {
    late ??= new GantryError('MODEL_UNAVAILABLE', message);
    stop.abort(late);
  }
  function rest(): void {
    clearTimeout(idle);
    idle = setTimeout(
      () =>
        giveUp(
          `${model} was silent for ${seconds(idleMs)}. Try again, or raise GANTRY_MODEL_TIMEOUT_SECONDS.`,
        ),
      idleMs,
    );
  }
  function alive(): void {
    first ??= performance.now() - begun;
    cost = true;
    rest();
  }

  const total = setTimeout(
    () =>
      giveUp(
        `${model} was not done after ${seconds(totalMs)}. Try again, or raise GANTRY_MODEL_TIMEOUT_SECONDS.`,
      ),
    totalMs,
  );
  rest();
  return {
    signal: AbortSignal.any([signal, stop.signal]),
    fetch: async (input, init) => {
      cost = true;
      try {
        const redirect = init?.redirect === 'manual' ? 'manual' : 'error';
        const response = await fetch(input, { ...init, redirect });
        // A web page with status 200 is somebody else's.
        cost = response.ok && !/^text\/html/i.test(response.headers.get('content-type') ?? '');
        rest();
        return cost && response.body ? overheard(response, alive) : response;
      } catch (error) {
        cost = !(error instanceof TypeError && notReached.has(codeOf(error.cause)));
        throw error;
      }
    },
    alive,
    timedOut: () => late,
    mayCost: () => cost,
    firstMs: () => first,
    end: () => {
      clearTimeout(idle);
      clearTimeout(total);
    },
  };
}

function overheard(response: Response, heard: () => void): Response {
  const listen = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      heard();
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body?.pipeThrough(listen), { status, statusText, headers });
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  return 'code' in cause ? String(cause.code) : cause.message;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
