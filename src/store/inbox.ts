import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * What waits for a person, and what a person should know. Written together with the change of the run. Either one user
 * is meant, or everyone of a role. What repeats within a day is one row with a count, found again by `groupKey`; its
 * run is the latest.
 */
export const inbox = pgTable(
  'inbox',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind').notNull(),
    userId: text('user_id'),
    role: text('role'),
    runId: uuid('run_id').notNull(),
    step: text('step'),
    ordinal: integer('ordinal'),
    capability: text('capability').notNull(),
    title: text('title').notNull(),
    headline: text('headline').notNull(),
    code: text('code'),
    count: integer('count').notNull().default(1),
    groupKey: text('group_key'),
    dueAt: at('due_at'),
    createdAt: at('created_at').notNull().defaultNow(),
    lastAt: at('last_at').notNull().defaultNow(),
    resolvedAt: at('resolved_at'),
    resolution: text('resolution'),
    /** When its notifications were written; null while nobody has looked at it for that. */
    notifiedAt: at('notified_at'),
  },
  (table) => [
    index('inbox_waiting')
      .on(table.userId, table.role)
      .where(sql`kind = 'question' AND resolved_at IS NULL`),
    index('inbox_user')
      .on(table.userId, table.lastAt)
      .where(sql`user_id IS NOT NULL`),
    index('inbox_role')
      .on(table.role, table.lastAt)
      .where(sql`role IS NOT NULL`),
    index('inbox_run').on(table.runId),
    uniqueIndex('inbox_question')
      .on(table.runId, table.step, table.ordinal)
      .where(sql`kind = 'question'`),
    uniqueIndex('inbox_group')
      .on(table.groupKey)
      .where(sql`group_key IS NOT NULL`),
    index('inbox_to_notify')
      .on(table.createdAt)
      .where(sql`notified_at IS NULL`),
  ],
);
