import { boolean, integer, json, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** What a run has done, each once: found again by name and by how often the name came before. */
export const steps = pgTable(
  'steps',
  {
    runId: uuid('run_id').notNull(),
    name: text('name').notNull(),
    ordinal: integer('ordinal').notNull(),
    position: integer('position').notNull(),
    kind: text('kind').notNull(),
    status: text('status').notNull(),
    output: json('output'),
    error: json('error'),
    attempts: integer('attempts').notNull().default(1),
    compensates: boolean('compensates').notNull().default(false),
    signalName: text('signal_name'),
    childId: uuid('child_id'),
    /** What a signal asks a person. */
    question: json('question'),
    dueAt: timestamp('due_at', { withTimezone: true }),
    startedAt: timestamp('started_at', { withTimezone: true }).notNull().defaultNow(),
    finishedAt: timestamp('finished_at', { withTimezone: true }),
  },
  (table) => [primaryKey({ columns: [table.runId, table.name, table.ordinal] })],
);
