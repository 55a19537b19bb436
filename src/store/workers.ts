import { integer, json, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true });

/** Live workers. Each also holds a session lock on its id; a row without its lock, or without a fresh beat, is a dead worker's. */
export const workers = pgTable('workers', {
  id: text('id').primaryKey(),
  /** What people call it: `worker-1`. Null for a worker that is older than this column. */
  name: text('name'),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  slots: integer('slots').notNull(),
  busy: integer('busy').notNull().default(0),
  version: text('version'),
  capabilities: text('capabilities').array(),
  /** What it has that a run may need, as `capability/what`. */
  offers: text('offers').array(),
  /** Memory, cores and load, as of its last beat. */
  figures: json('figures'),
  /** Since when it takes no new runs. */
  drainAt: at('drain_at'),
  startedAt: at('started_at').notNull().defaultNow(),
  beatAt: at('beat_at').notNull().defaultNow(),
});
