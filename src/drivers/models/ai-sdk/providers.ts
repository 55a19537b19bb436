import type { ModelEffort, ModelProvider } from '../../../contract/model.ts';
import type { LanguageModel, ProviderOptions } from './language-model.ts';
import {
  countThinking,
  plainEffort,
  thinkingAnthropic,
  thinkingGoogle,
  type ThinkingCall,
  type ThoughtfulRequest,
} from './effort.ts';
import { gatherDetails } from './reasoning-details.ts';
import { fitsStrict } from './strict-schema.ts';

export interface OpenOptions {
  readonly name: string;
  readonly baseURL: string;
  readonly apiKey: string | undefined;
  readonly fetch: typeof globalThis.fetch;
}

/** One provider: where it is, what its key is called, how its model is made. */
export interface Provider {
  /** For people. */
  readonly title: string;
  /** Where it is unless configured otherwise; null when it is nowhere by itself. */
  readonly baseUrl: string | null;
  readonly keyName: string;
  /** Loads the provider's package: only what is used is in memory. */
  open(options: OpenOptions): Promise<LanguageModel>;
  /** What goes with each call, by where it goes and what structured output it asks for. */
  readonly options?: (
    baseURL: string,
    schema: Readonly<Record<string, unknown>> | undefined,
  ) => ProviderOptions;
  /** How it is told to think so much, within `maxOutputTokens`; where it can't be told, nothing. */
  readonly effort: (effort: ModelEffort, request: ThoughtfulRequest) => ThinkingCall;
  /** Marks up to where the provider should keep the conversation, where it doesn't do so by itself. */
  readonly cacheMark?: ProviderOptions;
  /** The name under which it notes what goes back with a whole message. */
  readonly messageNotes?: string;
  /** It gives JSON, but not by a schema; so the schema is told in words. */
  readonly tellsSchema?: boolean;
  /** Its protocol says of a tool's result that the tool failed; elsewhere the result's text has to. */
  readonly saysFailed?: boolean;
  /** Tools are asked for loosely by name; OpenAI would take a schema without a word for strict. */
  readonly looseTools?: boolean;
}

const openAiUrl = 'https://api.openai.com/v1';

export const providers: Readonly<Record<ModelProvider, Provider>> = {
  openai: {
    title: 'OpenAI',
    baseUrl: openAiUrl,
    keyName: 'OPENAI_API_KEY',
    looseTools: true,
    effort: plainEffort,
    open: async ({ name, baseURL, apiKey, fetch }) => {
      const { createOpenAI } = await import('@ai-sdk/openai');
      const openai = createOpenAI({ baseURL, apiKey: apiKey ?? 'none', fetch });
      // What stands before OpenAI, or speaks its protocol, seldom knows more of it than chat completions.
      return baseURL === openAiUrl ? openai.responses(name) : openai.chat(name);
    },
    // Nothing of a conversation stays at OpenAI; its reasoning comes back to it sealed.
    options: (baseURL, schema) => ({
      openai: { ...(baseURL === openAiUrl && { store: false }), strictJsonSchema: fitsStrict(schema) },
    }),
  },
  anthropic: {
    title: 'Anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    keyName: 'ANTHROPIC_API_KEY',
    saysFailed: true,
    effort: thinkingAnthropic,
    cacheMark: { anthropic: { cacheControl: { type: 'ephemeral' } } },
    open: async ({ name, baseURL, apiKey, fetch }) => {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      // ANTHROPIC_BASE_URL is commonly set without the version.
      const versioned = /\/v\d+$/.test(baseURL) ? baseURL : `${baseURL}/v1`;
      const options = { baseURL: versioned, apiKey: apiKey ?? 'none', fetch: countThinking(fetch) };
      return createAnthropic(options).messages(name);
    },
  },
  google: {
    title: 'Google',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    keyName: 'GOOGLE_GENERATIVE_AI_API_KEY',
    effort: thinkingGoogle,
    saysFailed: true,
    open: async ({ name, baseURL, apiKey, fetch }) => {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle({ baseURL, apiKey: apiKey ?? 'none', fetch }).chat(name);
    },
  },
  deepseek: {
    title: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com/v1',
    keyName: 'DEEPSEEK_API_KEY',
    tellsSchema: true,
    effort: () => ({}),
    open: (options) => openCompatible('deepseek', options, false),
  },
  openrouter: {
    title: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    keyName: 'OPENROUTER_API_KEY',
    messageNotes: 'openrouter',
    effort: (effort) => ({ providerOptions: { openrouter: { reasoning: { effort } } } }),
    open: (options) => openCompatible('openrouter', options, true),
    options: (_baseURL, schema) => ({ openrouter: { strictJsonSchema: fitsStrict(schema) } }),
  },
  'openai-compatible': {
    title: 'The OpenAI-compatible server',
    baseUrl: null,
    keyName: 'OPENAI_API_KEY',
    effort: plainEffort,
    open: (options) => openCompatible('compatible', options, true),
    options: (_baseURL, schema) => ({ compatible: { strictJsonSchema: fitsStrict(schema) } }),
  },
};

async function openCompatible(
  provider: string,
  { name, baseURL, apiKey, fetch }: OpenOptions,
  supportsStructuredOutputs: boolean,
): Promise<LanguageModel> {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  return createOpenAICompatible({
    name: provider,
    baseURL,
    fetch,
    includeUsage: true,
    supportsStructuredOutputs,
    ...(apiKey && { apiKey }),
    ...(provider === 'openrouter' && {
      metadataExtractor: {
        extractMetadata: async () => undefined,
        createStreamExtractor: () => gatherDetails(provider),
      },
    }),
  }).chatModel(name);
}
