import type { Database } from '../../store/database.ts';
import { countersOf, moveCounters } from './counters.ts';
import { addToDay } from './settle.ts';

interface OpenRow {
  readonly run_id: string;
  readonly user_id: string | null;
  readonly repository: string | null;
  readonly model: string;
  readonly day: string;
  readonly reserved_usd: number;
  readonly reserved_tokens: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

/**
 * Calls from which nobody came back, because their worker was killed, count as spent, at the most that they may have
 * cost: the provider may well have answered. Until then what was put aside for them stays put aside, so that the sum of both
 * never falls. Answers how many there were.
 */
export async function settleLost(db: Database): Promise<number> {
  // One at a time: calls of several days would lock the counters of their runs in no common order.
  let lost = 0;
  while (await settleOne(db)) lost += 1;
  return lost;
}

async function settleOne(db: Database): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<OpenRow>(takeSql);
    if (!row) return false;
    const spender = { runId: row.run_id, userId: row.user_id, repository: row.repository };
    const amounts = { usd: row.reserved_usd, tokens: row.reserved_tokens };
    const back = { usd: -amounts.usd, tokens: -amounts.tokens };
    await moveCounters(tx, countersOf(spender, row.day), amounts, back);
    const tokens = { input: row.input_tokens, cacheRead: 0, cacheWrite: 0, output: row.output_tokens };
    await addToDay(tx, row.model, row.day, { status: 'failed', tokens, usd: amounts.usd, durationMs: 0 });
    return true;
  });
}

const takeSql = `
  UPDATE model_calls SET status = 'lost', estimated = true,
    usd = CASE WHEN price IS NULL THEN NULL ELSE reserved_usd END
  WHERE id = (
    SELECT id FROM model_calls WHERE status = 'open' AND expires_at < now()
    ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED
  )
  RETURNING id, run_id, user_id, repository, model, day::text AS day, reserved_usd, reserved_tokens,
    input_tokens, output_tokens`;
