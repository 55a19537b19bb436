import type { Logger } from './base/logger.ts';
import { newToken } from './base/ids.ts';
import { version } from './base/version.ts';
import type { CapabilityModule } from './capabilities/capability-module.ts';
import { learnOffers, offersOf } from './capabilities/offers.ts';
import type { Config } from './config.ts';
import { catalogueOf, createKernel } from './kernel/create-kernel.ts';
import { createHub, type Hub } from './kernel/follow.ts';
import { repeat } from './kernel/repeat.ts';
import { startWorker, type Worker } from './kernel/worker.ts';
import { liveOffers } from './kernel/workers.ts';
import { lateAgents } from './platform/agents.ts';
import { openCapabilities, type OpenedCapabilities } from './platform/capabilities.ts';
import { lateProgramModels } from './platform/program-models.ts';
import { letGoOfEnded } from './platform/let-go.ts';
import { lateSettings, openResources, type OpenedResources } from './platform/resources.ts';
import { serve } from './platform/serve.ts';
import { openStore, type Store } from './platform/store.ts';
import { queueRulesOf, workerOptions } from './platform/worker-options.ts';
import { createArtifacts } from './resources/artifacts.ts';
import type { Database } from './store/database.ts';

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

/** Composes the parts by configuration and starts them. Whatever fails, what was started before is closed again. */
export async function startPlatform(config: Config, roles: PlatformRoles): Promise<Platform> {
  const { logger } = roles;
  const webApp = roles.api ? webDirectory(roles) : undefined;
  const progress = roles.onProgress ?? (() => undefined);
  await using started = new AsyncDisposableStack();
  let opened: Database | undefined;
  const artifacts = createArtifacts(() => opened);
  const late = { agents: lateAgents(), programModels: lateProgramModels(), settings: lateSettings(config) };
  const given = {
    ...{ artifacts, settings: () => late.settings.current() },
    ...{ agents: late.agents.get, programModels: late.programModels.get },
  };
  const [store, able] = await bothOrNeither(
    openStore(config, logger, progress, started),
    openCapabilities(config, roles, given, progress, started),
  );
  const { db, listener } = store;
  opened = db;
  const { sandboxes, modules } = able;
  const resources = await openResources(config, store, sandboxes, late, logger, started);
  const { settings, limits } = resources;
  const hub = createHub(db, listener, logger);
  started.defer(() => hub.close());
  const sender = newToken(9);
  let worker: Worker | undefined;
  const kernel = createKernel({
    db,
    hub,
    capabilityNamed: catalogueOf(modules.map((module) => module.capability)),
    maxQueued: () => settings.live.current().maxQueued,
    hasOwnQueue: (userId) => limits.of(userId).queued !== null,
    onQueued: () => worker?.poke(),
    queueRules: () => queueRulesOf(modules, settings.live),
    sender,
  });
  if (roles.worker) {
    started.defer(settings.live.onChange(() => worker?.poke()));
    worker = await work(config, store, hub, able, resources, { logger, sender }, started);
  }
  if (roles.api) await learnHere(db, modules, logger, started);
  const served = roles.api
    ? await serve(
        config,
        store,
        { ...resources, kernel, artifacts, sandboxes, modules, worker, logger, webDirectory: await webApp },
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

/** Starts to work on runs; pools are filled meanwhile. */
async function work(
  config: Config,
  store: Store,
  hub: Hub,
  { modules, starts }: OpenedCapabilities,
  { settings, workspaces }: OpenedResources,
  { logger, sender }: { readonly logger: Logger; readonly sender: string },
  started: AsyncDisposableStack,
): Promise<Worker> {
  const worker = await startWorker({
    ...workerOptions(config, store, hub, modules, settings.live, logger, workspaces),
    about: { version: version(), offers: () => offersOf(modules), sandboxStarts: starts },
    sender,
  });
  started.defer(() => worker.stop());
  const stop = letGoOfEnded(store.listener, workspaces, logger);
  started.defer(async () => stop());
  void Promise.all(modules.map((module) => module.warmUp())).catch((error: unknown) =>
    logger.warn({ err: error }, 'the warm pool could not be filled; programs start cold'),
  );
  return worker;
}

/** Keeps a server's capabilities told of what the workers bring. */
async function learnHere(
  db: Database,
  modules: readonly CapabilityModule[],
  logger: Logger,
  started: AsyncDisposableStack,
): Promise<void> {
  const learn = async () => learnOffers(modules, await liveOffers(db));
  await learn();
  started.defer(repeat(learnEveryMs, logger, learn));
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
