import { integer, json, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { users } from './users.ts';

/**
 * Every version that the settings of a scope (`instance`, `user:<id>`) ever had; a row never changes. `overrides` is all
 * that was set in this version, `changes` what was different from the one before. A person's go with the person.
 */
export const settingsVersions = pgTable(
  'settings_versions',
  {
    scope: text('scope').notNull(),
    version: integer('version').notNull(),
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    at: timestamp('at', { withTimezone: true }).notNull().defaultNow(),
    byId: text('by_id').notNull(),
    byName: text('by_name').notNull(),
    note: text('note').notNull().default(''),
    overrides: json('overrides').notNull(),
    changes: json('changes').notNull(),
    restored: integer('restored'),
  },
  (table) => [primaryKey({ columns: [table.scope, table.version] })],
);
