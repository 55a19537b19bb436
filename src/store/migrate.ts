import type { Database, Session } from './database.ts';
import { knownMigrations, type Migration } from './migration-files.ts';

/** Advisory lock of whoever changes the schema. */
export const migrationLock = 7_070_001;

/**
 * Brings the schema to this version. Safe with any number of processes starting at once: the first does the work under
 * a session lock, the others wait and find nothing left to do. Each migration is one transaction, its record included.
 */
export async function migrate(database: Pick<Database, 'connect'>): Promise<void> {
  const session = await database.connect('gantry migrate');
  try {
    await session.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await session.query(
      'CREATE TABLE IF NOT EXISTS public.migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)',
    );
    const { rows } = await session.query<{ last: number }>(
      'SELECT coalesce(max(created_at), 0) AS last FROM public.migrations',
    );
    const last = Number(rows[0]?.last ?? 0);
    for (const migration of knownMigrations())
      if (migration.createdAt > last) await apply(session, migration);
  } finally {
    await session.end();
  }
}

async function apply(session: Session, { sql, hash, createdAt }: Migration): Promise<void> {
  await session.query('BEGIN');
  for (const statement of sql) await session.query(statement);
  await session.query('INSERT INTO public.migrations (hash, created_at) VALUES ($1, $2)', [hash, createdAt]);
  await session.query('COMMIT');
}
