import { customType, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Bytes too large for a row that is read often; they live and go with their run. */
export const blobs = pgTable(
  'blobs',
  {
    id: uuid('id').primaryKey(),
    runId: uuid('run_id').notNull(),
    mediaType: text('media_type').notNull(),
    bytes: bytea('bytes').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('blobs_run').on(table.runId)],
);
