import { GantryError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { metrics } from '../../base/metrics.ts';
import type { Database } from '../../store/database.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { createAllow } from './allow.ts';
import { askModel, type Asked, type Asking } from './ask-model.ts';
import { bookHit } from './book-hit.ts';
import { createChoice, type Choice } from './choice.ts';
import { spentByRun } from './counters.ts';
import { createCounts } from './estimate.ts';
import type { Gateway, ModelCall, ModelInfo } from './gateway.ts';
import type { ModelSettings } from './model-settings.ts';
import type { OpenModel } from './one-try.ts';
import { patientFetch } from './patient-fetch.ts';
import { createPrices, type Prices } from './prices.ts';
import { createProviders, type Providers } from './providers.ts';
import { createRelay, type Relay } from './relay.ts';
import { createResponseCache, type ResponseCache } from './response-cache.ts';
import { mayFallBack, realPacing, type Pacing } from './retry.ts';
import { sizeOf } from './sizes.ts';

export interface GatewayParts {
  readonly db: Database;
  readonly secrets: Pick<Secrets, 'listSecrets' | 'openSecret'>;
  readonly settings: ModelSettings;
  /** The default model as it is set now; without it, that of the configuration. */
  readonly currentModel?: () => string | null;
  readonly openModel: OpenModel;
  readonly log: Logger;
  readonly fetch?: typeof globalThis.fetch;
  readonly pacing?: Pacing;
  /** The UTC day, `2026-11-21`; without it, today by the clock of the database. */
  readonly day?: () => string | undefined;
}

/** The gateway and what its lists, pages and sweeps are made of. */
export interface OpenGateway extends Gateway {
  readonly providers: Providers;
  readonly prices: Prices;
  readonly choice: Choice;
  readonly cache: ResponseCache;
  /** Like `info`, also of a model that may not be used here. */
  size(model: string): Promise<ModelInfo>;
  /** Asks this model and no other, once. */
  completeOnce(call: ModelCall): Promise<Asked>;
}

interface Gate {
  readonly asking: Asking;
  readonly choice: Choice;
  readonly cache: ResponseCache;
  /** True when a conversation that is too long for `than` may fit. */
  isLarger(model: string, than: string): Promise<boolean>;
}

/** The way to every model, on `db`. `openModel` is the drivers' catalogue. */
export function createGateway(parts: GatewayParts): OpenGateway {
  const { db, secrets, settings, openModel, log } = parts;
  const providers = createProviders(settings, secrets);
  const prices = createPrices(settings.prices);
  const current = parts.currentModel ?? (() => settings.model ?? null);
  const choice = createChoice(settings, current, providers);
  const cache = createResponseCache(db, { keptMs: settings.cacheMs });
  const day = parts.day ?? (() => undefined);
  const asking = {
    ...{ db, openModel, providers, prices, day, log },
    timeoutMs: settings.timeoutMs,
    fetch: parts.fetch ?? patientFetch,
    pacing: parts.pacing ?? realPacing,
    counts: createCounts(),
  };
  const size = async (model: string) => sizeOf(model, settings.sizes, (await prices.of(model)).contextTokens);
  const isLarger = async (model: string, than: string) =>
    (await size(model)).contextTokens > (await size(than)).contextTokens;
  const gate = { asking, choice, cache, isLarger };
  return {
    ...{ providers, prices, choice, cache, size },
    defaultModel: choice.defaultModel,
    info: async (model) => {
      await choice.require(model);
      return size(model);
    },
    complete: async (call) =>
      askInOrder(gate, call, call.fallbacks ?? (call.model === current() ? settings.fallbacks : [])),
    completeOnce: async (call) => ask(gate, call, call.model, createRelay(call), false),
    spent: (runId) => spentByRun(db, runId),
    allow: createAllow(db, day),
  };
}

/** The model itself and, when it can't answer, its fallbacks. A budget that stops the first stops the call. */
async function askInOrder(gate: Gate, call: ModelCall, fallbacks: readonly string[]): Promise<Asked> {
  const relay = createRelay(call);
  const failed: { readonly model: string; readonly error: GantryError }[] = [];
  for (const model of new Set([call.model, ...fallbacks])) {
    if (failed.at(-1)?.error.code === 'MODEL_TOO_LONG' && !(await gate.isLarger(model, call.model))) continue;
    try {
      relay.restart();
      const asked = await ask(gate, call, model, relay, true);
      if (asked.kind === 'answer' || failed.length === 0) return asked;
      const { scope, unit } = asked.over;
      const error = new GantryError('BUDGET_REACHED', `the budget (${scope}, ${unit}) does not allow it`);
      failed.push({ model, error });
    } catch (error) {
      if (call.signal.aborted || !(error instanceof GantryError)) throw error;
      failed.push({ model, error });
      if (!mayFallBack(error.code)) break;
      gate.asking.log.warn({ model, code: error.code }, 'a model did not answer');
    }
  }
  throw together(failed);
}

async function ask(gate: Gate, call: ModelCall, model: string, relay: Relay, again: boolean): Promise<Asked> {
  const { asking, choice, cache } = gate;
  const name = await choice.require(model);
  call.signal.throwIfAborted();
  const begun = performance.now();
  const found = await cache.find(model, call);
  if ((call.cacheMs ?? 0) > 0) metrics.modelCacheAsked(found ? 'hit' : 'miss');
  if (found) {
    relay.replay(found.parts);
    const durationMs = performance.now() - begun;
    await bookHit(asking, call, model, name.provider, found, durationMs);
    return { ...found, kind: 'answer', model, usd: 0, fromCache: true, durationMs };
  }
  const asked = await askModel(asking, { call, model, name, again }, relay);
  if (asked.kind === 'answer') {
    const { parts, finish, tokens, answeredBy } = asked;
    await cache.keep(model, call, { parts, finish, tokens, answeredBy }).catch((error: unknown) => {
      asking.log.warn({ err: error }, 'an answer could not be kept for the next time');
    });
  }
  return asked;
}

/** The first one's error, with what the others said. */
function together(failed: readonly { readonly model: string; readonly error: GantryError }[]): GantryError {
  const [first, ...others] = failed;
  if (!first) return new GantryError('INTERNAL', 'No model was asked.');
  if (others.length === 0) return first.error;
  const { code, message, retryAfterSeconds, problems } = first.error;
  const rest = others.map(({ model, error }) => `${model}: ${error.message}`).join(' ');
  return new GantryError(code, `${message} The fallbacks did not answer either. ${rest}`, {
    problems,
    cause: new AggregateError(failed.map(({ error }) => error)),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
