import type { ModelProvider } from '../../contract/model.ts';

/** What the configuration says of models. */
export interface ModelSettings {
  readonly model?: string | undefined;
  readonly fallbacks: readonly string[];
  /** Further models that may be chosen: `provider/name` or `provider/*`. None: all of configured providers. */
  readonly models: readonly string[];
  /** `model=input/output/cacheRead/cacheWrite` in US dollars per million tokens. */
  readonly prices: readonly string[];
  /** `model=context/output` in tokens. */
  readonly sizes: readonly string[];
  /** Silence after which a call is given up; a whole answer may take five times as long. */
  readonly timeoutMs: number;
  /** How long answers are kept at most; 0 keeps none. */
  readonly cacheMs: number;
  readonly keys: Readonly<Partial<Record<ModelProvider, string | undefined>>>;
  readonly baseUrls: Readonly<Partial<Record<ModelProvider, string | undefined>>>;
}

/** The entries `model=value` of a list, the exact ones before those that end in `*`. */
export function entriesOf(list: readonly string[]): (model: string) => string | undefined {
  const entries = list.map((entry) => {
    const at = entry.lastIndexOf('=');
    return [entry.slice(0, at), entry.slice(at + 1)] as const;
  });
  return (model) =>
    entries.find(([name]) => name === model)?.[1] ?? entries.find(([name]) => covers(name, model))?.[1];
}

/** True when a pattern names the model: itself, or the beginning of it before a `*` at the end. */
export function covers(pattern: string, model: string): boolean {
  return pattern === model || (pattern.endsWith('*') && model.startsWith(pattern.slice(0, -1)));
}
