import type { Logger } from '../base/logger.ts';
import type { Config } from '../config.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { startEmbedded } from '../store/embedded/start.ts';
import { openListener, type Listener } from '../store/listen.ts';
import { migrate } from '../store/migrate.ts';
import { assertSessions } from '../store/session-check.ts';

/** All of Gantry's store in one place: the pool, the listening connection, and the server below if it is ours. */
export interface Store {
  readonly db: Database;
  readonly listener: Listener;
}

/** Opens the store as it is configured, up to date; `progress` is told what takes long. */
export async function openStore(
  config: Config,
  logger: Logger,
  progress: (text: string) => void,
  started: AsyncDisposableStack,
): Promise<Store> {
  let url = config.databaseUrl;
  if (url === undefined) {
    progress('starting PostgreSQL');
    const embedded = await startEmbedded({ dataDir: config.dataDir, logger, onProgress: progress });
    started.defer(() => embedded.stop());
    url = embedded.url;
  }
  const db = openDatabase({
    url,
    sessionUrl: config.databaseSessionUrl,
    poolSize: config.databasePoolSize,
    onError: (error) => logger.debug({ err: error }, 'a pooled connection failed'),
  });
  started.defer(() => db.close());
  const listener = await openListener(db, logger);
  started.defer(() => listener.close());
  if (config.databaseUrl !== undefined) await assertSessions(db, listener);
  progress('bringing the database up to date');
  await migrate(db);
  return { db, listener };
}
