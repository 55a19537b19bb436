import { integer, json, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** What happened, in order, never changed; PostgreSQL moves large data out of the row by itself. */
export const events = pgTable(
  'events',
  {
    runId: uuid('run_id').notNull(),
    seq: integer('seq').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    type: text('type').notNull(),
    data: json('data').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.seq] })],
);
