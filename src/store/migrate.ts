import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import type { Database } from './database.ts';

const folder = fileURLToPath(new URL('./migrations', import.meta.url));
const lockKey = 7_070_001;

/**
 * Brings the schema to this version. Safe with any number of processes starting at once: the first does the work under
 * a session lock, the others wait and find nothing left to do.
 */
export async function migrate(database: Pick<Database, 'connect'>): Promise<void> {
  const client = await database.connect('gantry migrate');
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    await applyMigrations(drizzle(client), {
      migrationsFolder: folder,
      migrationsSchema: 'public',
      migrationsTable: 'migrations',
    });
  } finally {
    await client.end();
  }
}
