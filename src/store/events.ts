import { integer, json, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** What happened, in order, never changed. `data` is null when it was large and lies in `blobs`. */
export const events = pgTable(
  'events',
  {
    runId: uuid('run_id').notNull(),
    seq: integer('seq').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    type: text('type').notNull(),
    data: json('data'),
    blobId: uuid('blob_id'),
  },
  (table) => [primaryKey({ columns: [table.runId, table.seq] })],
);
