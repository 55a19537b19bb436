import { toGantryError } from '../../base/errors.ts';
import type { Check } from '../../contract/system.ts';
import { checkDatabase } from '../database-check.ts';

/** Whether the database answers, and keeps what it confirms; one that is embedded and not started is in order. */
export async function lookAtDatabase(databaseUrl: string | undefined, dataDir: string): Promise<Check[]> {
  const name = 'database';
  try {
    const { kind, running, version, durable } = await checkDatabase({ url: databaseUrl, dataDir });
    if (!running) return [{ name, state: 'ok', detail: 'embedded PostgreSQL; it starts with `gantry up`' }];
    const detail = `${kind} PostgreSQL ${version}`;
    if (durable) return [{ name, state: 'ok', detail }];
    const remedy = 'It may lose what it has confirmed: set fsync = on in its configuration.';
    return [{ name, state: 'gap', detail: `${detail}, fsync is off`, remedy }];
  } catch (thrown) {
    const remedy =
      databaseUrl === undefined
        ? 'Look at `gantry logs`, or start again with `gantry up`.'
        : 'Check GANTRY_DATABASE_URL, and that PostgreSQL runs there.';
    return [{ name, state: 'missing', detail: toGantryError(thrown).message, remedy }];
  }
}
