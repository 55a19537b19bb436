import { createApi } from '../api/app.ts';
import { auditRoutes } from '../api/audit-routes.ts';
import { eventRoutes } from '../api/event-routes.ts';
import { identityRoutes } from '../api/identity-routes.ts';
import { mySettingsRoutes } from '../api/my-settings-routes.ts';
import { runFileRoutes } from '../api/run-files.ts';
import { secretRoutes } from '../api/secret-routes.ts';
import { settingsRoutes } from '../api/settings-routes.ts';
import { systemRoutes } from '../api/system-routes.ts';
import { userLimitRoutes } from '../api/user-limit-routes.ts';
import { GantryError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { version } from '../base/version.ts';
import type { CapabilityModule } from '../capabilities/capability-module.ts';
import type { Config } from '../config.ts';
import type { ApiRoute } from '../contract/api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createSystem, type System } from '../kernel/system/system.ts';
import type { Worker } from '../kernel/worker.ts';
import type { Artifacts } from '../resources/artifacts.ts';
import { createAudit, type Audit } from '../resources/audit.ts';
import { expireAuditHourly } from '../resources/audit-retention.ts';
import { createDocuments } from '../resources/documents/documents.ts';
import { purgeHourly } from '../resources/documents/purge.ts';
import { createIdentity } from '../resources/identity/create-identity.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { localSignInPath, writeLocalSignIn } from '../resources/identity/local-sign-in.ts';
import type { SandboxDriver } from '../resources/ports/sandbox.ts';
import { createRateLimit, type RateLimit } from '../resources/rate-limit.ts';
import { readReadiness } from '../resources/readiness.ts';
import { userSettings } from '../resources/settings/user-settings.ts';
import { examine } from './examine.ts';
import { readPool, readQueue } from './figures.ts';
import { openInbox } from './inbox.ts';
import { repositoryApi } from './repository-api.ts';
import type { OpenedResources } from './resources.ts';
import { cookieSecret, openRotation } from './secrets.ts';
import { requestLimits } from './settings.ts';
import type { Store } from './store.ts';
import { openWebhooks } from './webhooks.ts';
import { capsOf } from './worker-options.ts';

/** What the API serves. */
export interface Served extends OpenedResources {
  readonly kernel: Kernel;
  readonly artifacts: Artifacts;
  readonly sandboxes: SandboxDriver;
  readonly modules: readonly CapabilityModule[];
  /** The worker in this process, if one is to be here. */
  readonly worker: Worker | undefined;
  readonly logger: Logger;
  readonly webDirectory: string | undefined;
}

/** What was made for the API alone. */
interface Own {
  readonly identity: Identity;
  readonly signingSecret: string;
  readonly system: System;
  readonly audit: Audit;
  readonly rateLimit: RateLimit;
  /** Where people reach the server, once it listens. */
  readonly address: () => string;
}

/** Serves API and pages where the configuration says. The link signs in once. */
export async function serve(
  config: Config,
  store: Store,
  served: Served,
  started: AsyncDisposableStack,
): Promise<{ url: string; signInLink: string }> {
  const { db } = store;
  const { kernel, sandboxes, worker, logger, settings, limits, modules } = served;
  const { identity, signingSecret } = await openIdentity(config, store, served, started);
  const audit = createAudit(db, logger);
  started.defer(expireAuditHourly(db, () => settings.live.current().auditRetentionDays, logger));
  const system = createSystem({
    db,
    databaseKind: databaseKind(config),
    caps: () => capsOf(modules, settings.live),
    maxQueued: () => settings.live.current().maxQueued,
    retentionDays: () => settings.live.current().retentionDays,
    paused: () => settings.live.current().intakePaused,
  });
  const rateLimit = createRateLimit(db);
  const address = () => config.publicUrl ?? url;
  const own = { identity, signingSecret, system, audit, rateLimit, address };
  const api = createApi({
    kernel,
    identity,
    rateLimit,
    deliveries: openWebhooks(config, { ...served, db, secrets: served.secretStore.secrets }, started),
    routes: await routesOf(config, store, served, own, started),
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
    webDirectory: served.webDirectory,
  });
  const url = await api.listen({ host: config.host, port: config.port });
  started.defer(() => api.close());
  const local = await writeLocalSignIn({ dataDir: config.dataDir, url });
  started.defer(() => local.remove());
  return { url, signInLink: await signInLink(identity, address()) };
}

async function openIdentity(
  config: Config,
  { db, listener }: Store,
  { secretStore, settings, logger }: Served,
  started: AsyncDisposableStack,
): Promise<Pick<Own, 'identity' | 'signingSecret'>> {
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
  return { identity, signingSecret };
}

/** Every operation, in the order of the reference. */
async function routesOf(
  config: Config,
  { db, listener }: Store,
  served: Served,
  { identity, signingSecret, system, audit, rateLimit, address }: Own,
  started: AsyncDisposableStack,
): Promise<ApiRoute[]> {
  const { kernel, artifacts, sandboxes, modules, worker, logger } = served;
  const { secretStore, repositories, settings, limits } = served;
  const { secrets } = secretStore;
  const documents = createDocuments(db);
  started.defer(purgeHourly(documents, logger));
  const rotation = await openRotation(db, secretStore, logger, started);
  return [
    ...identityRoutes(identity, {
      version: version(),
      openRegistration: () => settings.live.current().openRegistration,
      ready: async () => readReadiness(db, databaseKind(config), worker ? await sandboxes.probe() : null),
    }),
    ...openInbox(config, { db, listener }, { kernel, secrets, rateLimit, logger }, started),
    ...secretRoutes(secrets, rotation),
    ...repositoryApi(config, { repositories, secrets, signingSecret, address }),
    ...served.routes,
    ...runFileRoutes(kernel, artifacts),
    ...settingsRoutes(settings),
    ...mySettingsRoutes((userId) => userSettings(db, userId)),
    ...userLimitRoutes(limits),
    ...auditRoutes(audit),
    ...systemRoutes({ system, rateLimit, examine: () => examine(config, () => undefined) }),
    ...eventRoutes(system),
    ...modules.flatMap((module) => module.routes(kernel, { documents })),
  ];
}

function databaseKind({ databaseUrl }: Config): 'embedded' | 'external' {
  return databaseUrl === undefined ? 'embedded' : 'external';
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
