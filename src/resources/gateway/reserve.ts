import { GantryError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { OverBudget } from '../../contract/budget.ts';
import { RunLost } from '../../kernel/errors.ts';
import type { Database, Queryable } from '../../store/database.ts';
import {
  columns,
  countersOf,
  keysSql,
  lockCounters,
  makeCounters,
  type Amounts,
  type Counter,
  type CounterKey,
} from './counters.ts';
import { decide, type Granted, type Need } from './decide.ts';
import type { ModelCall, Payer } from './gateway.ts';
import { boundsSql, limitsOf, type Bounds } from './limits.ts';
import { overTime, runNowSql, withBudgetNow, type RunNow } from './run-time.ts';

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
  const before = await look(db, request);
  if (before.gone) throw new RunLost(`Another worker owns run ${request.call.payer.runId}.`);
  const payer = withBudgetNow(request.call.payer, before);
  const over = overTime(payer, before, before);
  if (over) return { over };
  const keys = countersOf(payer, before.today);
  const isBounded = limitsOf(before, payer, keys.map(asEmpty)).length > 0;
  for (;;) {
    const reserved = isBounded
      ? await db.transaction((tx) => tryToReserve(tx, request, payer, before, keys))
      : await putAside(db, request, before.today, keys, wholeOf(request.need));
    if (reserved) return reserved;
    await makeCounters(db, keys);
  }
}

function asEmpty(key: CounterKey): Counter {
  return { ...key, spentUsd: 0, spentTokens: 0, reservedUsd: 0, reservedTokens: 0 };
}

/** What is granted where nothing bounds it. */
function wholeOf(need: Need): Granted {
  const granted = decide(need, []);
  if ('over' in granted) throw new GantryError('INTERNAL', 'A call was refused that no budget bounds.');
  return granted;
}

interface Before extends Bounds, RunNow {
  readonly today: string;
  readonly gone: boolean;
}

/** All that needs no lock, so that those who wait for the counters wait for little. */
async function look(db: Database, { call, day }: Request): Promise<Before> {
  const { payer, owner } = call;
  const keys = countersOf(payer, '');
  const [row] = await db.query<Before>(
    lookSql,
    [
      keys.map(({ scope }) => scope),
      keys.map(({ subject }) => subject),
      payer.runId,
      day ?? null,
      owner?.claim ?? null,
      owner?.workerId ?? null,
    ],
    'reserve_look',
  );
  if (!row) throw new GantryError('INTERNAL', 'The budgets could not be read. Try again.');
  return row;
}

/* A step of a run that another claim or worker has by now pays nothing. */
const lookSql = `
  SELECT today.day::text AS today, EXISTS (
    SELECT FROM runs WHERE id = $3::uuid AND $5::int IS NOT NULL AND (claim <> $5 OR worker_id IS DISTINCT FROM $6)
  ) AS gone, ${boundsSql('$3::uuid', 'today.day')}, ${runNowSql('$3::uuid')}
  FROM (SELECT coalesce($4::date, (now() AT TIME ZONE 'UTC')::date) AS day) AS today`;

/** Undefined when counters are missing. */
async function tryToReserve(
  tx: Queryable,
  request: Request,
  payer: Payer,
  before: Before,
  keys: readonly CounterKey[],
): Promise<Reservation | { readonly over: OverBudget } | undefined> {
  const counters = await lockCounters(tx, keys);
  if (!counters) return undefined;
  const granted = decide(request.need, limitsOf(before, payer, counters));
  return 'over' in granted ? granted : putAside(tx, request, before.today, keys, granted);
}

/** One statement, so that without a bound nobody waits for more than that; undefined when counters are missing. */
async function putAside(
  db: Queryable,
  { call, provider, need, lifeMs }: Request,
  today: string,
  keys: readonly CounterKey[],
  { usd, tokens, outputTokens }: Granted,
): Promise<Reservation | undefined> {
  const { payer, owner } = call;
  const id = newId();
  const price = need.price && JSON.stringify({ from: need.price.from, ...need.price.perMillion });
  const [row] = await db.query(
    putAsideSql,
    [
      ...columns(keys),
      ...[usd, tokens, id, payer.runId],
      ...[owner?.step ?? null, owner?.ordinal ?? null, call.purpose, need.model],
      ...[provider, payer.userId, payer.repository, today, need.inputTokens, outputTokens, price, lifeMs],
    ],
    'put_aside',
  );
  return row && { id, day: today, usd, tokens, outputTokens };
}

const putAsideSql = `
  WITH locked AS MATERIALIZED (
    SELECT scope, subject, day FROM budget_counters WHERE (scope, subject, day) IN (${keysSql})
    ORDER BY scope COLLATE "C", subject COLLATE "C" FOR UPDATE
  ),
  complete AS MATERIALIZED (SELECT FROM locked HAVING count(*) = cardinality($1::text[])),
  moved AS (
    UPDATE budget_counters c SET reserved_usd = reserved_usd + $4, reserved_tokens = reserved_tokens + $5
    FROM complete, locked l WHERE c.scope = l.scope AND c.subject = l.subject AND c.day = l.day
  )
  INSERT INTO model_calls (reserved_usd, reserved_tokens, id, run_id, step, ordinal, purpose, model, provider, user_id,
    repository, status, day, input_tokens, output_tokens, price, expires_at)
  SELECT $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'open', $15::date, $16, $17, $18::json,
    now() + $19 * interval '1 millisecond' FROM complete
  RETURNING id`;
