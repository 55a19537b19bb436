import { GantryError, toGantryError } from '../../base/errors.ts';
import type { ModelName } from '../../contract/model-string.ts';
import { redactor } from '../secrets/redactor.ts';
import type { Model, ModelAccess, ModelReply } from '../ports/model.ts';
import type { ModelCall } from './gateway.ts';
import type { Providers } from './providers.ts';
import type { Relay } from './relay.ts';
import { watchCall, type Watch } from './watch-call.ts';

/** Opens the model that a string names; the drivers' catalogue. */
export type OpenModel = (model: string, access: ModelAccess, script?: unknown) => Model | Promise<Model>;

/** What one try is given. */
interface Bounds {
  readonly outputTokens: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

export interface Caller {
  readonly openModel: OpenModel;
  readonly providers: Providers;
  readonly fetch: typeof globalThis.fetch;
}

export type Tried =
  | { readonly reply: ModelReply; readonly firstMs: number | null }
  | {
      /** Without the key, whatever a provider wrote back. Not of the model port when the caller gave up. */
      readonly error: unknown;
      readonly firstMs: number | null;
      /** The provider may have answered, and may send a bill for it. */
      readonly mayCost: boolean;
    };

/**
 * Calls a model under watch, each time that it is called. The key is fetched and the model opened at the first try. Never
 * throws.
 */
export function createTries(
  { openModel, providers, fetch }: Caller,
  { call, model, name }: { readonly call: ModelCall; readonly model: string; readonly name: ModelName },
  relay: Relay,
): (bounds: Bounds) => Promise<Tried> {
  let redact = (text: string) => text;
  let watch: Watch;
  let opened: Model | undefined;

  async function open(): Promise<Model> {
    const { apiKey, baseUrl } = name.provider === 'scripted' ? {} : await providers.access(name.provider);
    if (apiKey !== undefined) redact = redactor([apiKey]).redact;
    const access = {
      fetch: ((input, init) => watch.fetch(input, init)) satisfies typeof fetch,
      ...(apiKey !== undefined && { apiKey }),
      ...(baseUrl !== undefined && { baseUrl }),
    };
    return openModel(model, access, call.script);
  }

  return async ({ outputTokens, idleMs, totalMs }) => {
    const { signal } = call;
    watch = watchCall({ model, idleMs, totalMs, signal, fetch });
    const { alive } = watch;
    try {
      opened ??= await open();
      const reply = await opened.complete({
        ...requestOf(call),
        maxOutputTokens: outputTokens,
        signal: watch.signal,
        onDelta: (delta) => {
          alive();
          relay.onDelta(delta);
        },
      });
      return { reply, firstMs: watch.firstMs() };
    } catch (thrown) {
      const error = signal.aborted ? signal.reason : (watch.timedOut() ?? clean(thrown, redact));
      return { error, firstMs: watch.firstMs(), mayCost: watch.mayCost() };
    } finally {
      watch.end();
    }
  };
}

/** What a driver gets of a call: nothing of who pays. */
function requestOf({
  messages,
  tools,
  toolChoice,
  outputSchema,
  temperature,
  effort,
  turn,
  agent,
}: ModelCall) {
  return {
    messages,
    turn,
    ...(agent !== undefined && { agent }),
    ...(tools && { tools }),
    ...(toolChoice && { toolChoice }),
    ...(outputSchema && { outputSchema }),
    ...(temperature !== undefined && { temperature }),
    ...(effort && { effort }),
  };
}

/* What lies behind a driver's error may hold the request with its headers; only its words go on. */
function clean(thrown: unknown, redact: (text: string) => string): GantryError {
  const error = toGantryError(thrown, 'INTERNAL');
  const behind = error.cause instanceof Error ? error.cause.message : error.cause;
  const { retryAfterSeconds } = error;
  return new GantryError(error.code, redact(error.message), {
    problems: error.problems,
    cause: new Error(redact(behind === undefined ? error.message : String(behind))),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
