import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** Live workers. Each also holds a session lock on its id; a row without its lock, or without a fresh beat, is a dead worker's. */
export const workers = pgTable('workers', {
  id: text('id').primaryKey(),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  slots: integer('slots').notNull(),
  busy: integer('busy').notNull().default(0),
  startedAt: timestamp('started_at', { withTimezone: true }).notNull().defaultNow(),
  beatAt: timestamp('beat_at', { withTimezone: true }).notNull().defaultNow(),
});
