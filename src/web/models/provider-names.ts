import type { ModelProvider } from '../../contract/model.ts';

/** The providers that have a name in the texts. */
export const providerNames = [
  'openai',
  'anthropic',
  'google',
  'deepseek',
  'openrouter',
  'openai-compatible',
] as const satisfies readonly ModelProvider[];
