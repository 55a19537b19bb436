import { GantryError } from '../../base/errors.ts';
import { parseModel, type ModelName } from '../../contract/model-string.ts';
import { covers, type ModelSettings } from './model-settings.ts';
import type { Providers } from './providers.ts';

export interface Choice {
  /** The default model's string. MODEL_UNKNOWN says what to set. */
  defaultModel(): string;
  /** The model that a string names, if it may be used here. MODEL_UNKNOWN lists those that may. */
  require(model: string): Promise<ModelName>;
  /** The models that the settings name, the default first. */
  readonly named: readonly string[];
}

/** Which models may be used: the default, its fallbacks and those listed; without a list, all of configured providers. */
export function createChoice(settings: ModelSettings, providers: Providers): Choice {
  const { model, fallbacks, models } = settings;
  const named = [...new Set([...(model === undefined ? [] : [model]), ...fallbacks, ...models])];
  const patterns = models.length === 0 ? undefined : named;

  return {
    named: named.filter((name) => !name.endsWith('*')),
    defaultModel: () => {
      if (model !== undefined) return model;
      const message =
        'No model is named, and there is no default. Name one as provider/name, or set GANTRY_MODEL, ' +
        'such as GANTRY_MODEL=anthropic/claude-sonnet-4-5, and the key of its provider (ANTHROPIC_API_KEY).';
      throw new GantryError('MODEL_UNKNOWN', message);
    },
    require: async (wanted) => {
      const name = parseModel(wanted);
      if (name.provider === 'scripted') return name;
      if (patterns && !patterns.some((pattern) => covers(pattern, wanted))) {
        const message = `The model ${wanted} may not be used here. Choose one of ${patterns.join(', ')}, or have an operator add it to GANTRY_MODELS.`;
        throw new GantryError('MODEL_UNKNOWN', message);
      }
      const states = await providers.list();
      const state = states.find(({ provider }) => provider === name.provider);
      if (state?.configured) return name;
      const ready = states.filter(({ configured }) => configured).map(({ provider }) => `${provider}/...`);
      const usable =
        ready.length === 0 ? 'No provider is configured yet.' : `Usable are ${ready.join(', ')}.`;
      const message = `The model ${wanted} cannot be used: there is no access to ${name.provider}. ${usable} ${state?.remedy ?? ''}`;
      throw new GantryError('MODEL_UNKNOWN', message.trim());
    },
  };
}
