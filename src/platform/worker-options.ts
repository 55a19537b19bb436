import type { Logger } from '../base/logger.ts';
import { metrics } from '../base/metrics.ts';
import type { CapabilityModule } from '../capabilities/capability-module.ts';
import type { Config } from '../config.ts';
import type { InstanceSettings } from '../contract/settings.ts';
import { catalogueOf } from '../kernel/create-kernel.ts';
import type { Caps } from '../kernel/dispatch.ts';
import type { Hub } from '../kernel/follow.ts';
import type { QueueRules } from '../kernel/queued-because.ts';
import { createRunDetails } from '../kernel/run-details.ts';
import { toRun, type RunRow } from '../kernel/run-row.ts';
import type { Workspaces } from '../resources/workspace/workspace.ts';
import type { Live } from '../resources/settings/live.ts';
import type { Database } from '../store/database.ts';
import type { Listener } from '../store/listen.ts';

/** How much may run at once, as it is set at present. */
export function capsOf(modules: readonly CapabilityModule[], settings: Live<InstanceSettings>): Caps {
  const stories = modules.map((module) => module.capability);
  const { maxRunning, maxRunningPerUser, maxRunningPerRepository, agingSeconds } = settings.current();
  return {
    running: maxRunning,
    perUser: maxRunningPerUser,
    perRepository: maxRunningPerRepository,
    perCapability: Object.fromEntries(
      stories.flatMap((story) => (story.maxRunning === undefined ? [] : [[story.name, story.maxRunning]])),
    ),
    agingSeconds,
  };
}

/** What the queue goes by at present. */
export function queueRulesOf(
  modules: readonly CapabilityModule[],
  settings: Live<InstanceSettings>,
): QueueRules {
  return { caps: capsOf(modules, settings), intakePaused: settings.current().intakePaused };
}

/** What a worker of this process works by. */
export function workerOptions(
  config: Config,
  { db, listener }: { readonly db: Database; readonly listener: Listener },
  hub: Hub,
  modules: readonly CapabilityModule[],
  settings: Live<InstanceSettings>,
  logger: Logger,
  workspaces: Pick<Workspaces, 'release'>,
) {
  const stories = modules.map((module) => module.capability);
  const { states } = createRunDetails(db);
  const count = async (row: RunRow) => {
    const module = modules.find(({ capability }) => capability.name === row.capability);
    await module?.ended?.(toRun(row), () => states(row.id));
  };
  return {
    db,
    listener,
    capabilityNamed: catalogueOf(stories),
    publish: hub.publish,
    maxAttempts: () => settings.current().maxAttempts,
    log: logger,
    slots: config.workerSlots,
    capabilities: stories.map((story) => story.name),
    caps: () => capsOf(modules, settings),
    maxQueued: () => settings.current().maxQueued,
    retentionDays: () => settings.current().retentionDays,
    paused: () => settings.current().intakePaused,
    drainMs: config.drainSeconds * 1000,
    onClaim: (row: RunRow) => metrics.runClaimed((Date.now() - row.queued_at.getTime()) / 1000),
    onFinish: (row: RunRow) => {
      void workspaces
        .release(row.id)
        .catch((error: unknown) =>
          logger.warn({ err: error, runId: row.id }, 'a workspace could not be closed'),
        );
      void count(row).catch((error: unknown) =>
        logger.warn({ err: error, runId: row.id }, 'what came of a run could not be counted'),
      );
      metrics.runFinished(
        row.capability,
        row.status,
        (Date.now() - (row.started_at ?? row.created_at).getTime()) / 1000,
      );
    },
  };
}
