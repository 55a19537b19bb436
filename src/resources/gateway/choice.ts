import { GantryError } from '../../base/errors.ts';
import { parseModel, type ModelName } from '../../contract/model-string.ts';
import { covers, type ModelSettings } from './model-settings.ts';
import type { Providers } from './providers.ts';

export interface Choice {
  /** The default model's string as it is now; null without one. */
  readonly current: () => string | null;
  /** The default model's string. MODEL_UNKNOWN says what to set. */
  defaultModel(): string;
  /** The model that a string names, if it may be used here. MODEL_UNKNOWN lists those that may. */
  require(model: string): Promise<ModelName>;
  /** MODEL_UNKNOWN for a model that can't be the default: one that may not be used, or a script that wasn't read. */
  assertDefault(model: string): Promise<void>;
  /** The models that are named as default, as fallbacks or as choice, the default first. */
  named(): readonly string[];
}

/** Which models may be used: the default, its fallbacks and those listed; without a list, all of configured providers. */
export function createChoice(
  settings: ModelSettings,
  current: () => string | null,
  providers: Providers,
): Choice {
  const { model, fallbacks, models } = settings;
  const configured = [...new Set([...(model === undefined ? [] : [model]), ...fallbacks, ...models])];
  const patterns = models.length === 0 ? undefined : configured;

  const choice: Choice = {
    current,
    named: () => {
      const first = current();
      const all = new Set([...(first === null ? [] : [first]), ...configured]);
      return [...all].filter((name) => !name.endsWith('*'));
    },
    defaultModel: () => {
      const first = current();
      if (first !== null) return first;
      const message =
        'No model is named, and there is no default. Name one as provider/name, or have an admin choose the default: ' +
        'on the page Models, with `gantry models use anthropic/claude-sonnet-4-5`, or by GANTRY_MODEL. ' +
        'It also takes the key of its provider, such as ANTHROPIC_API_KEY.';
      throw new GantryError('MODEL_UNKNOWN', message);
    },
    assertDefault: async (wanted) => {
      const { provider } = await choice.require(wanted);
      if (provider !== 'scripted' || wanted === model) return;
      const message = `${wanted} is a script, which only GANTRY_MODEL can make the default.`;
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
  return choice;
}
