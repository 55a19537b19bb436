import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * Invitations, one per address. One that was used or taken back stays for a while, so that its link can say so; its
 * `expires_at` is then in the past. `token_hash` is SHA-256 in hex.
 */
export const invitations = pgTable('invitations', {
  id: text('id').primaryKey(),
  email: text('email').notNull().unique(),
  role: text('role').notNull(),
  tokenHash: text('token_hash').notNull().unique(),
  invitedBy: text('invited_by').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  acceptedAt: timestamp('accepted_at', { withTimezone: true }),
  revokedAt: timestamp('revoked_at', { withTimezone: true }),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
});
