import { boolean, index, json, pgTable, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Runs that start by the clock. */
export const schedules = pgTable(
  'schedules',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull().unique(),
    capability: text('capability').notNull(),
    input: json('input').notNull(),
    priority: smallint('priority').notNull(),
    cron: text('cron').notNull(),
    timeZone: text('time_zone').notNull(),
    userId: text('user_id'),
    enabled: boolean('enabled').notNull().default(true),
    nextAt: timestamp('next_at', { withTimezone: true }).notNull(),
    lastRunId: uuid('last_run_id'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('schedules_next').on(table.nextAt)],
);
