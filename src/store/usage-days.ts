import { bigint, date, doublePrecision, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

const sum = (name: string) => doublePrecision(name).notNull().default(0);

/**
 * What runs used, by the UTC day on which they ended. It outlives the runs: deleting them leaves these sums.
 * An empty text stands for no user and no repository, so that the key has no NULL.
 */
export const usageDays = pgTable(
  'usage_days',
  {
    day: date('day', { mode: 'string' }).notNull(),
    capability: text('capability').notNull(),
    repository: text('repository').notNull(),
    userId: text('user_id').notNull(),
    status: text('status').notNull(),
    runs: bigint('runs', { mode: 'number' }).notNull(),
    wallMs: sum('wall_ms'),
    cpuMs: sum('cpu_ms'),
    tokens: sum('tokens'),
    usd: sum('usd'),
  },
  (table) => [
    uniqueIndex('usage_days_key').on(
      table.day,
      table.userId,
      table.capability,
      table.repository,
      table.status,
    ),
  ],
);

/** One row: up to which moment ended runs are in `usage_days`. What ended later is still read from the runs. */
export const usageMark = pgTable('usage_mark', {
  id: text('id').primaryKey(),
  rolledTo: timestamp('rolled_to', { withTimezone: true, mode: 'date' }).notNull(),
});
