import { z } from 'zod';
import { list, whole } from './fields.ts';

const amount = String.raw`\d+(\.\d+)?`;
const price = new RegExp(`^[^=\\s]+=${amount}(/${amount}){0,3}$`);
const size = /^[^=\s]+=\d+(\/\d+)?$/;

const each = (pattern: RegExp, form: string) =>
  list().refine((entries) => entries.every((entry) => pattern.test(entry)), `must be entries like ${form}`);

/** Which models may be used, where they are reached and what they cost. */
export const modelSettings = {
  model: z.string().min(1).optional().describe('Model to use where none is named: `anthropic/claude-...`.'),
  modelFallbacks: list()
    .default([])
    .describe('Models that are asked, in this order, when the default one cannot answer.'),
  models: list()
    .default([])
    .describe(
      'Further models that may be chosen; `openrouter/*` stands for all of a provider. Without any: every model of each provider that has a key.',
    ),
  modelPrices: each(price, 'openai-compatible/llama3=0 or openai/gpt-x=2.5/10')
    .default([])
    .describe(
      'Prices in US dollars per million tokens, over those that Gantry knows: `model=input/output/cacheRead/cacheWrite`. `openai-compatible/*=0` makes local models free.',
    ),
  modelSizes: each(size, 'openai-compatible/llama3=32768/4096')
    .default([])
    .describe(
      'Sizes in tokens of models that Gantry does not know: `model=context/output`. Unless known, 32768/4096.',
    ),
  modelTimeoutSeconds: whole()
    .min(1)
    .max(3600)
    .default(120)
    .describe(
      'Seconds of silence after which a call of a model is given up; a whole answer may take five times as long.',
    ),
  modelCacheHours: z.coerce
    .number()
    .min(0)
    .max(8760)
    .default(24)
    .describe('Hours that answers of models are kept for being asked the same again; 0 keeps none.'),
  openaiApiKey: key('OpenAI, and of what openaiBaseUrl names'),
  anthropicApiKey: key('Anthropic'),
  googleGenerativeAiApiKey: key('Google'),
  deepseekApiKey: key('DeepSeek'),
  openrouterApiKey: key('OpenRouter'),
  openaiBaseUrl: z
    .url()
    .optional()
    .describe(
      'Address of an OpenAI-compatible server such as Ollama or vLLM: http://127.0.0.1:11434/v1. `openai-compatible/...` needs it.',
    ),
  anthropicBaseUrl: z.url().optional().describe("Address that stands for Anthropic's, such as a proxy."),
};

/** Settings whose variables are the plain names that everybody knows, without `GANTRY_`. */
export const plainNames: Readonly<Record<string, string>> = {
  openaiApiKey: 'OPENAI_API_KEY',
  anthropicApiKey: 'ANTHROPIC_API_KEY',
  googleGenerativeAiApiKey: 'GOOGLE_GENERATIVE_AI_API_KEY',
  deepseekApiKey: 'DEEPSEEK_API_KEY',
  openrouterApiKey: 'OPENROUTER_API_KEY',
  openaiBaseUrl: 'OPENAI_BASE_URL',
  anthropicBaseUrl: 'ANTHROPIC_BASE_URL',
};

function key(provider: string) {
  return z
    .string()
    .min(1)
    .optional()
    .describe(`Key of ${provider}. Wins over an instance secret of the same name.`);
}
