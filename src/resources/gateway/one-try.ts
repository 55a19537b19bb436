import { GantryError, toGantryError } from '../../base/errors.ts';
import type { ModelName } from '../../contract/model-string.ts';
import { redactor } from '../secrets/redactor.ts';
import type { Model, ModelAccess, ModelReply } from '../ports/model.ts';
import type { ModelCall } from './gateway.ts';
import type { Providers } from './providers.ts';
import type { Relay } from './relay.ts';
import { watchCall } from './watch-call.ts';

/** Opens the model that a string names; the drivers' catalogue. */
export type OpenModel = (model: string, access: ModelAccess, script?: unknown) => Model | Promise<Model>;

interface Try {
  readonly call: ModelCall;
  readonly model: string;
  readonly name: ModelName;
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

/** Calls a model once, under watch. Never throws. */
export async function tryOnce(
  { openModel, providers, fetch }: Caller,
  one: Try,
  relay: Relay,
): Promise<Tried> {
  const { call, model, name, outputTokens, idleMs, totalMs } = one;
  const watch = watchCall({ model, idleMs, totalMs, signal: call.signal, fetch });
  let redact = (text: string) => text;
  try {
    const { apiKey, baseUrl } = name.provider === 'scripted' ? {} : await providers.access(name.provider);
    if (apiKey !== undefined) redact = redactor([apiKey]).redact;
    const access = {
      fetch: watch.fetch,
      ...(apiKey !== undefined && { apiKey }),
      ...(baseUrl !== undefined && { baseUrl }),
    };
    const opened = await openModel(model, access, call.script);
    const reply = await opened.complete({
      ...requestOf(call),
      maxOutputTokens: outputTokens,
      signal: watch.signal,
      onDelta: (delta) => {
        watch.alive();
        relay.onDelta(delta);
      },
    });
    return { reply, firstMs: watch.firstMs() };
  } catch (thrown) {
    const firstMs = watch.firstMs();
    if (call.signal.aborted) return { error: call.signal.reason, firstMs, mayCost: watch.mayCost() };
    const error = watch.timedOut() ?? clean(thrown, redact);
    return { error, firstMs, mayCost: watch.mayCost() };
  } finally {
    watch.end();
  }
}

/** What a driver gets of a call: nothing of who pays. */
function requestOf({ messages, tools, toolChoice, outputSchema, temperature, turn }: ModelCall) {
  return {
    messages,
    turn,
    ...(tools && { tools }),
    ...(toolChoice && { toolChoice }),
    ...(outputSchema && { outputSchema }),
    ...(temperature !== undefined && { temperature }),
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
