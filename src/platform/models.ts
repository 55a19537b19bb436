import { readFileSync } from 'node:fs';
import { GantryError } from '../base/errors.ts';
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
import type { OpenModel } from '../resources/gateway/one-try.ts';
import { sweepGateway } from '../resources/gateway/sweep.ts';
import type { Secrets } from '../resources/secrets/secrets.ts';
import type { Database } from '../store/database.ts';

/** The way to the models, and what the API shows of them. */
export interface Models {
  readonly gateway: Gateway;
  /** MODEL_UNKNOWN for a model that can't be the default. */
  readonly assertDefault: (model: string) => Promise<void>;
  readonly routes: readonly ApiRoute[];
}

interface ModelParts {
  readonly db: Database;
  readonly secrets: Secrets;
  readonly logger: Logger;
  /** The default model as it is set now. */
  readonly currentModel: () => string | null;
}

/** The models that the configuration names; nothing of a provider is loaded before the first call. */
export function openModels(
  config: Config,
  { db, secrets, logger, currentModel }: ModelParts,
  started: AsyncDisposableStack,
): Models {
  const settings = modelSettingsOf(config);
  const gateway = createGateway({
    ...{ db, secrets, settings, currentModel, log: logger },
    openModel: withScript(config.model),
  });
  started.defer(sweepGateway(db, gateway.cache, logger));
  const routes = [...modelRoutes(createModelList(db, gateway, settings)), ...budgetRoutes(createBudgets(db))];
  return { gateway, routes, assertDefault: gateway.choice.assertDefault };
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

/** Models by their names; the operator's default may be a script, which is read once, so that a mistake is told at the start. */
function withScript(model: string | undefined): OpenModel {
  const file = model?.startsWith(scripted) ? model.slice(scripted.length) : undefined;
  if (file === undefined) return openModel;
  const script = readScript(file);
  return (name, access, given) => openModel(name, access, given ?? (name === model ? script : undefined));
}

const scripted = 'scripted:';

function readScript(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new GantryError('CONFIG_INVALID', `GANTRY_MODEL names the script ${file}, which can't be read.`, {
      cause,
    });
  }
}
