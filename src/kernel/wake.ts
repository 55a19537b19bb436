import { eventColumns, type PendingEvent } from '../store/event-log.ts';
import type { Queryable } from '../store/database.ts';
import type { EventBody } from '../contract/event.ts';
import type { RunRow } from './run-row.ts';

/**
 * Puts a waiting run back into the queue, in the caller's transaction. The row is locked first: a run that is just
 * going to sleep either sees what the caller wrote before, or is seen asleep here; no wake-up is lost between the two.
 * Answers false when the run isn't waiting. A paused one goes on resting, until it is resumed.
 */
export async function wakeRun(tx: Queryable, runId: string): Promise<boolean> {
  const [row] = await tx.query<PausableRow>(
    'SELECT id, status, asks, waiting_for, paused_at, cancel_at FROM runs WHERE id = $1 FOR UPDATE',
    [runId],
    'lock_pausable',
  );
  if (row?.status !== 'waiting') return false;
  if (isPaused(row)) {
    await restPaused(tx, row);
    return false;
  }
  await changeRun(
    tx,
    runId,
    `status = 'queued', queued_at = now(), available_at = now(), waiting_for = NULL, wake_at = NULL`,
    [],
    { type: 'run.queued', data: { reason: 'woken' } },
  );
  await tx.query(`SELECT pg_notify('gantry_queue', '')`);
  return true;
}

type PausableRow = Pick<RunRow, 'id' | 'status' | 'asks' | 'waiting_for' | 'paused_at' | 'cancel_at'>;

/** Whether the run rests until it is resumed. A cancel goes on all the same. */
export function isPaused(row: Pick<RunRow, 'paused_at' | 'cancel_at'>): boolean {
  return row.paused_at !== null && row.cancel_at === null;
}

/** What a paused run waits for. */
export const forResume = 'resume';

/**
 * Lays a paused run that no worker owns to rest, in the caller's transaction that holds its lock. One that asks a person
 * goes on asking while nobody has answered.
 */
export async function restPaused<Row extends PausableRow>(tx: Queryable, row: Row): Promise<Row | RunRow> {
  if (row.status === 'waiting') {
    if (row.waiting_for === forResume && row.asks === null) return row;
    if (row.asks !== null && (await isOpen(tx, row.id, row.asks.signal))) return row;
  }
  return changeRun(
    tx,
    row.id,
    `status = 'waiting', waiting_for = $7, asks = NULL, wake_at = NULL`,
    [forResume],
    { type: 'run.waiting', data: { for: forResume, until: null } },
  );
}

async function isOpen(tx: Queryable, runId: string, step: string): Promise<boolean> {
  const open = await tx.query(
    `SELECT FROM inbox WHERE run_id = $1 AND step = $2 AND kind = 'question' AND resolved_at IS NULL LIMIT 1`,
    [runId, step],
    'open_question',
  );
  return open.length > 0;
}

/**
 * Changes a run that no worker owns, together with the event that says so. The caller holds the row's lock and has
 * checked its status; `assignments` is SQL that uses $7 onwards for `values`.
 */
export async function changeRun(
  tx: Queryable,
  runId: string,
  assignments: string,
  values: readonly unknown[],
  event: EventBody,
): Promise<RunRow> {
  const pending: PendingEvent[] = [{ ...event, at: new Date() }];
  const [row] = await tx.query<RunRow>(
    `WITH changed AS (
       UPDATE runs SET last_seq = last_seq + $2${assignments === '' ? '' : `, ${assignments}`} WHERE id = $1 RETURNING *
     ), written AS (
       INSERT INTO events (run_id, seq, at, type, data)
       SELECT $1, changed.last_seq - $2 + e.n, e.at, e.type, e.data
       FROM changed, unnest($3::timestamptz[], $4::text[], $5::json[]) WITH ORDINALITY AS e (at, type, data, n)
     )
     SELECT changed.*, pg_notify('gantry_events', $6 || ' 1 ' || last_seq || CASE WHEN finished_at IS NULL THEN '' ELSE ' end' END) FROM changed`,
    [runId, pending.length, ...eventColumns(pending), runId, ...values],
  );
  if (!row) throw new Error(`Run ${runId} vanished while it was locked.`);
  return row;
}
