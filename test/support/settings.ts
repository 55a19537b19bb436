import { createLogger } from '../../src/base/logger.ts';
import { instanceOnlyDefaults, type InstanceSettings } from '../../src/contract/settings.ts';
import {
  openInstanceSettings,
  type InstanceSettingsStore,
} from '../../src/resources/settings/instance-settings.ts';
import { openUserLimits, type UserLimitsStore } from '../../src/resources/settings/user-limits.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { openListener } from '../../src/store/listen.ts';

export const testDefaults: InstanceSettings = {
  ...instanceOnlyDefaults,
  maxRunning: 1000,
  maxRunningPerUser: 1000,
  maxRunningPerRepository: 4,
  maxQueued: 1000,
  agingSeconds: 60,
  maxAttempts: 5,
  rateLimitPerMinute: 600,
  signInLimitPerMinute: 10,
  openRegistration: false,
  retentionDays: 30,
  auditRetentionDays: 365,
  model: null,
};

export interface SettingsReplica {
  readonly db: Database;
  readonly settings: InstanceSettingsStore;
  readonly limits: UserLimitsStore;
  close(): Promise<void>;
}

/** What one process follows: its own pool, LISTEN connection and memory. */
export async function openSettingsReplica(
  url: string,
  defaults: Partial<InstanceSettings> = {},
): Promise<SettingsReplica> {
  const logger = createLogger('silent');
  const db = openDatabase({ url, poolSize: 6, onError: () => undefined });
  const listener = await openListener(db, logger);
  const settings = await openInstanceSettings({
    db,
    listener,
    logger,
    defaults: { ...testDefaults, ...defaults },
  });
  const limits = await openUserLimits(db, listener, logger);
  const close = async () => {
    settings.live.close();
    limits.close();
    await listener.close();
    await db.close();
  };
  return { db, settings, limits, close };
}
