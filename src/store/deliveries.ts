import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * What forges sent: kept for a week, so that nothing is heard twice. The forge's own id of a delivery isn't signed, so the
 * digest of its body counts too.
 */
export const deliveries = pgTable(
  'deliveries',
  {
    id: uuid('id').primaryKey(),
    forge: text('forge').notNull(),
    forgeId: text('forge_id'),
    /** SHA-256 in hex. */
    digest: text('digest').notNull(),
    /** Taken away when it is handled: strangers' words are kept no longer than needed. */
    delivery: jsonb('delivery'),
    receivedAt: at('received_at').notNull().defaultNow(),
    tries: integer('tries').notNull().default(0),
    /** Nobody else takes it up before. */
    takenUntil: at('taken_until'),
    handledAt: at('handled_at'),
    /** Why it could not be handled. */
    problem: text('problem'),
  },
  (table) => [
    uniqueIndex('deliveries_digest').on(table.forge, table.digest),
    index('deliveries_forge_id').on(table.forge, table.forgeId),
    index('deliveries_received').on(table.receivedAt),
    index('deliveries_open')
      .on(table.receivedAt)
      .where(sql`handled_at IS NULL`),
  ],
);
