import { GantryError } from '../base/errors.ts';

/** One request on its way, from its head to the end of its answer. */
export interface Exchange {
  /** Aborted when the client goes away, and when the server can wait no longer. */
  readonly signal: AbortSignal;
  abort(): void;
  /** From now on it is a stream: it ends as soon as the server drains, because its client comes back by itself. */
  streams(): void;
  end(): void;
}

/** Knows what is on its way, so that a stopping server can end in order. */
export interface Drain {
  draining(): boolean;
  open(): Exchange;
  /** Ends streams now, waits up to `seconds` for the rest, then aborts it and waits a little for the answers. */
  run(seconds: number): Promise<void>;
}

const lastWordsMs = 2000;

export function createDrain(): Drain {
  const exchanges = new Map<Exchange, { streaming: boolean }>();
  let draining = false;
  let emptied: (() => void) | undefined;

  function open(): Exchange {
    const controller = new AbortController();
    const state = { streaming: false };
    const exchange: Exchange = {
      signal: controller.signal,
      abort: () => controller.abort(),
      streams: () => {
        state.streaming = true;
        if (draining) controller.abort();
      },
      end: () => {
        exchanges.delete(exchange);
        if (exchanges.size === 0) emptied?.();
      },
    };
    exchanges.set(exchange, state);
    return exchange;
  }

  async function empty(withinMs: number): Promise<void> {
    if (exchanges.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    emptied = resolve;
    const timer = setTimeout(resolve, withinMs);
    await promise;
    clearTimeout(timer);
  }

  return {
    draining: () => draining,
    open,
    run: async (seconds) => {
      draining = true;
      for (const [exchange, { streaming }] of exchanges) if (streaming) exchange.abort();
      await empty(seconds * 1000);
      for (const exchange of exchanges.keys()) exchange.abort();
      await empty(lastWordsMs);
    },
  };
}

/** What a request hears that comes while the server stops. */
export function shuttingDown(): GantryError {
  return new GantryError(
    'SHUTTING_DOWN',
    'The server is stopping and takes no new requests. Try again in a few seconds.',
  );
}
