import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { users } from './users.ts';

/** Limits of users who have their own; null means: as for everybody. The claim and the start of runs read it themselves. */
export const userLimits = pgTable('user_limits', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  requestsPerMinute: integer('requests_per_minute'),
  running: integer('running'),
  queued: integer('queued'),
  updatedBy: text('updated_by').notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
});
