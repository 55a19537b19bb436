import type { Logger } from '../base/logger.ts';
import type { Config } from '../config.ts';
import { openModel } from '../drivers/models/index.ts';
import { createGateway, type OpenGateway } from '../resources/gateway/create-gateway.ts';
import type { ModelSettings } from '../resources/gateway/model-settings.ts';
import { sweepGateway } from '../resources/gateway/sweep.ts';
import type { Secrets } from '../resources/secrets/secrets.ts';
import type { Database } from '../store/database.ts';

/** The way to the models that the configuration names; nothing of a provider is loaded before the first call. */
export function openModels(
  config: Config,
  { db, secrets, logger }: { readonly db: Database; readonly secrets: Secrets; readonly logger: Logger },
  started: AsyncDisposableStack,
): OpenGateway {
  const gateway = createGateway({ db, secrets, settings: modelSettingsOf(config), openModel, log: logger });
  started.defer(sweepGateway(db, gateway.cache, logger));
  return gateway;
}

/** What the configuration says of models, as the gateway takes it. */
export function modelSettingsOf(config: Config): ModelSettings {
  return {
    model: config.model,
    fallbacks: config.modelFallbacks,
    models: config.models,
    prices: config.modelPrices,
    sizes: config.modelSizes,
    timeoutMs: config.modelTimeoutSeconds * 1000,
    cacheMs: config.modelCacheHours * 3_600_000,
    keys: {
      openai: config.openaiApiKey,
      anthropic: config.anthropicApiKey,
      google: config.googleGenerativeAiApiKey,
      deepseek: config.deepseekApiKey,
      openrouter: config.openrouterApiKey,
      'openai-compatible': config.openaiApiKey,
    },
    baseUrls: {
      openai: config.openaiBaseUrl,
      anthropic: config.anthropicBaseUrl,
      'openai-compatible': config.openaiBaseUrl,
    },
  };
}
