import { sql } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  json,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/** A message to a run: an answer, an approval, a word to an agent. Consumed once, in the order of sending. */
export const signals = pgTable(
  'signals',
  {
    id: uuid('id').primaryKey(),
    runId: uuid('run_id').notNull(),
    name: text('name').notNull(),
    payload: json('payload'),
    sentBy: text('sent_by'),
    idempotencyKey: text('idempotency_key'),
    /** Counts the messages of a run from 1, in the order in which they were stored. */
    seq: integer('seq'),
    /** Bytes of all payloads of the run up to this one. */
    totalBytes: bigint('total_bytes', { mode: 'number' }),
    /** The ordinal of the step whose question it answers, and who answered what; null for other messages. */
    answers: integer('answers'),
    given: json('given'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    consumedAt: timestamp('consumed_at', { withTimezone: true }),
  },
  (table) => [
    index('signals_open')
      .on(table.runId, table.name, table.id)
      .where(sql`consumed_at IS NULL`),
    index('signals_run').on(table.runId),
    uniqueIndex('signals_order')
      .on(table.runId, table.seq)
      .where(sql`seq IS NOT NULL`),
    uniqueIndex('signals_idempotency')
      .on(table.runId, table.idempotencyKey)
      .where(sql`idempotency_key IS NOT NULL`),
  ],
);
