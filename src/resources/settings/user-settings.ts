import { userSettingsDefaults, userSettingsSchema, type UserSettings } from '../../contract/settings.ts';
import type { Database, Queryable } from '../../store/database.ts';
import { readSettings, settingsOf, type SettingsOf } from './settings-of.ts';

const kind = { schema: userSettingsSchema, defaults: userSettingsDefaults };

/** The settings of one person; of somebody who is gone there are none to write. */
export function userSettings(db: Database, userId: string): SettingsOf<UserSettings> {
  return settingsOf(db, { name: nameOf(userId), userId }, kind);
}

/** What holds for a person, read in the caller's transaction. */
export function readUserSettings(db: Queryable, userId: string): Promise<UserSettings> {
  return readSettings(db, nameOf(userId), kind);
}

function nameOf(userId: string): string {
  return `user:${userId}`;
}
