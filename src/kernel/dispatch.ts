import type { Database } from '../store/database.ts';
import type { RunRow } from './run-row.ts';

/** How much may run at once; all caps are part of the claim. */
export interface Caps {
  readonly running: number;
  readonly perUser: number;
  readonly perRepository: number;
  /** By capability; those that aren't named have no cap of their own. */
  readonly perCapability: Readonly<Record<string, number>>;
  readonly agingSeconds: number;
}

interface ClaimRequest {
  readonly workerId: string;
  readonly slots: number;
  readonly capabilities: readonly string[];
  readonly caps: Caps;
}

/**
 * Takes up to `slots` queued runs for a worker: by aged priority, then by fair shares (the user with the fewest running
 * goes first), then by age, within all caps. Claims of several workers happen one after another, so that no cap is
 * overrun; a claim that is lost in a crash of PostgreSQL leaves the run queued, so its commit doesn't wait for the disk.
 */
export async function claimRuns(db: Database, request: ClaimRequest): Promise<RunRow[]> {
  const { caps } = request;
  return db.transaction(async (tx) => {
    await tx.query(
      `SELECT pg_advisory_xact_lock(7070002), set_config('synchronous_commit', 'off', true)`,
      [],
      'claim_lock',
    );
    return tx.query<RunRow>(
      claimSql,
      [
        request.workerId,
        request.slots,
        caps.running,
        caps.perUser,
        caps.perRepository,
        JSON.stringify(caps.perCapability),
        caps.agingSeconds,
        request.capabilities,
      ],
      'claim_runs',
    );
  });
}

/* `shares` walks the index from user to user instead of reading the whole queue, so that one user's backlog of
   thousands hides nobody and costs nothing. */
const claimSql = `
  WITH RECURSIVE
  busy AS MATERIALIZED (SELECT share_key, capability, repository FROM runs WHERE status = 'running'),
  room AS MATERIALIZED (SELECT greatest(0, least($2::int, $3::int - (SELECT count(*) FROM busy)::int)) AS slots),
  shares AS (
    (SELECT share_key FROM runs WHERE status = 'queued' ORDER BY share_key LIMIT 1)
    UNION ALL
    SELECT (SELECT r.share_key FROM runs r WHERE r.status = 'queued' AND r.share_key > s.share_key ORDER BY r.share_key LIMIT 1)
    FROM shares s WHERE s.share_key IS NOT NULL
  ),
  heads AS (
    SELECT head.*, s.share_key, (SELECT count(*) FROM busy b WHERE b.share_key = s.share_key) AS working
    FROM shares s CROSS JOIN generate_series(0, 4) AS level (priority) CROSS JOIN LATERAL (
      SELECT r.id, r.capability, r.repository, r.queued_at,
        floor(r.priority - extract(epoch FROM now() - r.queued_at) / $7::float) AS aged
      FROM runs r
      WHERE r.status = 'queued' AND r.share_key = s.share_key AND r.priority = level.priority
        AND r.available_at <= now() AND r.capability = ANY($8::text[])
        AND (r.repository IS NULL OR (SELECT count(*) FROM busy b WHERE b.repository = r.repository) < $5)
        AND (SELECT count(*) FROM busy b WHERE b.capability = r.capability) < coalesce(($6::json ->> r.capability)::int, 2147483647)
      ORDER BY r.queued_at LIMIT (SELECT slots FROM room)
    ) AS head
    WHERE s.share_key IS NOT NULL
  ),
  by_user AS (
    SELECT *, working + row_number() OVER (PARTITION BY share_key ORDER BY aged, queued_at) AS turn FROM heads
  ),
  by_repository AS (
    SELECT *, row_number() OVER (PARTITION BY repository ORDER BY aged, turn, queued_at)
      + (SELECT count(*) FROM busy b WHERE b.repository = by_user.repository) AS in_repository
    FROM by_user WHERE turn <= $4
  ),
  by_capability AS (
    SELECT *, row_number() OVER (PARTITION BY capability ORDER BY aged, turn, queued_at)
      + (SELECT count(*) FROM busy b WHERE b.capability = by_repository.capability) AS in_capability
    FROM by_repository WHERE repository IS NULL OR in_repository <= $5
  ),
  chosen AS (
    SELECT id FROM by_capability WHERE in_capability <= coalesce(($6::json ->> capability)::int, 2147483647)
    ORDER BY aged, turn, queued_at LIMIT (SELECT slots FROM room)
  ),
  claimed AS (
    UPDATE runs SET status = 'running', claim = claim + 1, worker_id = $1, started_at = coalesce(started_at, now()),
      last_seq = last_seq + 1
    FROM chosen WHERE runs.id = chosen.id AND runs.status = 'queued'
    RETURNING runs.*
  ),
  written AS (
    INSERT INTO events (run_id, seq, at, type, data)
    SELECT id, last_seq, now(), 'run.started', json_build_object('worker', $1::text, 'attempt', attempt) FROM claimed
  )
  SELECT claimed.*, pg_notify('gantry_events', id || ' 1 ' || last_seq) FROM claimed`;

/** Queues the waiting runs whose time has come; answers when the next one is due. */
export async function wakeDueRuns(db: Database): Promise<Date | null> {
  await db.query(wakeSql, [], 'wake_due');
  const [next] = await db.query<{ wake_at: Date | null }>(
    `SELECT min(wake_at) AS wake_at FROM runs WHERE status = 'waiting'`,
    [],
    'next_due',
  );
  return next?.wake_at ?? null;
}

const wakeSql = `
  WITH due AS (
    SELECT id FROM runs WHERE status = 'waiting' AND wake_at <= now() ORDER BY wake_at LIMIT 500 FOR UPDATE SKIP LOCKED
  ), woken AS (
    UPDATE runs SET status = 'queued', queued_at = now(), available_at = now(), waiting_for = NULL, wake_at = NULL,
      last_seq = last_seq + 1
    FROM due WHERE runs.id = due.id RETURNING runs.id, runs.last_seq
  ), written AS (
    INSERT INTO events (run_id, seq, at, type, data)
    SELECT id, last_seq, now(), 'run.queued', '{"reason":"woken"}' FROM woken
  )
  SELECT pg_notify('gantry_events', id || ' 1 ' || last_seq) FROM woken`;
