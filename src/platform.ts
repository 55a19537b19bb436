import { createApi } from './api/app.ts';
import { auditRoutes } from './api/audit-routes.ts';
import { mySettingsRoutes } from './api/my-settings-routes.ts';
import { settingsRoutes } from './api/settings-routes.ts';
import { userLimitRoutes } from './api/user-limit-routes.ts';
import { identityRoutes } from './api/identity-routes.ts';
import { eventRoutes } from './api/event-routes.ts';
import { runFileRoutes } from './api/run-files.ts';
import { secretRoutes } from './api/secret-routes.ts';
import { systemRoutes } from './api/system-routes.ts';
import { GantryError } from './base/errors.ts';
import { newToken } from './base/ids.ts';
import type { Logger } from './base/logger.ts';
import { version } from './base/version.ts';
import { ensureRuntime } from './base/runtime.ts';
import type { CapabilityModule, CapabilityResources } from './capabilities/capability-module.ts';
import { capabilities } from './capabilities/index.ts';
import { learnOffers, offersOf } from './capabilities/offers.ts';
import type { Config } from './config.ts';
import { catalogueOf, createKernel } from './kernel/create-kernel.ts';
import { createHub } from './kernel/follow.ts';
import type { Kernel } from './kernel/kernel.ts';
import { repeat } from './kernel/repeat.ts';
import { startWorker, type Worker } from './kernel/worker.ts';
import { createSystem } from './kernel/system/system.ts';
import { liveOffers } from './kernel/workers.ts';
import { lateAgents } from './platform/agents.ts';
import { examine } from './platform/examine.ts';
import { readPool, readQueue } from './platform/figures.ts';
import { openForges } from './platform/forges.ts';
import { openInbox } from './platform/inbox.ts';
import { openModels, type Models } from './platform/models.ts';
import { lateProgramModels } from './platform/program-models.ts';
import { openRepositories } from './platform/repositories.ts';
import { repositoryApi } from './platform/repository-api.ts';
import { openSandboxes } from './platform/sandboxes.ts';
import { cookieSecret, openRotation, openSecrets, type SecretStore } from './platform/secrets.ts';
import { defaultSettings, openSettings, requestLimits, type Settings } from './platform/settings.ts';
import { capsOf, workerOptions } from './platform/worker-options.ts';
import { openWorkspaces } from './platform/workspaces.ts';
import { createArtifacts, type Artifacts } from './resources/artifacts.ts';
import { createDocuments } from './resources/documents/documents.ts';
import { purgeHourly } from './resources/documents/purge.ts';
import { createIdentity } from './resources/identity/create-identity.ts';
import { localSignInPath, writeLocalSignIn } from './resources/identity/local-sign-in.ts';
import type { Identity } from './resources/identity/identity.ts';
import type { SandboxDriver } from './resources/ports/sandbox.ts';
import type { Repositories } from './resources/repositories/repositories.ts';
import { createRateLimit } from './resources/rate-limit.ts';
import { createAudit } from './resources/audit.ts';
import { expireAuditHourly } from './resources/audit-retention.ts';
import { userSettings } from './resources/settings/user-settings.ts';
import { readReadiness } from './resources/readiness.ts';
import { measureStarts, type SandboxStarts } from './resources/sandbox-starts.ts';
import { openDatabase, type Database } from './store/database.ts';
import { startEmbedded } from './store/embedded/start.ts';
import { openListener, type Listener } from './store/listen.ts';
import { migrate } from './store/migrate.ts';
import { assertSessions } from './store/session-check.ts';

export interface Platform {
  /** Where the API listens; null in a process that only works. */
  readonly url: string | null;
  /** A link that signs in once; null in a process that only works. */
  readonly signInLink: string | null;
  /** Lets runs end for a while, hands over the rest, and closes everything. */
  stop(): Promise<void>;
}

export interface PlatformRoles {
  readonly api: boolean;
  readonly worker: boolean;
  readonly logger: Logger;
  /** Makes the pages ready and says where they are; without it, or when it fails, the API is served alone. */
  readonly webApp?: () => Promise<string>;
  /** Told what a long start is doing, in a few words. */
  readonly onProgress?: (text: string) => void;
}

/** All of Gantry's store in one place: the pool, the listening connection, and the server below if it is ours. */
interface Store {
  readonly db: Database;
  readonly listener: Listener;
}

/** Composes the parts by configuration and starts them. Whatever fails, what was started before is closed again. */
export async function startPlatform(config: Config, roles: PlatformRoles): Promise<Platform> {
  const { logger } = roles;
  const webApp = roles.api ? webDirectory(roles) : undefined;
  const progress = roles.onProgress ?? (() => undefined);
  await using started = new AsyncDisposableStack();
  let opened: Database | undefined;
  const artifacts = createArtifacts(() => opened);
  let current = () => defaultSettings(config);
  const agents = lateAgents();
  const programModels = lateProgramModels();
  const [{ db, listener }, { sandboxes, modules, starts }] = await bothOrNeither(
    openStore(config, logger, progress, started),
    openCapabilities(
      config,
      roles,
      { artifacts, settings: () => current(), agents: agents.get, programModels: programModels.get },
      progress,
      started,
    ),
  );
  opened = db;
  const secretStore = await openSecrets(config, db);
  const forges = openForges(config, started);
  const models = openModels(
    config,
    { db, ...secretStore, logger, currentModel: () => current().model },
    started,
  );
  const repositoriesOf = () => repositories;
  const files = openWorkspaces(config, { db, sandboxes, repositories: repositoriesOf, logger }, started);
  const { workspaces, forget } = files;
  const repositories = openRepositories(config, { db, ...secretStore, forges, forget });
  programModels.open(config, models.gateway, started);
  await agents.open(config, { gateway: models.gateway, workspaces, repositories });
  const { settings, limits } = await openSettings(
    config,
    { db, listener },
    models.assertDefault,
    logger,
    started,
  );
  current = settings.live.current;
  const hub = createHub(db, listener, logger);
  started.defer(() => hub.close());
  const capabilityNamed = catalogueOf(modules.map((module) => module.capability));
  const sender = newToken(9);
  let worker: Worker | undefined;
  const kernel = createKernel({
    db,
    hub,
    capabilityNamed,
    maxQueued: () => settings.live.current().maxQueued,
    hasOwnQueue: (userId) => limits.of(userId).queued !== null,
    onQueued: () => worker?.poke(),
    sender,
  });
  if (roles.worker) {
    const about = { version: version(), offers: () => offersOf(modules), sandboxStarts: starts };
    started.defer(settings.live.onChange(() => worker?.poke()));
    worker = await startWorker({
      ...workerOptions(config, { db, listener }, hub, modules, settings.live, logger, workspaces),
      about,
      sender,
    });
    started.defer(() => worker?.stop());
    void Promise.all(modules.map((module) => module.warmUp())).catch((error: unknown) =>
      logger.warn({ err: error }, 'the warm pool could not be filled; programs start cold'),
    );
  }
  if (roles.api) {
    const learn = async () => learnOffers(modules, await liveOffers(db));
    await learn();
    started.defer(repeat(learnEveryMs, logger, learn));
  }
  const served = roles.api
    ? await serve(
        config,
        { db, listener },
        {
          kernel,
          artifacts,
          sandboxes,
          modules,
          worker,
          logger,
          webDirectory: await webApp,
          secretStore,
          repositories,
          models: { ...models, routes: [...models.routes, ...files.routes] },
          settings,
          limits,
        },
        started,
      )
    : null;
  const parts = started.move();
  return {
    url: served?.url ?? null,
    signInLink: served?.signInLink ?? null,
    stop: () => parts.disposeAsync(),
  };
}

/** How soon a server knows of languages that a new worker brings. */
const learnEveryMs = 1000;

/** Pages that can't be built don't keep the runs waiting. */
async function webDirectory({ webApp, logger }: PlatformRoles): Promise<string | undefined> {
  return webApp?.().catch((error: unknown) => {
    logger.error({ err: error }, 'the pages could not be built; the API is served without them');
    return undefined;
  });
}

/** Waits for both even when one fails, so that nothing is still being started while the rest is closed again. */
async function bothOrNeither<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

async function openCapabilities(
  config: Config,
  { worker, logger }: PlatformRoles,
  late: Pick<CapabilityResources, 'artifacts' | 'settings' | 'agents' | 'programModels'>,
  progress: (text: string) => void,
  started: AsyncDisposableStack,
): Promise<{ sandboxes: SandboxDriver; modules: CapabilityModule[]; starts: () => SandboxStarts | null }> {
  progress('checking what isolates programs');
  const { sandboxes, starts } = measureStarts(openSandboxes(config, logger));
  started.defer(() => sandboxes.close());
  if (worker) {
    await sandboxes.recover();
    await sandboxes.probe();
  }
  const { nodePath } = await ensureRuntime({ dataDir: config.dataDir });
  const warm = { count: config.sandboxWarm, languages: config.sandboxWarmLanguages };
  const modules = capabilities.map((create) => create({ sandboxes, nodePath, warm, logger, ...late }));
  progress('looking for languages');
  if (worker) await Promise.all(modules.map((module) => module.prepare()));
  return { sandboxes, modules, starts };
}

async function openStore(
  config: Config,
  logger: Logger,
  progress: (text: string) => void,
  started: AsyncDisposableStack,
): Promise<Store> {
  let url = config.databaseUrl;
  if (url === undefined) {
    progress('starting PostgreSQL');
    const embedded = await startEmbedded({ dataDir: config.dataDir, logger, onProgress: progress });
    started.defer(() => embedded.stop());
    url = embedded.url;
  }
  const db = openDatabase({
    url,
    sessionUrl: config.databaseSessionUrl,
    poolSize: config.databasePoolSize,
    onError: (error) => logger.debug({ err: error }, 'a pooled connection failed'),
  });
  started.defer(() => db.close());
  const listener = await openListener(db, logger);
  started.defer(() => listener.close());
  if (config.databaseUrl !== undefined) await assertSessions(db, listener);
  progress('bringing the database up to date');
  await migrate(db);
  return { db, listener };
}

interface Served extends Settings {
  readonly kernel: Kernel;
  readonly artifacts: Artifacts;
  readonly sandboxes: SandboxDriver;
  readonly modules: readonly CapabilityModule[];
  /** The worker in this process, if one is to be here. */
  readonly worker: Worker | undefined;
  readonly logger: Logger;
  readonly webDirectory: string | undefined;
  readonly secretStore: SecretStore;
  readonly repositories: Repositories;
  readonly models: Models;
}

async function serve(
  config: Config,
  { db, listener }: Store,
  {
    kernel,
    artifacts,
    sandboxes,
    modules,
    worker,
    logger,
    webDirectory,
    settings,
    limits,
    secretStore,
    repositories,
    models,
  }: Served,
  started: AsyncDisposableStack,
): Promise<{ url: string; signInLink: string }> {
  const signingSecret = await cookieSecret(db, secretStore, logger);
  const identity = await createIdentity({
    database: db,
    secret: signingSecret,
    baseUrl: config.publicUrl ?? `http://${config.host}:${config.port}`,
    openRegistration: () => settings.live.current().openRegistration,
    localTokenFile: localSignInPath(config.dataDir),
    logger,
    listener,
  });
  started.defer(() => identity.close());
  const documents = createDocuments(db);
  started.defer(purgeHourly(documents, logger));
  const audit = createAudit(db, logger);
  started.defer(expireAuditHourly(db, () => settings.live.current().auditRetentionDays, logger));
  const databaseKind = config.databaseUrl === undefined ? 'embedded' : 'external';
  const system = createSystem({
    db,
    databaseKind,
    caps: () => capsOf(modules, settings.live),
    maxQueued: () => settings.live.current().maxQueued,
    retentionDays: () => settings.live.current().retentionDays,
    paused: () => settings.live.current().intakePaused,
  });
  const rateLimit = createRateLimit(db);
  const { secrets } = secretStore;
  const rotation = await openRotation(db, secretStore, logger, started);
  const api = createApi({
    kernel,
    identity,
    rateLimit,
    routes: [
      ...identityRoutes(identity, {
        version: version(),
        openRegistration: () => settings.live.current().openRegistration,
        ready: async () => readReadiness(db, databaseKind, worker ? await sandboxes.probe() : null),
      }),
      ...openInbox(config, { db, listener }, { kernel, secrets, rateLimit, logger }, started),
      ...secretRoutes(secrets, rotation),
      ...repositoryApi(config, {
        repositories,
        secrets,
        signingSecret,
        address: () => config.publicUrl ?? url,
      }),
      ...models.routes,
      ...runFileRoutes(kernel, artifacts),
      ...settingsRoutes(settings),
      ...mySettingsRoutes((userId) => userSettings(db, userId)),
      ...userLimitRoutes(limits),
      ...auditRoutes(audit),
      ...systemRoutes({ system, rateLimit, examine: () => examine(config, () => undefined) }),
      ...eventRoutes(system),
      ...modules.flatMap((module) => module.routes(kernel, { documents })),
    ],
    sockets: modules.flatMap((module) => module.sockets?.(kernel) ?? []),
    audit,
    settings: { ...config, limits: requestLimits({ settings, limits }) },
    checks: [
      { name: 'database', check: async () => void (await db.query('SELECT 1')) },
      { name: 'worker', check: async () => assertSignedOn(worker) },
    ],
    metrics: {
      queue: () => readQueue(kernel, system),
      pool: () => readPool(db),
      sandboxes: () => sandboxes.stats(),
    },
    logger,
    version: version(),
    webDirectory,
  });
  const url = await api.listen({ host: config.host, port: config.port });
  started.defer(() => api.close());
  const local = await writeLocalSignIn({ dataDir: config.dataDir, url });
  started.defer(() => local.remove());
  return { url, signInLink: await signInLink(identity, config.publicUrl ?? url) };
}

/** A server without a worker of its own is ready without one: others take its runs. */
function assertSignedOn(worker: Worker | undefined): void {
  if (!worker || worker.id() !== undefined) return;
  throw new GantryError(
    'DATABASE_UNREACHABLE',
    'The worker has lost its line to the database and is signing on anew.',
  );
}

async function signInLink(identity: Identity, base: string): Promise<string> {
  return new URL((await identity.links.create()).path, base).href;
}
