import { pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** Which runs may use a secret, named as `secrets` names it. `subject` is a repository or capability; empty for all. */
export const secretGrants = pgTable(
  'secret_grants',
  {
    scope: text('scope').notNull(),
    owner: text('owner').notNull(),
    name: text('name').notNull(),
    kind: text('kind').notNull(),
    subject: text('subject').notNull().default(''),
    createdBy: text('created_by'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.owner, table.name, table.kind, table.subject] })],
);
