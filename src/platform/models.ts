import { budgetRoutes } from '../api/budget-routes.ts';
import { modelRoutes } from '../api/model-routes.ts';
import type { Logger } from '../base/logger.ts';
import type { Config } from '../config.ts';
import type { ApiRoute } from '../contract/api.ts';
import { openModel } from '../drivers/models/index.ts';
import { createBudgets } from '../resources/gateway/budgets.ts';
import { createGateway } from '../resources/gateway/create-gateway.ts';
import type { Gateway } from '../resources/gateway/gateway.ts';
import { createModelList } from '../resources/gateway/model-list.ts';
import type { ModelSettings } from '../resources/gateway/model-settings.ts';
import { sweepGateway } from '../resources/gateway/sweep.ts';
import type { Secrets } from '../resources/secrets/secrets.ts';
import type { Database } from '../store/database.ts';

/** The way to the models, and what the API shows of them. */
export interface Models {
  readonly gateway: Gateway;
  readonly routes: readonly ApiRoute[];
}

/** The models that the configuration names; nothing of a provider is loaded before the first call. */
export function openModels(
  config: Config,
  { db, secrets, logger }: { readonly db: Database; readonly secrets: Secrets; readonly logger: Logger },
  started: AsyncDisposableStack,
): Models {
  const settings = modelSettingsOf(config);
  const gateway = createGateway({ db, secrets, settings, openModel, log: logger });
  started.defer(sweepGateway(db, gateway.cache, logger));
  const routes = [...modelRoutes(createModelList(db, gateway, settings)), ...budgetRoutes(createBudgets(db))];
  return { gateway, routes };
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
