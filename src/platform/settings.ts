import type { ApiSettings } from '../api/settings.ts';
import type { Logger } from '../base/logger.ts';
import { explainConfig, type Config } from '../config.ts';
import { instanceOnlyDefaults, type InstanceSettings } from '../contract/settings.ts';
import { openInstanceSettings, type InstanceSettingsStore } from '../resources/settings/instance-settings.ts';
import { openUserLimits, type UserLimitsStore } from '../resources/settings/user-limits.ts';
import type { Database } from '../store/database.ts';
import type { Listener } from '../store/listen.ts';

/** What can be changed while Gantry runs, followed in this process. */
export interface Settings {
  readonly settings: InstanceSettingsStore;
  readonly limits: UserLimitsStore;
}

export async function openSettings(
  config: Config,
  { db, listener }: { readonly db: Database; readonly listener: Listener },
  assertModel: (model: string) => Promise<void>,
  logger: Logger,
  started: AsyncDisposableStack,
): Promise<Settings> {
  const sources = Object.fromEntries(explainConfig().map(({ name, source }) => [name, source]));
  const defaults = defaultSettings(config);
  const settings = await openInstanceSettings({ db, listener, logger, defaults, sources, assertModel });
  started.defer(() => settings.live.close());
  const limits = await openUserLimits(db, listener, logger);
  started.defer(() => limits.close());
  return { settings, limits };
}

/** What holds where nothing is set. */
export function defaultSettings(config: Config): InstanceSettings {
  const { rateLimitPerMinute, signInLimitPerMinute, openRegistration, maxRunning, maxRunningPerUser } =
    config;
  const { maxRunningPerRepository, maxQueued, agingSeconds, maxAttempts } = config;
  const { retentionDays, auditRetentionDays } = config;
  return {
    ...instanceOnlyDefaults,
    ...{ rateLimitPerMinute, signInLimitPerMinute, openRegistration, maxRunning, maxRunningPerUser },
    ...{ maxRunningPerRepository, maxQueued, agingSeconds, maxAttempts, retentionDays, auditRetentionDays },
    model: config.model ?? null,
  };
}

/** What the API asks for at each request. */
export function requestLimits({ settings, limits }: Settings): ApiSettings['limits'] {
  return () => {
    const { rateLimitPerMinute, signInLimitPerMinute } = settings.live.current();
    const ofUser = (userId: string) => limits.of(userId).requestsPerMinute;
    return { rateLimitPerMinute, signInLimitPerMinute, ofUser };
  };
}
