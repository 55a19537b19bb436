import {
  boolean,
  customType,
  bigint,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/**
 * Git bundles: checkpoints of a run's workspace, which go with the run, and repositories that a command line uploaded,
 * which have an owner and go when no run uses them any more.
 */
export const bundles = pgTable(
  'bundles',
  {
    id: uuid('id').primaryKey(),
    /** Of a checkpoint. */
    runId: uuid('run_id'),
    step: text('step'),
    ordinal: integer('ordinal'),
    /** What it leads to; the one before, which is needed first, and how many are. */
    commit: text('commit'),
    before: text('before'),
    depth: integer('depth').notNull().default(0),
    /** Of an upload. */
    ownerId: text('owner_id'),
    complete: boolean('complete').notNull().default(false),
    bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index('bundles_run').on(table.runId),
    index('bundles_commit').on(table.commit),
    index('bundles_owner').on(table.ownerId),
  ],
);

/** Their content, in pieces that are read one at a time. */
export const bundleChunks = pgTable(
  'bundle_chunks',
  {
    bundleId: uuid('bundle_id').notNull(),
    n: integer('n').notNull(),
    data: bytea('data').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bundleId, table.n] })],
);

/** Which runs use an upload. */
export const bundleUses = pgTable(
  'bundle_uses',
  {
    bundleId: uuid('bundle_id').notNull(),
    runId: uuid('run_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.bundleId, table.runId] }),
    index('bundle_uses_run').on(table.runId),
  ],
);
