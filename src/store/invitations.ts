import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** Open invitations, one per address; accepting one removes its row. `token_hash` is SHA-256 in hex. */
export const invitations = pgTable('invitations', {
  id: text('id').primaryKey(),
  email: text('email').notNull().unique(),
  role: text('role').notNull(),
  tokenHash: text('token_hash').notNull().unique(),
  invitedBy: text('invited_by').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
});
