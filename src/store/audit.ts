import { sql } from 'drizzle-orm';
import { index, json, pgTable, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/**
 * What people and programs did to this Gantry, and what was refused them. Rows are only added: a trigger refuses every
 * UPDATE and TRUNCATE, and every DELETE but the retention's own. Ids are of their time, so that they order and cut the
 * table by it. Names are those of the time, because users go and are renamed.
 */
export const audit = pgTable(
  'audit',
  {
    id: uuid('id').primaryKey(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    userId: text('user_id').notNull(),
    keyId: text('key_id'),
    name: text('name').notNull(),
    address: text('address').notNull(),
    operation: text('operation').notNull(),
    summary: text('summary').notNull(),
    kind: text('kind').notNull(),
    target: text('target').notNull(),
    changes: json('changes').notNull(),
    status: smallint('status').notNull(),
    code: text('code'),
  },
  (table) => [
    index('audit_user').on(table.userId, table.id),
    index('audit_kind').on(table.kind, table.id),
    index('audit_target')
      .on(table.target, table.id)
      .where(sql`target <> ''`),
    index('audit_operation').on(table.operation, table.id),
    // Two filters together may mean next to nothing, which one index alone would look for row by row.
    index('audit_user_kind').on(table.userId, table.kind, table.id),
    index('audit_user_refused')
      .on(table.userId, table.id)
      .where(sql`code IS NOT NULL`),
    index('audit_kind_refused')
      .on(table.kind, table.id)
      .where(sql`code IS NOT NULL`),
    index('audit_refused')
      .on(table.id)
      .where(sql`code IS NOT NULL`),
  ],
);
