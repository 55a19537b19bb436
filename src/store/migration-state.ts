import type { Queryable } from './database.ts';
import { knownMigrations } from './migration-files.ts';

/** How far the schema has come: migrations that this database has been through, of those that this Gantry knows. */
export async function migrationState(
  db: Queryable,
): Promise<{ applied: number; known: number; latest: string | null }> {
  const [row] = await db.query<{ applied: number; latest: number | null }>(
    'SELECT count(*) AS applied, max(created_at) AS latest FROM public.migrations',
  );
  const known = knownMigrations();
  const latest = known.find(({ createdAt }) => createdAt === row?.latest);
  return { applied: row?.applied ?? 0, known: known.length, latest: latest?.name ?? null };
}
