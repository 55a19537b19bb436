import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** One-time links that sign the first admin in; using one removes its row. `token_hash` is SHA-256 in hex. */
export const signInLinks = pgTable('sign_in_links', {
  tokenHash: text('token_hash').primaryKey(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
});
