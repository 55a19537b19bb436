import { GantryError } from '../../../base/errors.ts';
import type { ModelProvider } from '../../../contract/model.ts';
import type { Model, ModelAccess, ModelMessage, ModelRequest } from '../../../resources/ports/model.ts';
import { collect } from './collect.ts';
import { failureOf } from './failure.ts';
import { guardFetch } from './guarded-fetch.ts';
import type { LanguageModel, LanguageModelCall, ProviderOptions } from './language-model.ts';
import { promptOf } from './prompt.ts';
import { providers, type Provider } from './providers.ts';

/** A model of one of the providers that the AI SDK speaks to. The provider's package is loaded at the first call. */
export function openAiSdk(provider: ModelProvider, name: string, access: ModelAccess): Model {
  const facts = providers[provider];
  let opening: Promise<LanguageModel> | undefined;
  return {
    provider,
    name,
    complete: async (request) => {
      request.signal.throwIfAborted();
      const baseURL = addressOf(facts, access);
      opening ??= facts.open({
        name,
        baseURL,
        apiKey: access.apiKey,
        fetch: guardFetch(access, facts.title),
      });
      const failure = (thrown: unknown) =>
        failureOf(thrown, {
          provider: facts.title,
          model: name,
          apiKey: access.apiKey,
          keyName: facts.keyName,
        });
      try {
        const { stream } = await (await opening).doStream(callOf(facts, name, baseURL, request));
        return await collect(stream, { provider: facts.title, name, request, failure });
      } catch (error) {
        request.signal.throwIfAborted();
        throw failure(error);
      }
    },
  };
}

/** Where to ask. What can't be asked is said before anything is sent. */
function addressOf({ title, baseUrl, keyName }: Provider, access: ModelAccess): string {
  const address = access.baseUrl ?? baseUrl;
  if (!address) {
    throw new GantryError(
      'MODEL_UNKNOWN',
      `${title} has no address. Set OPENAI_BASE_URL, for example to http://127.0.0.1:11434/v1 for Ollama.`,
    );
  }
  if (!access.apiKey && !access.baseUrl) {
    throw new GantryError('MODEL_KEY_REFUSED', `There is no key for ${title}. Set ${keyName}.`);
  }
  return address.replace(/\/+$/, '');
}

function callOf(facts: Provider, name: string, baseURL: string, request: ModelRequest): LanguageModelCall {
  const { tools = [], toolChoice, outputSchema, temperature, effort } = request;
  const { providerOptions: more, ...thinking } = effort ? facts.effort(effort, { ...request, name }) : {};
  const options = together(facts.options?.(baseURL, outputSchema?.schema), more);
  return {
    prompt: promptOf(withSchemaInWords(facts, request), facts),
    maxOutputTokens: request.maxOutputTokens,
    abortSignal: request.signal,
    ...(temperature !== undefined && { temperature }),
    ...thinking,
    ...(options && { providerOptions: options }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: 'function' as const,
        name,
        description,
        inputSchema,
        ...(facts.looseTools && { strict: false }),
      })),
      toolChoice: { type: toolChoice ?? 'auto' },
    }),
    ...(outputSchema && {
      responseFormat: { type: 'json' as const, name: outputSchema.name, schema: outputSchema.schema },
    }),
  };
}

function together(
  one: ProviderOptions | undefined,
  other: ProviderOptions | undefined,
): ProviderOptions | undefined {
  if (!one || !other) return one ?? other;
  const both = Object.keys({ ...one, ...other }).map((owner) => [owner, { ...one[owner], ...other[owner] }]);
  return Object.fromEntries(both);
}

/** The messages, and after their instructions the schema where the provider takes it in words only. */
function withSchemaInWords(
  { tellsSchema }: Provider,
  { messages, outputSchema }: ModelRequest,
): readonly ModelMessage[] {
  if (!tellsSchema || !outputSchema) return messages;
  const text =
    'Answer with one JSON value that fits this JSON Schema, and with nothing else: ' +
    JSON.stringify(outputSchema.schema);
  const start = messages.findIndex(({ role }) => role !== 'system');
  const at = start < 0 ? messages.length : start;
  return [...messages.slice(0, at), { role: 'system', text }, ...messages.slice(at)];
}
