import { newId } from '../../base/ids.ts';
import type { OverBudget } from '../../contract/budget.ts';
import { RunLost } from '../../kernel/errors.ts';
import type { Database, Queryable } from '../../store/database.ts';
import {
  countersOf,
  lockCounters,
  makeCounters,
  moveCounters,
  type Amounts,
  type CounterKey,
} from './counters.ts';
import { decide, type Granted, type Need } from './decide.ts';
import type { ModelCall } from './gateway.ts';
import { limitsOf } from './limits.ts';
import { ownerGone } from './own-run.ts';

/** What a call may cost is put aside until it is known what it did cost. */
export interface Reservation extends Amounts {
  /** Of the call's row in `model_calls`. */
  readonly id: string;
  readonly day: string;
  readonly outputTokens: number;
}

export type ReservedCall = Pick<ModelCall, 'payer' | 'owner' | 'purpose'>;

interface Request {
  readonly call: ReservedCall;
  readonly provider: string;
  readonly need: Need;
  /** How long until it is taken for lost, when nobody settles it, in milliseconds. */
  readonly lifeMs: number;
  /** The UTC day; undefined is today by the clock of the database. */
  readonly day: string | undefined;
}

/**
 * Puts aside what a call may cost at most, if all its budgets have that much left. One short transaction that locks the
 * counters in one order, so that no number of callers on any number of workers goes beyond a budget together.
 * BUDGET_REACHED when a budget can't be kept at all; RunLost when another worker has the run by now.
 */
export async function reserve(
  db: Database,
  request: Request,
): Promise<Reservation | { readonly over: OverBudget }> {
  for (;;) {
    const reserved = await db.transaction((tx) => tryToReserve(tx, request));
    if (!('missing' in reserved)) return reserved;
    await makeCounters(db, reserved.missing);
  }
}

async function tryToReserve(
  tx: Queryable,
  { call, provider, need, lifeMs, day }: Request,
): Promise<Reservation | { readonly over: OverBudget } | { readonly missing: CounterKey[] }> {
  const [now] = await tx.query<{ today: string; gone: boolean }>(
    `SELECT coalesce($1::date, (now() AT TIME ZONE 'UTC')::date)::text AS today, ${ownerGone} AS gone`,
    [day ?? null, call.payer.runId, call.owner?.claim ?? null, call.owner?.workerId ?? null],
    'reserve_begin',
  );
  if (now?.gone) throw new RunLost(`Another worker owns run ${call.payer.runId}.`);
  const today = now?.today ?? '';
  const keys = countersOf(call.payer, today);
  const counters = await lockCounters(tx, keys);
  if (!counters) return { missing: keys };
  const granted = decide(need, await limitsOf(tx, call.payer, counters, today));
  if ('over' in granted) return granted;
  await moveCounters(tx, keys, { usd: 0, tokens: 0 }, granted);
  const id = newId();
  await insertOpen(tx, { id, today, call, provider, need, granted, lifeMs });
  return { id, day: today, usd: granted.usd, tokens: granted.tokens, outputTokens: granted.outputTokens };
}

async function insertOpen(
  tx: Queryable,
  row: {
    id: string;
    today: string;
    call: ReservedCall;
    provider: string;
    need: Need;
    granted: Granted;
    lifeMs: number;
  },
): Promise<void> {
  const { call, need, granted } = row;
  const price = need.price && JSON.stringify({ from: need.price.from, ...need.price.perMillion });
  await tx.query(
    `INSERT INTO model_calls (id, run_id, step, ordinal, purpose, model, provider, user_id, repository, status, day,
       reserved_usd, reserved_tokens, input_tokens, output_tokens, price, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, $12, $13, $14, $15,
       now() + $16 * interval '1 millisecond')`,
    [
      row.id,
      call.payer.runId,
      call.owner?.step ?? null,
      call.owner?.ordinal ?? null,
      call.purpose,
      need.model,
      row.provider,
      call.payer.userId,
      call.payer.repository,
      row.today,
      granted.usd,
      granted.tokens,
      need.inputTokens,
      granted.outputTokens,
      price,
      row.lifeMs,
    ],
    'open_model_call',
  );
}
