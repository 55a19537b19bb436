import type { Queryable } from '../store/database.ts';

/** What a caller has left in the present minute. */
export interface Allowance {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the count starts again. */
  readonly resetSeconds: number;
}

/** Counts requests per key and minute in PostgreSQL, so that all replicas share one count. The API calls it. */
export interface RateLimit {
  /** Takes one of `limit` requests per minute. DATABASE_UNREACHABLE when the database doesn't answer. */
  take(key: string, limit: number): Promise<Allowance>;
}

const cleanEveryMs = 60_000;
const refusalsKept = 10_000;

/**
 * Fixed windows by the database's clock: one statement per request, none for a key that is refused already. The table
 * is unlogged, so that the commit waits for no disk.
 */
export function createRateLimit(database: Queryable): RateLimit {
  const refused = new Map<string, { readonly until: number; readonly limit: number }>();
  let cleanAt = Date.now() + cleanEveryMs;

  async function clean(): Promise<void> {
    cleanAt = Date.now() + cleanEveryMs;
    for (const [key, { until }] of refused) if (until <= Date.now()) refused.delete(key);
    await database.query(cleanSql, [], 'rate_limit_clean');
  }

  return {
    take: async (key, limit) => {
      const last = refused.get(key);
      // A limit that was raised since is asked for anew.
      if (last && last.until > Date.now() && limit <= last.limit) {
        return refusal(limit, (last.until - Date.now()) / 1000);
      }
      const rows = await database.query<{ count: number | null; reset: number }>(
        takeSql,
        [key, limit],
        'rate_limit_take',
      );
      const count = rows[0]?.count ?? null;
      const reset = rows[0]?.reset ?? 60;
      // A failed clean-up is tried again a minute later.
      if (Date.now() >= cleanAt) clean().catch(() => undefined);
      if (count === null) {
        if (refused.size < refusalsKept) refused.set(key, { until: Date.now() + reset * 1000, limit });
        return refusal(limit, reset);
      }
      return { allowed: true, limit, remaining: limit - count, resetSeconds: Math.ceil(reset) };
    },
  };
}

function refusal(limit: number, seconds: number): Allowance {
  return { allowed: false, limit, remaining: 0, resetSeconds: Math.max(1, Math.ceil(seconds)) };
}

// A full window is left as it is: the refused request writes nothing and `count` comes back null.
const takeSql = `
  WITH present AS (
    SELECT date_bin('1 minute', now(), 'epoch') AS start
  ), taken AS (
    INSERT INTO rate_limits AS counted (key, window_start, count)
    SELECT $1, start, 1 FROM present
    ON CONFLICT (key, window_start) DO UPDATE SET count = counted.count + 1 WHERE counted.count < $2
    RETURNING count
  )
  SELECT (SELECT count FROM taken) AS count,
    extract(epoch FROM start + interval '1 minute' - now())::float8 AS reset
  FROM present`;

const cleanSql = `DELETE FROM rate_limits WHERE window_start < now() - interval '2 minutes'`;
