import { sql } from 'drizzle-orm';
import {
  index,
  integer,
  json,
  pgTable,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * The run row is the queue. `claim` is the fence: it grows each time a worker takes the run, and whoever writes with
 * an older one writes nothing. `attempt` counts only how often the run was lost or retried.
 * JSON is kept as `json`, not `jsonb`, because a program's output may hold NUL.
 */
export const runs = pgTable(
  'runs',
  {
    id: uuid('id').primaryKey(),
    capability: text('capability').notNull(),
    title: text('title').notNull(),
    status: text('status').notNull(),
    priority: smallint('priority').notNull(),
    input: json('input').notNull(),
    output: json('output'),
    error: json('error'),
    budget: json('budget'),
    usage: json('usage').notNull().default({}),
    outcome: text('outcome'),
    userId: text('user_id'),
    shareKey: text('share_key').notNull(),
    repository: text('repository'),
    /** What only some workers have, as one of their offers; null when any will do. */
    needs: text('needs'),
    trigger: json('trigger').notNull(),
    parentId: uuid('parent_id'),
    originId: uuid('origin_id'),
    originKind: text('origin_kind'),
    idempotencyKey: text('idempotency_key'),
    idempotencyHash: text('idempotency_hash'),
    attempt: integer('attempt').notNull().default(1),
    claim: integer('claim').notNull().default(0),
    workerId: text('worker_id'),
    lastSeq: integer('last_seq').notNull().default(0),
    waitingFor: text('waiting_for'),
    /** The person asked when the run last went to sleep; it means something only while the run waits. */
    asks: json('asks'),
    wakeAt: at('wake_at'),
    cancelBy: text('cancel_by'),
    cancelAt: at('cancel_at'),
    /** Somebody asked it to pause; it begins no new step until this is null again. */
    pausedBy: text('paused_by'),
    pausedAt: at('paused_at'),
    createdAt: at('created_at').notNull().defaultNow(),
    queuedAt: at('queued_at').notNull().defaultNow(),
    availableAt: at('available_at').notNull().defaultNow(),
    startedAt: at('started_at'),
    finishedAt: at('finished_at'),
  },
  (table) => [
    index('runs_queued')
      .on(table.shareKey, table.priority, table.queuedAt)
      .where(sql`status = 'queued'`),
    index('runs_running')
      .on(table.workerId)
      .where(sql`status = 'running'`),
    index('runs_waiting')
      .on(table.wakeAt)
      .where(sql`status = 'waiting'`),
    index('runs_parent')
      .on(table.parentId, table.id)
      .where(sql`parent_id IS NOT NULL`),
    index('runs_origin')
      .on(table.originId)
      .where(sql`origin_id IS NOT NULL`),
    index('runs_finished')
      .on(table.finishedAt)
      .where(sql`finished_at IS NOT NULL`),
    index('runs_user').on(table.userId, table.id),
    index('runs_capability').on(table.capability, table.id),
    index('runs_repository')
      .on(table.repository, table.id)
      .where(sql`repository IS NOT NULL`),
    index('runs_trigger').on(sql`(trigger ->> 'kind')`, table.id),
    index('runs_active')
      .on(table.status, table.id)
      .where(sql`status IN ('queued', 'running', 'waiting')`),
    index('runs_ended_badly')
      .on(table.status, table.id)
      .where(sql`status IN ('failed', 'cancelled', 'dead')`),
    uniqueIndex('runs_idempotency')
      .on(table.shareKey, table.idempotencyKey)
      .where(sql`idempotency_key IS NOT NULL`),
  ],
);
