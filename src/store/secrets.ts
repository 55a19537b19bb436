import { customType, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Secrets, sealed under the master key, which is not in the database. `owner` is empty for the whole instance. */
export const secrets = pgTable(
  'secrets',
  {
    id: uuid('id').primaryKey(),
    scope: text('scope').notNull(),
    owner: text('owner').notNull().default(''),
    name: text('name').notNull(),
    sealed: bytea('sealed').notNull(),
    keyId: text('key_id').notNull(),
    createdBy: text('created_by'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
    lastUsedAt: timestamp('last_used_at', { withTimezone: true }),
    /** A run's id, or what of Gantry used it. */
    lastUsedBy: text('last_used_by'),
  },
  (table) => [unique('secrets_name').on(table.scope, table.owner, table.name)],
);
