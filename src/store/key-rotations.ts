import { integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Changes of the master key, by what tells keys apart. The latest says under which key secrets are sealed. */
export const keyRotations = pgTable('key_rotations', {
  id: uuid('id').primaryKey(),
  fromKey: text('from_key').notNull(),
  toKey: text('to_key').notNull(),
  startedAt: timestamp('started_at', { withTimezone: true }).notNull().defaultNow(),
  startedBy: text('started_by'),
  finishedAt: timestamp('finished_at', { withTimezone: true }),
  resealed: integer('resealed').notNull().default(0),
});
