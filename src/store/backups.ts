import { bigint, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** Backups that were made, so that a page can say when the last one was. */
export const backups = pgTable('backups', {
  at: timestamp('at', { withTimezone: true }).primaryKey(),
  file: text('file').notNull(),
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
  version: text('version').notNull(),
});
