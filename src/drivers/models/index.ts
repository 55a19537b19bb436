import { parseModel } from '../../contract/model-string.ts';
import type { Model, ModelAccess } from '../../resources/ports/model.ts';
import { openAiSdk } from './ai-sdk/ai-sdk.ts';
import { openScripted } from './scripted/scripted.ts';

/**
 * The model that a string names, at the place that `access` gives. `script` is for `scripted`: the text of a file or its
 * data. Nothing is loaded or asked before the first call. MODEL_UNKNOWN when nobody knows the provider; INPUT_INVALID
 * when the script has mistakes.
 */
export function openModel(model: string, access: ModelAccess, script?: unknown): Model {
  const { provider, name } = parseModel(model);
  return provider === 'scripted' ? openScripted(name, script) : openAiSdk(provider, name, access);
}
