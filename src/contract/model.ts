import { z } from 'zod';

/** Providers by the name that model strings begin with: `anthropic/claude-...`. */
export const modelProviders = [
  'openai',
  'anthropic',
  'google',
  'deepseek',
  'openrouter',
  'openai-compatible',
] as const;
export type ModelProvider = (typeof modelProviders)[number];

/** US dollars per million tokens. */
export const modelPriceSchema = z.object({
  input: z.number(),
  cacheRead: z.number().nullable(),
  cacheWrite: z.number().nullable(),
  output: z.number(),
});
export type ModelPrice = z.infer<typeof modelPriceSchema>;

/** A provider as people see it: configured or not, and what to do about it. */
export const modelProviderSchema = z.object({
  provider: z.string(),
  configured: z.boolean(),
  /** Where the key comes from: a variable or `secret`; null without one. Never the key. */
  keyFrom: z.string().nullable(),
  baseUrl: z.string().nullable(),
  remedy: z.string().nullable(),
});

/** A model that was chosen or used here. */
export const modelEntrySchema = z.object({
  model: z.string().describe('provider/name'),
  isDefault: z.boolean(),
  contextTokens: z.int().nullable(),
  price: modelPriceSchema
    .nullable()
    .describe('Null when nobody has said what it costs; it then counts tokens only.'),
  priceFrom: z.enum(['table', 'setting', 'free']).nullable(),
  calls: z.int(),
  failed: z.int(),
  cacheHits: z.int(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  usd: z.number(),
  meanMs: z.number().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type ModelEntry = z.infer<typeof modelEntrySchema>;
