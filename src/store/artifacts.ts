import {
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Files that a run has left behind. A step that happens again replaces what it left before. */
export const artifacts = pgTable(
  'artifacts',
  {
    id: uuid('id').primaryKey(),
    runId: uuid('run_id').notNull(),
    step: text('step').notNull(),
    ordinal: integer('ordinal').notNull(),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    bytes: integer('bytes').notNull(),
    sha256: text('sha256').notNull(),
    mediaType: text('media_type').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [unique('artifacts_name').on(table.runId, table.step, table.ordinal, table.name)],
);

/** Their content, in pieces that are read one at a time. */
export const artifactChunks = pgTable(
  'artifact_chunks',
  {
    artifactId: uuid('artifact_id').notNull(),
    n: integer('n').notNull(),
    runId: uuid('run_id').notNull(),
    data: bytea('data').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.artifactId, table.n] }),
    index('artifact_chunks_run').on(table.runId),
  ],
);
