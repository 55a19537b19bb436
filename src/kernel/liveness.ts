import type { Logger } from '../base/logger.ts';
import type { Database, Session } from '../store/database.ts';
import { requeueRun } from './requeue.ts';

const lockSpace = 4711;
const stalledAfterSeconds = 15;

/** What a worker says of itself. */
export interface WorkerCard {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly slots: number;
}

/**
 * Signs a worker on: its row, and a session lock on its id that PostgreSQL drops when the worker's process dies. The
 * connection is the worker's life line: when it ends, so does the worker's claim to its runs.
 */
export async function signOn(db: Database, card: WorkerCard, onLost: () => void): Promise<Session> {
  const client = await db.connect(`gantry worker ${card.id}`);
  client.on('error', onLost);
  client.on('end', onLost);
  try {
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, $2))', [card.id, lockSpace]);
    await client.query('INSERT INTO workers (id, host, pid, slots) VALUES ($1, $2, $3, $4)', [
      card.id,
      card.host,
      card.pid,
      card.slots,
    ]);
    return client;
  } catch (error) {
    void client.end().catch(() => undefined);
    throw error;
  }
}

/** Takes the worker off the list; its runs must be handed over before. */
export async function signOff(client: Session, workerId: string): Promise<void> {
  client.removeAllListeners('end');
  await client.query('DELETE FROM workers WHERE id = $1', [workerId]).catch(() => undefined);
  await client.end().catch(() => undefined);
}

/** False when the others have given this worker up, because its beat came too late. */
export async function beat(db: Database, workerId: string, busy: number): Promise<boolean> {
  const rows = await db.query(
    'UPDATE workers SET beat_at = now(), busy = $2 WHERE id = $1 RETURNING id',
    [workerId, busy],
    'beat',
  );
  return rows.length > 0;
}

/**
 * Gives up workers that are dead (their lock is free) or stalled (their beat is old), and puts their runs back into the
 * queue. Any number of workers may do this at once: the one that deletes the row does the work.
 */
export async function reapWorkers(
  db: Database,
  probe: Session,
  self: string,
  maxAttempts: number,
  log: Logger,
): Promise<number> {
  const others = await db.query<{ id: string; stalled: boolean }>(
    `SELECT id, beat_at < now() - $2 * interval '1 second' AS stalled FROM workers WHERE id <> $1`,
    [self, stalledAfterSeconds],
    'other_workers',
  );
  let reaped = 0;
  for (const other of others) {
    if (!other.stalled && !(await isDead(probe, other.id))) continue;
    const gone = await db.query('DELETE FROM workers WHERE id = $1 RETURNING id', [other.id]);
    if (gone.length === 0) continue;
    log.warn(
      { worker: other.id },
      other.stalled ? 'a worker stalled; its runs move' : 'a worker died; its runs move',
    );
    reaped += await recoverRuns(db, other.id, maxAttempts);
  }
  return reaped;
}

async function isDead(probe: Session, workerId: string): Promise<boolean> {
  const key = [workerId, lockSpace];
  const result = await probe.query<{ free: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, $2)) AS free',
    key,
  );
  if (!result.rows[0]?.free) return false;
  await probe.query('SELECT pg_advisory_unlock(hashtextextended($1, $2))', key);
  return true;
}

/** Queues the runs of a worker that is gone; answers how many there were. */
export async function recoverRuns(db: Database, workerId: string, maxAttempts: number): Promise<number> {
  const rows = await db.query<{ id: string; claim: number; attempt: number }>(
    `SELECT id, claim, attempt FROM runs WHERE status = 'running' AND worker_id = $1`,
    [workerId],
  );
  for (const row of rows) {
    const delayMs = row.attempt < 3 ? 0 : Math.min(60_000, 1000 * 2 ** (row.attempt - 3));
    const error = { code: 'WORKER_LOST', message: 'The worker was lost each time.' };
    await requeueRun(
      db,
      { runId: row.id, claim: row.claim, workerId },
      { maxAttempts, reason: 'recovered', delayMs, error },
    );
  }
  return rows.length;
}
