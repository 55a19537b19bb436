import { index, integer, json, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' }).notNull();

/** Answers of models, found again by what was asked and for whom. UNLOGGED: a crash forgets them, and no backup has them. */
export const modelCache = pgTable(
  'model_cache',
  {
    key: text('key').primaryKey(),
    answer: json('answer').notNull(),
    bytes: integer('bytes').notNull(),
    createdAt: at('created_at').defaultNow(),
    expiresAt: at('expires_at'),
  },
  (table) => [index('model_cache_created').on(table.createdAt)],
);
