import type { Database } from '../src/store/database.ts';

/** Who has few of the stored runs, and words that few or none of them carry. */
export const rare = {
  user: 'user-39',
  repository: 'team/repo-37',
  text: 'needle',
  absent: 'no title says this',
};

/**
 * Stores `count` runs as 90 days of a busy team leave them: five users out of forty have most, executions by key lead,
 * nearly all succeeded, a handful are under way. Programs of about 600 bytes lie in the rows, as they do in life.
 */
export async function storeRuns(db: Database, count: number): Promise<void> {
  const batch = 50_000;
  for (let from = 0; from < count; from += batch) {
    await db.query(storeSql, [from, Math.min(from + batch, count), count]);
  }
  await db.query('VACUUM (ANALYZE) runs');
}

/* The same rows on every machine: what looks random is a hash of the row's number. */
const storeSql = `
  WITH numbered AS (
    SELECT n, $3::int - n AS age, hashint4(n)::bigint & 2147483647 AS a, hashint4(n + 7919)::bigint & 2147483647 AS b,
      floor(1000 * extract(epoch FROM now() - interval '90 days') + n * (90 * 86400000.0 / $3::int))::bigint AS ms
    FROM generate_series($1::int, $2::int - 1) AS n
  ), shaped AS (
    SELECT *, (a % 1000) AS m, (b % 1000) AS k,
      lpad(to_hex(ms), 12, '0') AS hex, lpad(to_hex(a), 8, '0') || lpad(to_hex(b), 8, '0') AS noise,
      CASE WHEN a % 100 < 80 THEN 'execution' WHEN a % 100 < 88 THEN 'review' WHEN a % 100 < 94 THEN 'coding'
        WHEN a % 100 < 99 THEN 'workflows' ELSE 'agents' END AS capability,
      'user-' || floor(40 * power((b % 9973) / 9973.0, 4))::int AS author,
      CASE WHEN age <= 20 THEN 'running' WHEN age <= 60 THEN 'queued' WHEN age % 4001 = 0 THEN 'waiting'
        WHEN b % 1000 < 930 THEN 'succeeded' WHEN b % 1000 < 980 THEN 'failed' WHEN b % 1000 < 999 THEN 'cancelled'
        ELSE 'dead' END AS status
    FROM numbered
  )
  INSERT INTO runs (id, capability, title, status, priority, input, usage, user_id, share_key, repository, trigger, attempt,
    last_seq, created_at, queued_at, available_at, started_at, finished_at)
  SELECT (substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-7' || substr(noise, 1, 3) || '-8' || substr(noise, 4, 3) || '-' || substr(noise, 5, 12))::uuid,
    capability,
    (ARRAY['Index', 'Count', 'Check', 'Retry', 'Render', 'Migrate', 'Review', 'Sort'])[1 + a % 8] || ' '
      || (ARRAY['the invoices', 'webhooks', 'price table', 'main.py', 'log lines', 'user names', 'ÄÖÜ words'])[1 + b % 7]
      || ' of batch ' || n || CASE WHEN n % 250007 = 0 THEN ' (needle)' ELSE '' END,
    status, 2, json_build_object('language', 'python', 'files', repeat('print(1) # ', 50)),
    json_build_object('wallMs', a % 9000, 'cpuMs', a % 4000), author, author,
    CASE WHEN capability IN ('review', 'coding') THEN 'team/repo-' || floor(40 * power((a % 7919) / 7919.0, 4))::int END,
    CASE WHEN k < 700 THEN json_build_object('kind', 'key', 'userId', author, 'keyId', 'key-1')
      WHEN k < 960 THEN json_build_object('kind', 'user', 'userId', author)
      WHEN k < 990 THEN json_build_object('kind', 'schedule', 'scheduleId', 'nightly')
      WHEN k < 999 THEN json_build_object('kind', 'webhook', 'deliveryId', 'd-' || n)
      ELSE json_build_object('kind', 'system') END,
    1, 6, at, at, at, CASE WHEN status <> 'queued' THEN at END,
    CASE WHEN status NOT IN ('queued', 'running', 'waiting') THEN at + interval '3 seconds' END
  FROM shaped, LATERAL (SELECT to_timestamp(ms / 1000.0) AS at) AS moment`;
