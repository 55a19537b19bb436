import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true });

/** Workers that were given up, and the runs that they held; kept for a short while. */
export const lostWorkers = pgTable(
  'lost_workers',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    host: text('host').notNull(),
    pid: integer('pid').notNull(),
    slots: integer('slots').notNull(),
    version: text('version'),
    /** `died` or `stalled`. */
    how: text('how').notNull(),
    startedAt: at('started_at').notNull(),
    beatAt: at('beat_at').notNull(),
    lostAt: at('lost_at').notNull().defaultNow(),
    runIds: uuid('run_ids').array().notNull(),
  },
  (table) => [index('lost_workers_lost').on(table.lostAt)],
);
