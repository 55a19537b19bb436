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

/** How much a model should think before it answers, where it can. */
export const modelEfforts = ['low', 'medium', 'high'] as const;
export type ModelEffort = (typeof modelEfforts)[number];

/** US dollars per million tokens. */
export const modelPriceSchema = z.object({
  input: z.number(),
  cacheRead: z.number().nullable(),
  cacheWrite: z.number().nullable(),
  output: z.number(),
});
export type ModelPrice = z.infer<typeof modelPriceSchema>;

/** A provider as people see it: configured or not, and what to do about it. */
const modelProviderSchema = z.object({
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
export type ModelProviderState = z.infer<typeof modelProviderSchema>;

/** Which models can be used here, and what those that were used did and cost over some days. */
export const modelsSchema = z.object({
  default: z.string().nullable().describe('What is used where none is named; null without a default.'),
  fallbacks: z.array(z.string()),
  restricted: z.boolean().describe('Only the models of this list may be chosen.'),
  since: z.iso.date().describe('First day of the sums, in UTC.'),
  providers: z.array(modelProviderSchema),
  items: z.array(modelEntrySchema),
});
export type Models = z.infer<typeof modelsSchema>;

/** What came of one small call. */
export const modelTestSchema = z.object({
  model: z.string(),
  ok: z.boolean(),
  ms: z.number(),
  said: z.string().nullable().describe('The beginning of the answer.'),
  answeredBy: z.string().nullable().describe('As the provider names it.'),
  inputTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  usd: z.number().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type ModelTest = z.infer<typeof modelTestSchema>;
