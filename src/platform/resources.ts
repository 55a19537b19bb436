import type { Logger } from '../base/logger.ts';
import type { Config } from '../config.ts';
import type { ApiRoute } from '../contract/api.ts';
import type { InstanceSettings } from '../contract/settings.ts';
import type { SandboxDriver } from '../resources/ports/sandbox.ts';
import type { Repositories } from '../resources/repositories/repositories.ts';
import type { Workspaces } from '../resources/workspace/workspace.ts';
import type { LateAgents } from './agents.ts';
import { openForges } from './forges.ts';
import { openModels } from './models.ts';
import type { LateProgramModels } from './program-models.ts';
import { openRepositories } from './repositories.ts';
import { openSecrets, type SecretStore } from './secrets.ts';
import { defaultSettings, openSettings, type Settings } from './settings.ts';
import type { Store } from './store.ts';
import { openWorkspaces } from './workspaces.ts';

/** What capabilities are handed before the store is open. */
export interface LateResources {
  readonly agents: LateAgents;
  readonly programModels: LateProgramModels;
  /** The settings; until they were read, what the configuration says. */
  readonly settings: { current: () => InstanceSettings };
}

/** What runs use besides the kernel, and what the API shows of it. */
export interface OpenedResources extends Settings {
  readonly secretStore: SecretStore;
  readonly repositories: Repositories;
  readonly workspaces: Workspaces;
  readonly routes: readonly ApiRoute[];
}

/** Settings that hold until `openResources` has read the kept ones. */
export function lateSettings(config: Config): LateResources['settings'] {
  return { current: () => defaultSettings(config) };
}

/** Opens secrets, models, repositories, workspaces and settings, and hands agents theirs. */
export async function openResources(
  config: Config,
  { db, listener }: Store,
  sandboxes: SandboxDriver,
  late: LateResources,
  logger: Logger,
  started: AsyncDisposableStack,
): Promise<OpenedResources> {
  const secretStore = await openSecrets(config, db);
  const forges = openForges(config, started);
  const currentModel = () => late.settings.current().model;
  const models = openModels(config, { db, ...secretStore, logger, currentModel }, started);
  const files = openWorkspaces(config, { db, sandboxes, repositories: () => repositories, logger }, started);
  const { workspaces, forget } = files;
  const repositories = openRepositories(config, { db, ...secretStore, forges, forget });
  late.programModels.open(config, models.gateway, started);
  await late.agents.open(config, { gateway: models.gateway, workspaces, repositories });
  const live = await openSettings(config, { db, listener }, models.assertDefault, logger, started);
  late.settings.current = live.settings.live.current;
  return { ...live, secretStore, repositories, workspaces, routes: [...models.routes, ...files.routes] };
}
