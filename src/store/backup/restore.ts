import { Client, escapeIdentifier } from 'pg';
import { GantryError } from '../../base/errors.ts';
import { migrate, migrationLock } from '../migrate.ts';
import { copyIn } from './copy.ts';
import { type Manifest, manifestName } from './manifest.ts';
import { checkBackup, entriesOf, unreadable } from './read-backup.ts';
import {
  appliedMigrations,
  createSchema,
  dropEverything,
  dropForeignKeys,
  listTables,
  qualified,
} from './schema.ts';
import { knownMigrations, type Migration } from '../migration-files.ts';
import type { TarEntry } from './tar.ts';

export interface RestoreOptions {
  /** A direct address of the database; the whole restore is one transaction. */
  readonly url: string;
  readonly file: string;
  /** Replaces what the database holds. Without it only an empty one is filled. */
  readonly force?: boolean;
  readonly onProgress?: (text: string) => void;
}

/**
 * Puts a backup into a database, all of it or nothing, and brings its schema to the present version.
 * Throws NOT_FOUND (no such file), BACKUP_UNREADABLE, or CONFLICT: the database holds something and `force` is not
 * given, it is not Gantry's, or a Gantry works on it now.
 */
export async function restoreFrom(options: RestoreOptions): Promise<Manifest> {
  const onProgress = options.onProgress ?? (() => undefined);
  onProgress('Checking the backup');
  const manifest = await checkBackup(options.file);
  const migrations = migrationsOf(manifest, options);
  await withClient(options.url, async (client) => {
    await client.query('BEGIN');
    await requireFree(client, options.force ?? false);
    await dropEverything(client);
    await createSchema(client, migrations);
    await fill(client, options.file, manifest, onProgress);
    await client.query('COMMIT');
  });
  onProgress('Bringing the schema up to date');
  await migrate({ connect: () => connect(options.url) });
  await withClient(options.url, (client) => client.query('ANALYZE'));
  return manifest;
}

/** The migrations that made the backup's schema, out of those that this Gantry knows. */
function migrationsOf(manifest: Manifest, options: RestoreOptions): Migration[] {
  const known = knownMigrations();
  const wanted = new Set(manifest.migrations.map(({ hash }) => hash));
  const found = known.filter(({ hash }) => wanted.has(hash));
  if (found.length === wanted.size) return found;
  const reason = `it was made by Gantry ${manifest.gantryVersion}, whose database this version does not know. Update Gantry first`;
  throw unreadable(options.file, reason);
}

async function requireFree(client: Client, force: boolean): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(${migrationLock})`);
  const others = await client.query<{ n: number }>(`
    SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'gantry%'`);
  if (others.rows[0]?.n) {
    throw new GantryError(
      'CONFLICT',
      'A Gantry works on this database. Stop it (gantry down, and every worker), then restore again.',
    );
  }
  const tables = await listTables(client);
  if (tables.length > 0 && (await appliedMigrations(client)).length === 0) {
    const message = `The database holds tables that are not Gantry's (${tables[0]?.name}, ...). Restore into a database of its own.`;
    throw new GantryError('CONFLICT', message);
  }
  if (force) return;
  for (const { name } of tables) {
    if (name === 'migrations') continue;
    const { rowCount } = await client.query(`SELECT 1 FROM ${qualified(name)} LIMIT 1`);
    if (!rowCount) continue;
    const message = `The database is not empty (there are rows in ${name}). Restore into an empty one, or replace everything in it with --force.`;
    throw new GantryError('CONFLICT', message);
  }
}

async function fill(
  client: Client,
  path: string,
  manifest: Manifest,
  onProgress: (text: string) => void,
): Promise<void> {
  await client.query(`SET LOCAL datestyle = 'ISO'`);
  await client.query(`SET LOCAL intervalstyle = 'postgres'`);
  await client.query(`SET LOCAL client_encoding = 'UTF8'`);
  const foreignKeys = await dropForeignKeys(client);
  const entries = cursorOf(entriesOf(path));
  for (const table of manifest.tables) {
    onProgress(`Restoring ${table.name}`);
    await client.query(`DELETE FROM ${qualified(table.name)}`);
    const columns = table.columns.map(escapeIdentifier).join(', ');
    const statement = `COPY ${qualified(table.name)} (${columns}) FROM STDIN`;
    const rows = await copyIn(client, statement, entries.while(`tables/${table.name}/`));
    if (rows !== table.rows) {
      throw new GantryError(
        'INTERNAL',
        `${rows} of ${table.rows} rows of ${table.name} went in. Nothing was changed.`,
      );
    }
  }
  for (const statement of foreignKeys) await client.query(statement);
  for (const { name, value, called } of manifest.sequences) {
    await client.query('SELECT setval($1::regclass, $2, $3)', [qualified(name), value, called]);
  }
}

/** Hands out the entries of one folder after the other, in the order of the archive. */
function cursorOf(entries: AsyncGenerator<TarEntry>) {
  let next: Promise<IteratorResult<TarEntry>> | undefined;
  async function* take(folder: string): AsyncGenerator<Buffer> {
    for (;;) {
      next ??= entries.next();
      const { done, value } = await next;
      if (done || value.name === manifestName || !value.name.startsWith(folder)) return;
      next = undefined;
      yield value.data;
    }
  }
  return { while: take };
}

async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = await connect(url);
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'gantry restore' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
