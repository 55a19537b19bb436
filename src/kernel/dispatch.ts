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
  /** What the worker has that a run may need; null takes any run. */
  readonly offers: readonly string[] | null;
  readonly caps: Caps;
}

/**
 * Takes up to `slots` queued runs for a worker: by aged priority, then by fair shares (the user with the fewest running
 * goes first), then by age, within all caps. Claims of several workers happen one after another, so that no cap is
 * overrun; a claim that is lost in a crash of PostgreSQL leaves the run queued, so its commit doesn't wait for the disk.
 */
export async function claimRuns(db: Database, request: ClaimRequest): Promise<RunRow[]> {
  const { caps } = request;
  const values = [
    request.workerId,
    request.slots,
    caps.running,
    caps.perUser,
    caps.perRepository,
    JSON.stringify(caps.perCapability),
    caps.agingSeconds,
    request.capabilities,
    request.offers,
  ];
  return db.transaction((tx) => tx.query<RunRow>(claimSql, values, 'claim_runs'), claimLock);
}

/* The claim is a large statement: planning it anew would cost more than doing it. */
const claimLock = `SELECT pg_advisory_xact_lock(7070002), set_config('synchronous_commit', 'off', true),
  set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)`;

/* Followers hear of the claim with what the run does next, milliseconds later: announcing costs more than claiming.
   `shares` walks the index from user to user instead of reading the whole queue, so that one user's backlog of
   thousands hides nobody and costs nothing. */
const claimSql = `
  WITH RECURSIVE
  busy AS MATERIALIZED (SELECT share_key, capability, repository FROM runs WHERE status = 'running'),
  by_share AS MATERIALIZED (SELECT share_key, count(*) AS working FROM busy GROUP BY share_key),
  busy_repositories AS MATERIALIZED (SELECT repository, count(*) AS working FROM busy WHERE repository IS NOT NULL GROUP BY repository),
  busy_capabilities AS MATERIALIZED (SELECT capability, count(*) AS working FROM busy GROUP BY capability),
  closed AS MATERIALIZED (
    SELECT ARRAY(SELECT repository FROM busy_repositories WHERE working >= $5) AS repositories,
      ARRAY(SELECT c FROM unnest($8::text[]) AS c WHERE NOT coalesce(($6::json ->> c)::int, 2147483647)
        <= coalesce((SELECT working FROM busy_capabilities b WHERE b.capability = c), 0)) AS open_capabilities
  ),
  room AS MATERIALIZED (SELECT greatest(0, least($2::int, $3::int - (SELECT count(*) FROM busy)::int)) AS slots),
  shares AS (
    (SELECT share_key FROM runs WHERE status = 'queued' ORDER BY share_key LIMIT 1)
    UNION ALL
    SELECT (SELECT r.share_key FROM runs r WHERE r.status = 'queued' AND r.share_key > s.share_key ORDER BY r.share_key LIMIT 1)
    FROM shares s WHERE s.share_key IS NOT NULL
  ),
  heads AS (
    SELECT head.*, s.share_key, coalesce(by_share.working, 0) AS working, coalesce(l.running, $4::int) AS most
    FROM shares s LEFT JOIN by_share USING (share_key) LEFT JOIN user_limits l ON l.user_id = s.share_key CROSS JOIN closed CROSS JOIN generate_series(0, 4) AS level (priority) CROSS JOIN LATERAL (
      SELECT r.id, r.capability, r.repository, r.queued_at,
        floor(r.priority - extract(epoch FROM now() - r.queued_at) / $7::float) AS aged
      FROM runs r
      WHERE r.status = 'queued' AND r.share_key = s.share_key AND r.priority = level.priority
        AND r.available_at <= now() AND r.capability = ANY(closed.open_capabilities)
        AND (r.repository IS NULL OR r.repository <> ALL(closed.repositories))
        AND (r.needs IS NULL OR $9::text[] IS NULL OR r.needs = ANY($9))
      ORDER BY r.queued_at LIMIT least((SELECT slots FROM room), greatest(0, coalesce(l.running, $4::int) - coalesce(by_share.working, 0)))
    ) AS head
    WHERE s.share_key IS NOT NULL
  ),
  by_user AS (
    SELECT *, working + row_number() OVER (PARTITION BY share_key ORDER BY aged, queued_at) AS turn FROM heads
  ),
  by_repository AS (
    SELECT by_user.*, row_number() OVER (PARTITION BY repository ORDER BY aged, turn, queued_at)
      + coalesce(r.working, 0) AS in_repository
    FROM by_user LEFT JOIN busy_repositories r USING (repository) WHERE turn <= most
  ),
  by_capability AS (
    SELECT by_repository.*, row_number() OVER (PARTITION BY capability ORDER BY aged, turn, queued_at)
      + coalesce(c.working, 0) AS in_capability
    FROM by_repository LEFT JOIN busy_capabilities c USING (capability) WHERE repository IS NULL OR in_repository <= $5
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
  SELECT claimed.* FROM claimed`;

/** Queues the waiting runs whose time has come; answers in how many milliseconds the next one is due, by PostgreSQL's clock. */
export async function wakeDueRuns(db: Database): Promise<number | null> {
  await db.query(wakeSql, [], 'wake_due');
  const [next] = await db.query<{ ms: number | null }>(
    `SELECT ceil(1000 * extract(epoch FROM min(wake_at) - now()))::float AS ms FROM runs WHERE status = 'waiting' AND paused_at IS NULL`,
    [],
    'next_due',
  );
  return next?.ms ?? null;
}

const wakeSql = `
  WITH due AS (
    SELECT id FROM runs WHERE status = 'waiting' AND paused_at IS NULL AND wake_at <= now() ORDER BY wake_at LIMIT 500 FOR UPDATE SKIP LOCKED
  ), woken AS (
    UPDATE runs SET status = 'queued', queued_at = now(), available_at = now(), waiting_for = NULL, wake_at = NULL,
      last_seq = last_seq + 1
    FROM due WHERE runs.id = due.id RETURNING runs.id, runs.last_seq
  ), written AS (
    INSERT INTO events (run_id, seq, at, type, data)
    SELECT id, last_seq, now(), 'run.queued', '{"reason":"woken"}' FROM woken
  )
  SELECT pg_notify('gantry_events', id || ' 1 ' || last_seq) FROM woken`;
