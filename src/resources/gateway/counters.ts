import type { BudgetScope } from '../../contract/budget.ts';
import type { Database, Queryable } from '../../store/database.ts';

/** Whose spending a call adds to. */
export interface Spender {
  readonly runId: string;
  readonly userId: string | null;
  readonly repository: string | null;
}

export interface CounterKey {
  readonly scope: BudgetScope;
  readonly subject: string;
  readonly day: string;
}

export interface Amounts {
  readonly usd: number;
  readonly tokens: number;
}

/** A run is counted over its whole life. */
const wholeLife = '1970-01-01';

/** In the one order in which everybody locks them. The instance's comes first, so that calls line up behind it. */
export function countersOf({ runId, userId, repository }: Spender, day: string): CounterKey[] {
  return [
    { scope: 'instance', subject: '', day },
    ...(repository === null ? [] : [{ scope: 'repository', subject: repository, day } as const]),
    { scope: 'run', subject: runId, day: wholeLife },
    ...(userId === null ? [] : [{ scope: 'user', subject: userId, day } as const]),
  ];
}

export interface Counter extends CounterKey {
  readonly spentUsd: number;
  readonly spentTokens: number;
  readonly reservedUsd: number;
  readonly reservedTokens: number;
}

/** What a run has spent over its whole life. */
export async function spentByRun(db: Queryable, runId: string): Promise<Amounts> {
  const [row] = await db.query<Amounts>(
    `SELECT spent_usd AS usd, spent_tokens AS tokens FROM budget_counters
     WHERE scope = 'run' AND subject = $1 AND day = $2::date`,
    [runId, wholeLife],
    'spent_by_run',
  );
  return row ?? { usd: 0, tokens: 0 };
}

/** Locks the counters until the transaction ends; undefined when some are missing, which have to be made before it begins. */
export async function lockCounters(
  tx: Queryable,
  keys: readonly CounterKey[],
): Promise<Counter[] | undefined> {
  const found = await tx.query<Counter>(lockSql, columns(keys), 'lock_counters');
  return found.length === keys.length ? found : undefined;
}

/** Makes the counters that are missing, in a transaction of their own: made while others are locked, they would lock up. */
export async function makeCounters(db: Database, keys: readonly CounterKey[]): Promise<void> {
  await db.query(makeSql, columns(keys), 'make_counters');
}

/** Adds to counters; the rows are locked in their order first. */
export async function moveCounters(
  tx: Queryable,
  keys: readonly CounterKey[],
  spent: Amounts,
  reserved: Amounts,
): Promise<void> {
  const amounts = [spent.usd, spent.tokens, reserved.usd, reserved.tokens];
  await tx.query(moveSql, [...columns(keys), ...amounts], 'move_counters');
}

/** Three columns, for `keysSql`. */
export function columns(keys: readonly CounterKey[]): string[][] {
  return [keys.map(({ scope }) => scope), keys.map(({ subject }) => subject), keys.map(({ day }) => day)];
}

/** SQL: the keys of counters, from `$1` to `$3`. */
export const keysSql = `SELECT * FROM unnest($1::text[], $2::text[], $3::date[]) AS k (scope, subject, day)`;

const lockSql = `
  SELECT scope, subject, day::text AS day, spent_usd AS "spentUsd", spent_tokens AS "spentTokens",
    reserved_usd AS "reservedUsd", reserved_tokens AS "reservedTokens"
  FROM budget_counters WHERE (scope, subject, day) IN (${keysSql})
  ORDER BY scope COLLATE "C", subject COLLATE "C" FOR UPDATE`;

const makeSql = `
  INSERT INTO budget_counters (scope, subject, day)
  ${keysSql} ORDER BY scope COLLATE "C", subject COLLATE "C" ON CONFLICT DO NOTHING`;

/* What fractions leave behind is no reservation. */
const moveSql = `
  WITH locked AS MATERIALIZED (
    SELECT scope, subject, day FROM budget_counters WHERE (scope, subject, day) IN (${keysSql})
    ORDER BY scope COLLATE "C", subject COLLATE "C" FOR UPDATE
  )
  UPDATE budget_counters c SET spent_usd = spent_usd + $4, spent_tokens = spent_tokens + $5,
    reserved_usd = CASE WHEN reserved_usd + $6 < 1e-12 THEN 0 ELSE reserved_usd + $6 END,
    reserved_tokens = greatest(0, reserved_tokens + $7)
  FROM locked l WHERE c.scope = l.scope AND c.subject = l.subject AND c.day = l.day`;
