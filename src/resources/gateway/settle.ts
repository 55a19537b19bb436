import type { ErrorCode } from '../../base/errors.ts';
import type { Database, Queryable } from '../../store/database.ts';
import type { ModelTokens } from '../ports/model.ts';
import { countersOf, moveCounters, type Spender } from './counters.ts';
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
 * lost meanwhile, the sums are put right.
 */
export async function settle(
  db: Database,
  spender: Spender,
  model: string,
  reservation: Reservation,
  came: Settlement,
): Promise<void> {
  const { id, day, usd, tokens } = reservation;
  const spent = { usd: came.usd ?? 0, tokens: came.tokens.input + came.tokens.output };
  await db.transaction(async (tx) => {
    const was = await close(tx, id, came);
    const keys = countersOf(spender, day);
    if (was === 'open') await moveCounters(tx, keys, spent, { usd: -usd, tokens: -tokens });
    else if (was === 'lost')
      await moveCounters(tx, keys, { usd: spent.usd - usd, tokens: spent.tokens - tokens }, none);
    else await moveCounters(tx, keys, spent, none);
    if (was !== 'lost') await addToDay(tx, model, day, came);
  });
}

const none = { usd: 0, tokens: 0 };

/** Answers what the call was before; undefined when it went with its run. */
async function close(tx: Queryable, id: string, came: Settlement): Promise<string | undefined> {
  const { tokens } = came;
  const [row] = await tx.query<{ was: string }>(
    `UPDATE model_calls c SET status = $2, error = $3, input_tokens = $4, cache_read_tokens = $5,
       cache_write_tokens = $6, output_tokens = $7, usd = $8, estimated = $9, attempts = $10, first_token_ms = $11,
       duration_ms = $12, reserved_usd = 0, reserved_tokens = 0
     FROM (SELECT id, status AS was FROM model_calls WHERE id = $1 FOR UPDATE) b
     WHERE c.id = b.id AND b.was IN ('open', 'lost') RETURNING b.was`,
    [
      id,
      came.status,
      came.error,
      tokens.input,
      tokens.cacheRead,
      tokens.cacheWrite,
      tokens.output,
      came.usd,
      came.estimated,
      came.attempts,
      came.firstTokenMs,
      came.durationMs,
    ],
    'close_model_call',
  );
  return row?.was;
}

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
