import { GantryError } from '../base/errors.ts';
import { modelProviders, type ModelProvider } from './model.ts';

/** What a model string says: `anthropic/claude-...`, or `scripted:demo.yaml`, whose name is the file's and may be empty. */
export interface ModelName {
  readonly provider: ModelProvider | 'scripted';
  readonly name: string;
}

const names = /^[\w.:@+-]+(\/[\w.:@+-]+)*$/;
const longestName = 200;
const longestShown = 80;

/** Takes a model string apart; the one place that knows its form. MODEL_UNKNOWN says what a good one looks like. */
export function parseModel(model: string): ModelName {
  if (model === 'scripted' || model.startsWith('scripted:')) {
    const name = model.slice('scripted:'.length);
    if (name.length <= longestName && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name))
      return { provider: 'scripted', name };
    throw new GantryError(
      'MODEL_UNKNOWN',
      `After "scripted:" comes the name of a file: ${longestName} characters at most, none of which is invisible.`,
    );
  }
  const slash = model.indexOf('/');
  const provider = modelProviders.find((known) => known === model.slice(0, slash));
  if (slash < 0 || !provider) {
    throw new GantryError(
      'MODEL_UNKNOWN',
      `"${model.slice(0, longestShown)}" names no known provider. Write provider/name, such as ` +
        `openai/gpt-5; the providers are ${modelProviders.join(', ')}.`,
    );
  }
  const name = model.slice(slash + 1);
  if (!names.test(name) || name.length > longestName || name.includes('..')) {
    throw new GantryError(
      'MODEL_UNKNOWN',
      `"${name.slice(0, longestShown)}" is no name of a model. After ${provider}/ comes the name that the ` +
        'provider uses: letters, digits and . : @ + - _ /.',
    );
  }
  return { provider, name };
}
