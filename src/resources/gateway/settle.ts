import type { ErrorCode } from '../../base/errors.ts';
import type { Queryable } from '../../store/database.ts';
import type { ModelTokens } from '../ports/model.ts';
import { columns, countersOf, keysSql, type Spender } from './counters.ts';
import type { Reservation } from './reserve.ts';

/** What came of a call. */
export interface Settlement {
  readonly status: 'answered' | 'failed';
  readonly error: ErrorCode | null;
  readonly tokens: ModelTokens;
  /** Null when nobody has said what the model costs. */
  readonly usd: number | null;
  /** The figures are what it may have cost at most. */
  readonly estimated: boolean;
  readonly attempts: number;
  readonly firstTokenMs: number | null;
  readonly durationMs: number;
}

/**
 * Books what a call did cost in place of what was put aside for it, on the day on which it began. When it was taken for
 * lost meanwhile, the sums are put right; when it went with its run, they are added to. One statement, so that the
 * counters, which all calls share, are held for as short as can be.
 */
export async function settle(
  db: Queryable,
  spender: Spender,
  model: string,
  reservation: Reservation,
  came: Settlement,
): Promise<void> {
  const { id, day, usd, tokens } = reservation;
  const spent = { usd: came.usd ?? 0, tokens: came.tokens.input + came.tokens.output };
  const { input, cacheRead, cacheWrite, output } = came.tokens;
  await db.query(
    settleSql,
    [
      ...columns(countersOf(spender, day)),
      ...[spent.usd, spent.tokens, usd, tokens],
      ...[id, came.status, came.error, input, cacheRead, cacheWrite, output, came.usd, came.estimated],
      ...[came.attempts, came.firstTokenMs, came.durationMs, day, model, came.status === 'failed'],
    ],
    'settle',
  );
}

/*
 * What PostgreSQL forgets of it in a crash is an open call again, which counts at its most. The call, the counters and the
 * day are locked in this order, as everywhere: each part asks for the one before it.
 */
const settleSql = `
  WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS mode),
  closed AS (
    UPDATE model_calls c SET status = $9, error = $10, input_tokens = $11, cache_read_tokens = $12,
      cache_write_tokens = $13, output_tokens = $14, usd = $15, estimated = $16, attempts = $17, first_token_ms = $18,
      duration_ms = $19, reserved_usd = 0, reserved_tokens = 0
    FROM (SELECT id, status AS was FROM model_calls WHERE id = $8 FOR UPDATE) b
    WHERE c.id = b.id AND b.was IN ('open', 'lost') RETURNING b.was
  ),
  before AS MATERIALIZED (
    SELECT coalesce((SELECT was FROM closed), 'gone') AS was FROM relaxed WHERE mode = 'off'
  ),
  move AS MATERIALIZED (
    SELECT was, $4::float8 - CASE was WHEN 'lost' THEN $6::float8 ELSE 0 END AS usd,
      $5::bigint - CASE was WHEN 'lost' THEN $7::bigint ELSE 0 END AS tokens,
      CASE was WHEN 'open' THEN $6::float8 ELSE 0 END AS usd_back,
      CASE was WHEN 'open' THEN $7::bigint ELSE 0 END AS tokens_back
    FROM before
  ),
  locked AS MATERIALIZED (
    SELECT c.scope, c.subject, c.day, move.* FROM move, budget_counters c
    WHERE (c.scope, c.subject, c.day) IN (${keysSql})
    ORDER BY c.scope COLLATE "C", c.subject COLLATE "C" FOR UPDATE OF c
  ),
  moved AS (
    UPDATE budget_counters c SET spent_usd = spent_usd + l.usd, spent_tokens = spent_tokens + l.tokens,
      reserved_usd = CASE WHEN reserved_usd - l.usd_back < 1e-12 THEN 0 ELSE reserved_usd - l.usd_back END,
      reserved_tokens = greatest(0, reserved_tokens - l.tokens_back)
    FROM locked l WHERE c.scope = l.scope AND c.subject = l.subject AND c.day = l.day RETURNING 1
  )
  INSERT INTO model_days AS d (day, model, calls, failed, input_tokens, output_tokens, usd, duration_ms, last_used_at)
  SELECT $20, $21, 1, $22::boolean::int, $11, $14, coalesce($15, 0), CASE WHEN $22 THEN 0 ELSE $19 END, now()
  FROM before, (SELECT count(*) FROM moved) AS all_moved WHERE was <> 'lost'
  ON CONFLICT (day, model) DO UPDATE SET calls = d.calls + 1, failed = d.failed + excluded.failed,
    input_tokens = d.input_tokens + excluded.input_tokens, output_tokens = d.output_tokens + excluded.output_tokens,
    usd = d.usd + excluded.usd, duration_ms = d.duration_ms + excluded.duration_ms, last_used_at = now()`;

/** Adds a call to the sums that outlive the runs. */
export async function addToDay(
  tx: Queryable,
  model: string,
  day: string,
  came: Pick<Settlement, 'status' | 'tokens' | 'usd' | 'durationMs'> & { readonly fromCache?: boolean },
): Promise<void> {
  const hit = came.fromCache ?? false;
  const failed = came.status === 'failed';
  await tx.query(
    `INSERT INTO model_days AS d (day, model, calls, failed, cache_hits, input_tokens, output_tokens, usd, duration_ms, last_used_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())
     ON CONFLICT (day, model) DO UPDATE SET calls = d.calls + $3, failed = d.failed + $4, cache_hits = d.cache_hits + $5,
       input_tokens = d.input_tokens + $6, output_tokens = d.output_tokens + $7, usd = d.usd + $8,
       duration_ms = d.duration_ms + $9, last_used_at = now()`,
    [
      day,
      model,
      hit ? 0 : 1,
      failed ? 1 : 0,
      hit ? 1 : 0,
      hit ? 0 : came.tokens.input,
      hit ? 0 : came.tokens.output,
      came.usd ?? 0,
      hit || failed ? 0 : came.durationMs,
    ],
    'add_to_model_day',
  );
}
