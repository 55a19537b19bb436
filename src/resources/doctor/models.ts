import { toGantryError } from '../../base/errors.ts';
import { parseModel } from '../../contract/model-string.ts';
import type { Check } from '../../contract/system.ts';
import type { ModelSettings } from '../gateway/model-settings.ts';

const name = 'models';

/** Whether the configuration names a model and has access to it. Keys that are kept as secrets are not looked at. */
export function lookAtModels(settings: Pick<ModelSettings, 'model' | 'keys' | 'baseUrls'>): Check[] {
  const { model, keys, baseUrls } = settings;
  if (model === undefined) {
    const remedy =
      'Fine if one was chosen since (`gantry models`). Else set GANTRY_MODEL, such as anthropic/claude-sonnet-4-5, or run `gantry models use`; it takes the key of its provider (ANTHROPIC_API_KEY).';
    return [{ name, state: 'gap', detail: 'the configuration names no default model', remedy }];
  }
  try {
    const { provider } = parseModel(model);
    if (provider === 'scripted') return [{ name, state: 'ok', detail: `${model}, which follows a script` }];
    const needsAddress = provider === 'openai-compatible';
    const isThere = needsAddress ? baseUrls[provider] !== undefined : keys[provider] !== undefined;
    if (isThere) return [{ name, state: 'ok', detail: `${model} (not asked; \`gantry models test\` does)` }];
    const detail = `${model}, but the configuration has no ${needsAddress ? 'address' : 'key'} for ${provider}`;
    const remedy = needsAddress
      ? 'Set OPENAI_BASE_URL to the address of the server.'
      : 'Fine if the key is kept as a secret (`gantry secrets list`); `gantry models` shows what is configured.';
    return [{ name, state: 'gap', detail, remedy }];
  } catch (thrown) {
    return [{ name, state: 'missing', detail: toGantryError(thrown).message, remedy: 'Mend GANTRY_MODEL.' }];
  }
}
