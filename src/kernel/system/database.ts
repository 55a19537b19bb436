import type { DatabaseView, RetentionRun } from '../../contract/system.ts';
import type { Database } from '../../store/database.ts';
import { migrationState } from '../../store/migration-state.ts';
import { expireBatch } from '../retention.ts';

const countedDue = 10_000;

/** What the database holds and how it stands. Figures of tables are PostgreSQL's own; nothing is counted row by row. */
export async function readDatabase(
  db: Database,
  kind: DatabaseView['kind'],
  retentionDays: number,
): Promise<DatabaseView> {
  const [[about], tables, retention, migrations, [backup]] = await Promise.all([
    db.query<{
      version: string;
      bytes: number;
      used: number;
      most: number;
      own: number;
      oldest: Date | null;
    }>(aboutSql),
    db.query<{ name: string; bytes: number; rows: number }>(tablesSql),
    readRetention(db, retentionDays),
    migrationState(db),
    db.query<{ at: Date; file: string; bytes: number; version: string }>(
      'SELECT at, file, bytes, version FROM backups ORDER BY at DESC LIMIT 1',
    ),
  ]);
  return {
    kind,
    version: about?.version ?? 'unknown',
    bytes: about?.bytes ?? 0,
    tables,
    connections: { used: about?.used ?? 0, limit: about?.most ?? 0, own: about?.own ?? 0 },
    migrations,
    oldestRun: about?.oldest?.toISOString() ?? null,
    retention,
    lastBackup: backup ? { ...backup, at: backup.at.toISOString() } : null,
  };
}

async function readRetention(db: Database, days: number): Promise<DatabaseView['retention']> {
  if (days === 0) return { days, due: 0, next: null };
  const [row] = await db.query<{ due: number; next: Date | null }>(
    `SELECT (SELECT count(*) FROM (SELECT FROM runs WHERE finished_at < now() - $1 * interval '1 day' LIMIT $2) AS old) AS due,
       (SELECT min(finished_at) + $1 * interval '1 day' FROM runs WHERE finished_at >= now() - $1 * interval '1 day') AS next`,
    [days, countedDue],
  );
  return { days, due: row?.due ?? 0, next: row?.next?.toISOString() ?? null };
}

/** Deletes what is too old now, for `patienceMs` at most. */
export async function expireNow(db: Database, days: number, patienceMs: number): Promise<RetentionRun> {
  const end = performance.now() + patienceMs;
  let deleted = 0;
  for (;;) {
    const batch = await expireBatch(db, days);
    deleted += batch;
    if (batch === 0) return { deleted, more: false };
    if (performance.now() > end) return { deleted, more: true };
  }
}

const aboutSql = `
  SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS bytes,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
    current_setting('max_connections')::int AS most,
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'gantry%') AS own,
    (SELECT created_at FROM runs ORDER BY id LIMIT 1) AS oldest`;

const tablesSql = `
  SELECT relname AS name, pg_total_relation_size(oid) AS bytes, greatest(0, reltuples)::float AS rows
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 2 DESC, 1`;
