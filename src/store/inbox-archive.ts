import { index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** What a person has put away, each for oneself; what happens again after that comes back. */
export const inboxArchive = pgTable(
  'inbox_archive',
  {
    userId: text('user_id').notNull(),
    itemId: uuid('item_id').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.itemId] }),
    index('inbox_archive_item').on(table.itemId),
  ],
);
