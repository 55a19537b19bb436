import type { LanguageModel as AnyLanguageModel } from 'ai';

/** What the SDK's provider packages make, and what is asked of it; its types only, so that `ai` itself is never loaded. */
export type LanguageModel = Extract<AnyLanguageModel, { specificationVersion: 'v4' }>;
export type LanguageModelCall = Parameters<LanguageModel['doStream']>[0];
export type ProviderOptions = NonNullable<LanguageModelCall['providerOptions']>;
type LanguageModelStream = Awaited<ReturnType<LanguageModel['doStream']>>['stream'];
export type StreamPart = LanguageModelStream extends ReadableStream<infer Part> ? Part : never;
