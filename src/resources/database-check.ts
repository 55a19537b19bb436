import { realpath } from 'node:fs/promises';
import { openDatabase } from '../store/database.ts';
import { readPassword } from '../store/embedded/cluster.ts';
import { urlOf } from '../store/embedded/endpoint.ts';
import { pathsBelow } from '../store/embedded/paths.ts';
import { findRunning } from '../store/embedded/postmaster.ts';

export interface DatabaseState {
  readonly kind: 'embedded' | 'external';
  /** False for an embedded database that isn't started; nothing else is known of it. */
  readonly running: boolean;
  readonly version?: string;
  /** False when PostgreSQL may forget what it has confirmed (`fsync = off`). */
  readonly durable?: boolean;
}

/**
 * Looks at the database without starting it: the external one of `url`, or the embedded one of `dataDir`. Throws
 * DATABASE_UNREACHABLE when it should answer and doesn't.
 */
export async function checkDatabase(options: {
  readonly url: string | undefined;
  readonly dataDir: string;
}): Promise<DatabaseState> {
  if (options.url !== undefined) return ask('external', options.url);
  const paths = pathsBelow(await realpath(options.dataDir).catch(() => options.dataDir));
  const server = await findRunning(paths);
  if (!server) return { kind: 'embedded', running: false };
  return ask('embedded', urlOf(server.endpoint, await readPassword(paths)));
}

async function ask(kind: DatabaseState['kind'], url: string): Promise<DatabaseState> {
  const database = openDatabase({ url, poolSize: 1, onError: () => undefined });
  try {
    const [row] = await database.query<{ version: string; fsync: string }>(
      "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync",
    );
    return { kind, running: true, version: row?.version ?? 'unknown', durable: row?.fsync === 'on' };
  } finally {
    await database.close();
  }
}
