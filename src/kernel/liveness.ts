import { newId } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import type { Database, Session } from '../store/database.ts';
import { requeueRun } from './requeue.ts';
import type { WorkerCard, WorkerFigures } from './worker-card.ts';

const lockSpace = 4711;
const stalledAfterSeconds = 15;

/** A worker that is on the list, under an id that is never used twice. */
export interface SignedOn {
  readonly id: string;
  /** Its life line: when it ends, so does the worker's claim to its runs. */
  readonly line: Session;
}

/**
 * Signs a worker on: its row, under the first `worker-N` that nobody has or had lately, and a session lock on its id that
 * PostgreSQL drops when the worker's process dies.
 */
export async function signOn(
  db: Database,
  card: WorkerCard,
  onLost: (id: string) => void,
): Promise<SignedOn> {
  const line = await db.connect(`gantry worker ${card.host} ${card.pid}`);
  try {
    await line.query('BEGIN');
    await line.query('SELECT pg_advisory_xact_lock($1)', [namesLock]);
    const { rows } = await line.query<{ name: string }>(freeNameSql);
    const name = rows[0]?.name ?? 'worker';
    const id = `${name}-${newId().slice(-8)}`;
    await line.query('SELECT pg_advisory_lock(hashtextextended($1, $2))', [id, lockSpace]);
    await line.query(
      `INSERT INTO workers (id, name, host, pid, slots, version, capabilities, offers, figures, drain_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $10 THEN now() END)`,
      [
        ...[id, name, card.host, card.pid, card.slots, card.version, card.capabilities, card.offers],
        ...[JSON.stringify(card.figures()), card.drains],
      ],
    );
    await line.query('COMMIT');
    line.on('error', () => onLost(id));
    line.on('end', () => onLost(id));
    return { id, line };
  } catch (error) {
    void line.end().catch(() => undefined);
    throw error;
  }
}

const namesLock = 7_070_003;

/* A name of somebody who was lost an hour ago would tell two stories on one page. */
const freeNameSql = `
  SELECT 'worker-' || n AS name FROM generate_series(1, 100000) AS n
  WHERE NOT EXISTS (SELECT FROM workers WHERE name = 'worker-' || n)
    AND NOT EXISTS (SELECT FROM lost_workers WHERE name = 'worker-' || n AND lost_at > now() - interval '1 hour')
  ORDER BY n LIMIT 1`;

/** Takes the worker off the list; its runs must be handed over before. */
export async function signOff(client: Session, workerId: string): Promise<void> {
  client.removeAllListeners('end');
  await client.query('DELETE FROM workers WHERE id = $1', [workerId]).catch(() => undefined);
  await client.end().catch(() => undefined);
}

/** Whether it is to take no new runs; null when the others have given this worker up, because its beat came too late. */
export async function beat(
  db: Database,
  workerId: string,
  busy: number,
  figures: WorkerFigures,
): Promise<{ drains: boolean } | null> {
  const [row] = await db.query<{ drains: boolean }>(
    'UPDATE workers SET beat_at = now(), busy = $2, figures = $3 WHERE id = $1 RETURNING drain_at IS NOT NULL AS drains',
    [workerId, busy, JSON.stringify(figures)],
    'beat',
  );
  return row ?? null;
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
    const gone = await db.query(giveUpSql, [other.id, other.stalled ? 'stalled' : 'died']);
    if (gone.length === 0) continue;
    log.warn(
      { worker: other.id },
      other.stalled ? 'a worker stalled; its runs move' : 'a worker died; its runs move',
    );
    reaped += await recoverRuns(db, other.id, maxAttempts);
  }
  return reaped;
}

/* What it held is written down with it, so that people can be told where its runs went. */
const giveUpSql = `
  WITH gone AS (DELETE FROM workers WHERE id = $1 RETURNING *),
  old AS (DELETE FROM lost_workers WHERE lost_at < now() - interval '1 day')
  INSERT INTO lost_workers (id, name, host, pid, slots, version, how, started_at, beat_at, run_ids)
  SELECT id, coalesce(name, id), host, pid, slots, version, $2, started_at, beat_at,
    ARRAY(SELECT r.id FROM runs r WHERE r.status = 'running' AND r.worker_id = $1 LIMIT 1000)
  FROM gone ON CONFLICT (id) DO NOTHING RETURNING id`;

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
