import type { UsageGroup, UsageItem, UsageReport } from '../contract/usage.ts';
import type { Database, Queryable } from '../store/database.ts';

/**
 * What runs used is kept in sums by the UTC day on which they ended, which outlive the runs. Up to a mark the sums are in
 * `usage_days`; what ended after it is summed when it is asked for. The mark moves, and runs are deleted, in
 * transactions that lock it: no run is ever counted twice or left out, however many processes do this.
 */
export interface UsageRequest {
  /** UTC days, both included: `2026-11-21`. */
  readonly from: string;
  readonly to: string;
  readonly by: UsageGroup;
  /** Only this user's runs. */
  readonly userId?: string | undefined;
}

/** A run becomes visible a moment after the time that it carries; by then it must still be after the mark. */
const lag = `interval '10 minutes'`;
const markSql = `INSERT INTO usage_mark (id, rolled_to) VALUES ('runs', '1970-01-01Z') ON CONFLICT DO NOTHING`;

/** Moves the mark as far as it goes. Answers how many times it moved: at most a day of runs at a time. */
export async function rollUpUsage(db: Database): Promise<number> {
  await db.query(markSql, [], 'usage_mark');
  let moved = 0;
  while (await rollOnce(db)) moved += 1;
  return moved;
}

async function rollOnce(db: Database): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [step] = await tx.query<{ from: string; to: string; ends: boolean }>(
      `WITH mark AS (SELECT rolled_to FROM usage_mark WHERE id = 'runs' FOR UPDATE),
       first AS (SELECT (SELECT min(finished_at) FROM runs WHERE finished_at >= mark.rolled_to) AS at FROM mark)
       SELECT rolled_to::text AS from, to_at::text AS to, to_at >= now() - ${lag} AS ends
       FROM mark, first, LATERAL (SELECT least(now() - ${lag}, coalesce(first.at, now()) + interval '1 day') AS to_at) AS step
       WHERE to_at > rolled_to`,
    );
    if (step === undefined) return false;
    await addSums(tx, 'finished_at >= $1::timestamptz AND finished_at < $2::timestamptz', [
      step.from,
      step.to,
    ]);
    await tx.query(`UPDATE usage_mark SET rolled_to = $1::timestamptz WHERE id = 'runs'`, [step.to]);
    return !step.ends;
  });
}

/** To be called in the transaction that deletes runs, before it does: keeps what of them is not in the sums yet. */
export async function keepUsage(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query('SELECT FROM runs WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE', [ids]);
  await tx.query(markSql, [], 'usage_mark');
  await tx.query(`SELECT FROM usage_mark WHERE id = 'runs' FOR SHARE`);
  await addSums(
    tx,
    `id = ANY($1::uuid[]) AND finished_at >= (SELECT rolled_to FROM usage_mark WHERE id = 'runs')`,
    [ids],
  );
}

const amounts = ['wall_ms', 'cpu_ms', 'tokens', 'usd'] as const;

const sumsOfRuns = `(finished_at AT TIME ZONE 'UTC')::date AS day, coalesce(user_id, '') AS user_id, capability,
  coalesce(repository, '') AS repository, status, count(*) AS runs,
  sum(coalesce((usage ->> 'wallMs')::float8, 0)) AS wall_ms, sum(coalesce((usage ->> 'cpuMs')::float8, 0)) AS cpu_ms,
  sum(coalesce((usage ->> 'tokens')::float8, 0)) AS tokens, sum(coalesce((usage ->> 'usd')::float8, 0)) AS usd`;

/* In the order of the key, so that two that add to the same rows wait for each other instead of locking each other out. */
async function addSums(tx: Queryable, condition: string, values: readonly unknown[]): Promise<void> {
  await tx.query(
    `INSERT INTO usage_days (day, user_id, capability, repository, status, runs, ${amounts.join(', ')})
     SELECT ${sumsOfRuns} FROM runs WHERE ${condition}
     GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
     ON CONFLICT (day, user_id, capability, repository, status) DO UPDATE SET runs = usage_days.runs + excluded.runs,
       ${amounts.map((name) => `${name} = usage_days.${name} + excluded.${name}`).join(', ')}`,
    values,
  );
}

const keys: Readonly<Record<UsageGroup, string>> = {
  day: 'day::text',
  capability: 'capability',
  repository: 'repository',
  user: 'user_id',
};
const mostItems = 1200;

/** The sums of some days, those that used most first (days: the earliest first). */
export async function readUsage(db: Database, request: UsageRequest): Promise<UsageReport> {
  const { from, to, by, userId } = request;
  const rows = await db.query<{
    key: string;
    runs: number;
    failed: number;
    wall_ms: number;
    cpu_ms: number;
    tokens: number;
    usd: number;
  }>(
    `WITH late AS (
       SELECT ${sumsOfRuns} FROM runs
       WHERE finished_at >= greatest($1::date::timestamp AT TIME ZONE 'UTC',
         coalesce((SELECT rolled_to FROM usage_mark WHERE id = 'runs'), '1970-01-01Z'))
         AND finished_at < ($2::date + 1)::timestamp AT TIME ZONE 'UTC'
       GROUP BY 1, 2, 3, 4, 5
     ), every AS (
       SELECT day, user_id, capability, repository, status, runs, ${amounts.join(', ')} FROM usage_days
       WHERE day BETWEEN $1::date AND $2::date
       UNION ALL SELECT * FROM (SELECT day, user_id, capability, repository, status, runs, ${amounts.join(', ')} FROM late) AS l
     )
     SELECT ${keys[by]} AS key, sum(runs)::float8 AS runs,
       coalesce(sum(runs) FILTER (WHERE status IN ('failed', 'dead')), 0)::float8 AS failed,
       ${amounts.map((name) => `sum(${name}) AS ${name}`).join(', ')}
     FROM every WHERE $3::text IS NULL OR user_id = $3
     GROUP BY 1 ORDER BY ${by === 'day' ? '1' : 'sum(usd) DESC, sum(wall_ms) DESC, 1'} LIMIT ${mostItems}`,
    [from, to, userId ?? null],
  );
  const items = rows.map(({ wall_ms, cpu_ms, ...row }) => ({ ...row, wallMs: wall_ms, cpuMs: cpu_ms }));
  return { from, to, by, items, total: totalOf(items) };
}

function totalOf(items: readonly UsageItem[]): UsageReport['total'] {
  const total = { runs: 0, failed: 0, wallMs: 0, cpuMs: 0, tokens: 0, usd: 0 };
  for (const item of items) {
    total.runs += item.runs;
    total.failed += item.failed;
    total.wallMs += item.wallMs;
    total.cpuMs += item.cpuMs;
    total.tokens += item.tokens;
    total.usd += item.usd;
  }
  return total;
}
