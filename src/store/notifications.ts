import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * The outbox: one message to one person by one channel. A server claims it until `claimedUntil`; one that dies in
 * between leaves it to the others. `messageId` is shared by those that went out as one summary.
 */
export const notifications = pgTable(
  'notifications',
  {
    id: uuid('id').primaryKey(),
    itemId: uuid('item_id').notNull(),
    userId: text('user_id').notNull(),
    channel: text('channel').notNull(),
    state: text('state').notNull().default('due'),
    /** Kept back by the throttle or by quiet hours; what is held goes out as one summary. */
    held: boolean('held').notNull().default(false),
    attempts: integer('attempts').notNull().default(0),
    dueAt: at('due_at').notNull().defaultNow(),
    claimedUntil: at('claimed_until'),
    messageId: uuid('message_id'),
    error: text('error'),
    createdAt: at('created_at').notNull().defaultNow(),
    endedAt: at('ended_at'),
  },
  (table) => [
    unique('notifications_once').on(table.itemId, table.userId, table.channel),
    index('notifications_due')
      .on(table.dueAt)
      .where(sql`state = 'due'`),
    index('notifications_user').on(table.userId, table.channel, table.endedAt),
  ],
);
