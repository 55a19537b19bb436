import { sql } from 'drizzle-orm';
import { boolean, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** The repositories that runs may use. Their credentials are secrets of the scope `system`. */
export const repositories = pgTable(
  'repositories',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    forge: text('forge').notNull(),
    /** Where the forge is, when it isn't the public one. */
    baseUrl: text('base_url'),
    /** As its driver asks for it: `acme/shop`, or the whole address for plain git. */
    remote: text('remote').notNull(),
    url: text('url').notNull(),
    webUrl: text('web_url'),
    defaultBranch: text('default_branch'),
    isPrivate: boolean('is_private').notNull(),
    auth: text('auth').notNull(),
    status: text('status').notNull(),
    problem: text('problem'),
    checkedAt: at('checked_at').notNull(),
    createdAt: at('created_at').notNull(),
    createdBy: text('created_by'),
  },
  (table) => [
    uniqueIndex('repositories_name').on(sql`lower(${table.name})`),
    uniqueIndex('repositories_remote').on(
      table.forge,
      sql`coalesce(${table.baseUrl}, '')`,
      sql`lower(${table.remote})`,
    ),
  ],
);
