import { userSettingsDefaults, userSettingsSchema, type UserSettings } from '../../contract/settings.ts';
import type { Database } from '../../store/database.ts';
import { settingsOf, type SettingsOf } from './settings-of.ts';

/** The settings of one person; of somebody who is gone there are none to write. */
export function userSettings(db: Database, userId: string): SettingsOf<UserSettings> {
  return settingsOf(
    db,
    { name: `user:${userId}`, userId },
    { schema: userSettingsSchema, defaults: userSettingsDefaults },
  );
}
