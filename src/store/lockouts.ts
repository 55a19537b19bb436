import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * Wrong passwords in a row, per address that was typed, whether or not it has an account: so a lock tells nobody which
 * addresses do. `address_hash` is SHA-256 in hex, which bounds what a stranger can make us store.
 */
export const lockouts = pgTable(
  'lockouts',
  {
    addressHash: text('address_hash').primaryKey(),
    failures: integer('failures').notNull(),
    lastAt: timestamp('last_at', { withTimezone: true }).notNull(),
    lockedUntil: timestamp('locked_until', { withTimezone: true }),
  },
  (table) => [index('lockouts_last').on(table.lastAt)],
);
