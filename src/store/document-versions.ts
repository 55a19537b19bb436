import { integer, json, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** What a document held at each save; never changed. `bytes` is the size of `content`, which is `json` since it may hold NUL. */
export const documentVersions = pgTable(
  'document_versions',
  {
    documentId: uuid('document_id').notNull(),
    version: integer('version').notNull(),
    content: json('content').notNull(),
    bytes: integer('bytes').notNull(),
    note: text('note').notNull().default(''),
    author: text('author').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.documentId, table.version] })],
);
