import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

const count = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * Every call of a model, from the moment at which money is put aside for it: `open`, then `answered`, `failed`, or `lost`
 * when nobody came back from it. A step that is done again asks again, in a row of its own.
 */
export const modelCalls = pgTable(
  'model_calls',
  {
    id: uuid('id').primaryKey(),
    runId: uuid('run_id').notNull(),
    step: text('step'),
    ordinal: integer('ordinal'),
    purpose: text('purpose').notNull(),
    model: text('model').notNull(),
    provider: text('provider').notNull(),
    userId: text('user_id'),
    repository: text('repository'),
    status: text('status').notNull(),
    error: text('error'),
    attempts: integer('attempts').notNull().default(1),
    fromCache: boolean('from_cache').notNull().default(false),
    /** The figures are what it may have cost at most, because nobody said what it did cost. */
    estimated: boolean('estimated').notNull().default(false),
    inputTokens: count('input_tokens'),
    cacheReadTokens: count('cache_read_tokens'),
    cacheWriteTokens: count('cache_write_tokens'),
    outputTokens: count('output_tokens'),
    usd: doublePrecision('usd'),
    /** Dollars per million tokens, and where they come from. */
    price: json('price'),
    reservedUsd: doublePrecision('reserved_usd').notNull().default(0),
    reservedTokens: count('reserved_tokens'),
    day: date('day', { mode: 'string' }).notNull(),
    firstTokenMs: doublePrecision('first_token_ms'),
    durationMs: doublePrecision('duration_ms'),
    createdAt: at('created_at').notNull().defaultNow(),
    /** When it is taken for lost. */
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [
    index('model_calls_run').on(table.runId, table.id),
    index('model_calls_open')
      .on(table.expiresAt)
      .where(sql`status = 'open'`),
  ],
);

/** Sums of the calls by UTC day and model; they outlive the runs. */
export const modelDays = pgTable(
  'model_days',
  {
    day: date('day', { mode: 'string' }).notNull(),
    model: text('model').notNull(),
    calls: count('calls'),
    failed: count('failed'),
    cacheHits: count('cache_hits'),
    inputTokens: count('input_tokens'),
    outputTokens: count('output_tokens'),
    usd: doublePrecision('usd').notNull().default(0),
    /** Of the calls that were answered by the model itself. */
    durationMs: doublePrecision('duration_ms').notNull().default(0),
    lastUsedAt: at('last_used_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.model] })],
);
