import { modelProviders, type ModelProvider } from '../../contract/model.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { ModelSettings } from './model-settings.ts';

/** A provider as an admin sees it; never its key. */
export interface ProviderState {
  readonly provider: ModelProvider;
  readonly configured: boolean;
  readonly keyFrom: string | null;
  readonly baseUrl: string | null;
  readonly remedy: string | null;
}

export interface Providers {
  list(): Promise<ProviderState[]>;
  /** Where and as whom to call. The key is opened at each call and kept by nobody. */
  access(
    provider: ModelProvider,
  ): Promise<{ readonly apiKey: string | undefined; readonly baseUrl: string | undefined }>;
}

/** Variable of each provider's key, which is also the name of the instance secret that stands in for it. */
const keyNames: Readonly<Record<ModelProvider, string>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
  deepseek: 'DEEPSEEK_API_KEY',
  openrouter: 'OPENROUTER_API_KEY',
  'openai-compatible': 'OPENAI_API_KEY',
};

const instance = { scope: 'instance' } as const;

/** Which providers can be called: by the configuration, else by an instance secret that an admin has set. */
export function createProviders(
  { keys, baseUrls }: Pick<ModelSettings, 'keys' | 'baseUrls'>,
  secrets: Pick<Secrets, 'listSecrets' | 'openSecret'>,
): Providers {
  return {
    list: async () => {
      const sealed = new Set((await secrets.listSecrets(instance)).map(({ name }) => name));
      return modelProviders.map((provider) => {
        const name = keyNames[provider];
        const keyFrom = keys[provider] === undefined ? (sealed.has(name) ? 'secret' : null) : name;
        const baseUrl = baseUrls[provider] ?? null;
        // Behind an address of one's own no key may be needed.
        const configured = baseUrl !== null || (keyFrom !== null && provider !== 'openai-compatible');
        return {
          provider,
          configured,
          keyFrom,
          baseUrl: baseUrl === null ? null : withoutPassword(baseUrl),
          remedy: configured ? null : remedyOf(provider),
        };
      });
    },
    access: async (provider) => ({
      apiKey: keys[provider] ?? (await secrets.openSecret(instance, keyNames[provider])),
      baseUrl: baseUrls[provider],
    }),
  };
}

function remedyOf(provider: ModelProvider): string {
  return provider === 'openai-compatible'
    ? 'Set OPENAI_BASE_URL to the address of the server, such as http://127.0.0.1:11434/v1, and start anew.'
    : `Set ${keyNames[provider]}, or keep the key as a secret: \`gantry secrets set ${keyNames[provider]}\`.`;
}

function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^/@]*?:)[^/@]*(?=@)/, '$1********');
}
