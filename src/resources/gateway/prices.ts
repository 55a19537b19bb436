import type { ModelPrice } from '../../contract/model.ts';
import { parseModel } from '../../contract/model-string.ts';
import type { ModelTokens } from '../ports/model.ts';
import { entriesOf } from './model-settings.ts';

/** What a model costs, in US dollars, and who says so. */
export interface Price {
  readonly from: 'table' | 'setting' | 'free';
  /** Per million tokens, before any step that goes by length. */
  readonly perMillion: ModelPrice;
  cost(tokens: ModelTokens): number;
}

export interface PricedModel {
  readonly price: Price | null;
  /** As the table says; null where it doesn't. */
  readonly contextTokens: number | null;
}

export interface Prices {
  /** Loads the table of prices at its first use. Null as a price: nobody has said what the model costs. */
  of(model: string): Promise<PricedModel>;
}

const million = 1_000_000;

/** Prices of the settings over those of the table (@pydantic/genai-prices, kept with this release). */
export function createPrices(own: readonly string[]): Prices {
  const ownOf = entriesOf(own);
  const known = new Map<string, PricedModel>();
  return {
    of: async (model) => {
      const found = known.get(model);
      if (found) return found;
      const setting = ownOf(model);
      const listed = await inTable(model);
      const price = setting === undefined ? listed.price : ownPrice(setting);
      const priced = { price, contextTokens: listed.contextTokens };
      if (known.size < 1000) known.set(model, priced);
      return priced;
    },
  };
}

/** `input/output/cacheRead/cacheWrite`; what is left out costs what the input costs. */
function ownPrice(text: string): Price {
  const [input = 0, output = input, cacheRead = input, cacheWrite = input] = text.split('/').map(Number);
  return flat('setting', { input, output, cacheRead, cacheWrite });
}

function flat(from: Price['from'], perMillion: ModelPrice): Price {
  const { input, output, cacheRead, cacheWrite } = perMillion;
  return {
    from,
    perMillion,
    cost: (tokens) => {
      const { plain, read, written } = split(tokens);
      const inputs = plain * input + read * (cacheRead ?? input) + written * (cacheWrite ?? input);
      return (inputs + tokens.output * output) / million;
    },
  };
}

/** Cached tokens are part of the input; a provider that says otherwise is not believed. */
function split({ input, cacheRead, cacheWrite }: ModelTokens) {
  const read = Math.min(cacheRead, input);
  const written = Math.min(cacheWrite, input - read);
  return { plain: input - read - written, read, written };
}

async function inTable(model: string): Promise<PricedModel> {
  const { provider, name } = parseModel(model);
  if (provider === 'scripted') {
    return {
      price: flat('free', { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }),
      contextTokens: 200_000,
    };
  }
  if (provider === 'openai-compatible') return { price: null, contextTokens: null };
  const { calcPrice } = await import('@pydantic/genai-prices');
  const ask = (usage: Record<string, number>, providerId: string = provider, modelId = name) =>
    calcPrice(usage, modelId, { providerId });
  const sample = ask({ input_tokens: 1, output_tokens: 1 });
  const behind = /^([^/]+)\/(.+)$/.exec(name);
  const alias = behind ? ask({ input_tokens: 1 }, behind[1], behind[2]?.replace(/:.*$/, '')) : null;
  const contextTokens = sample?.model.context_window ?? alias?.model.context_window ?? null;
  if (!sample) return { price: null, contextTokens };
  const base = (key: string) => {
    const value = sample.model_price[key];
    return typeof value === 'object' ? value.base : (value ?? null);
  };
  const perMillion = {
    input: base('input_mtok') ?? 0,
    output: base('output_mtok') ?? 0,
    cacheRead: base('cache_read_mtok'),
    cacheWrite: base('cache_write_mtok'),
  };
  const cost = (tokens: ModelTokens) => {
    const { read, written } = split(tokens);
    const usage = { input_tokens: tokens.input, output_tokens: tokens.output };
    return (
      ask({
        ...usage,
        ...(read > 0 && perMillion.cacheRead !== null && { cache_read_tokens: read }),
        ...(written > 0 && perMillion.cacheWrite !== null && { cache_write_tokens: written }),
      })?.total_price ?? 0
    );
  };
  return { price: { from: 'table', perMillion, cost }, contextTokens };
}

/** The most that a call of so many tokens can cost: all of the input might be written to the provider's cache. */
export function costAtMost({ cost }: Price, input: number, output: number): number {
  const tokens = { input, cacheRead: 0, cacheWrite: 0, output };
  return Math.max(cost(tokens), cost({ ...tokens, cacheWrite: input }));
}
