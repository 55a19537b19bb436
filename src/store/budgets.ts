import {
  bigint,
  date,
  doublePrecision,
  index,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

const usd = (name: string) => doublePrecision(name).notNull().default(0);
const tokens = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

/** What may be spent on models. An empty subject is the rule for all of the scope that have none of their own. */
export const budgetRules = pgTable(
  'budget_rules',
  {
    scope: text('scope').notNull(),
    subject: text('subject').notNull(),
    usd: doublePrecision('usd'),
    tokens: bigint('tokens', { mode: 'number' }),
    updatedBy: text('updated_by'),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.subject] })],
);

/** What was spent, and what calls under way may still spend, by UTC day; of a run, under the day 1970-01-01 for its whole life. */
export const budgetCounters = pgTable(
  'budget_counters',
  {
    scope: text('scope').notNull(),
    subject: text('subject').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    spentUsd: usd('spent_usd'),
    spentTokens: tokens('spent_tokens'),
    reservedUsd: usd('reserved_usd'),
    reservedTokens: tokens('reserved_tokens'),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.subject, table.day] }),
    index('budget_counters_day').on(table.day),
  ],
);

/** What people allowed a run beyond a budget: for a day, or, beyond a budget of the run itself, for good. */
export const budgetAllowances = pgTable(
  'budget_allowances',
  {
    runId: uuid('run_id').notNull(),
    key: text('key').notNull(),
    scope: text('scope').notNull(),
    subject: text('subject').notNull(),
    unit: text('unit').notNull(),
    amount: doublePrecision('amount').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    allowedBy: text('allowed_by'),
    allowedAt: timestamp('allowed_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.key] })],
);
