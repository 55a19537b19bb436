import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Client, escapeIdentifier } from 'pg';
import { GantryError } from '../../base/errors.ts';
import { newToken } from '../../base/ids.ts';
import { migrationLock } from '../migrate.ts';
import { copyOut } from './copy.ts';
import { type Manifest, manifestName, tableFolder } from './manifest.ts';
import { appliedMigrations, listSequences, listTables, qualified, type TableShape } from './schema.ts';
import { tarEnd, tarEntry } from './tar.ts';

export interface BackupOptions {
  /** A direct address of the database; the copy is one long transaction. */
  readonly url: string;
  /** Where the backup goes; a file of that name is replaced when the backup is complete. */
  readonly file: string;
  readonly gantryVersion: string;
  readonly onProgress?: (text: string) => void;
}

const pieceBytes = 4 * 1024 * 1024;

/**
 * Writes everything in the database, as of one moment, into a .tar.gz that only its owner can read. Gantry may go on
 * working meanwhile. Throws CONFLICT (not a Gantry database), DISK_FULL, DATA_DIR_UNUSABLE (the place can't be written).
 */
export async function backupTo(options: BackupOptions): Promise<Manifest> {
  const temporary = `${options.file}.${newToken(6)}.tmp`;
  const client = new Client({ connectionString: options.url, application_name: 'gantry backup' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await beginSnapshot(client);
    const manifest = await describe(client, options.gantryVersion);
    const archive = Readable.from(archiveOf(client, manifest, options.onProgress ?? (() => undefined)));
    const output = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(archive, createGzip({ level: 4 }), output);
    await rename(temporary, options.file);
    await syncDirectory(dirname(options.file));
    return manifest;
  } catch (error) {
    throw explain(error, options.file);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
    await client.end();
  }
}

async function beginSnapshot(client: Client): Promise<void> {
  // Before the transaction, whose first statement fixes what it sees: no migration may come in between.
  await client.query(`SELECT pg_advisory_lock_shared(${migrationLock})`);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await client.query(`SET LOCAL datestyle = 'ISO'`);
  await client.query(`SET LOCAL intervalstyle = 'postgres'`);
  await client.query(`SET LOCAL timezone = 'UTC'`);
  await client.query(`SET LOCAL extra_float_digits = 1`);
  await client.query(`SET LOCAL client_encoding = 'UTF8'`);
}

async function describe(client: Client, gantryVersion: string): Promise<Manifest> {
  const migrations = await appliedMigrations(client);
  if (migrations.length === 0) {
    throw new GantryError(
      'CONFLICT',
      'The database holds no Gantry yet, so there is nothing to back up. Run gantry up first.',
    );
  }
  const version = await client.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  );
  return {
    format: 'gantry-backup',
    formatVersion: 1,
    gantryVersion,
    postgresVersion: version.rows[0]?.version ?? '',
    createdAt: new Date().toISOString(),
    migrations,
    tables: (await listTables(client)).map((table) => ({
      ...table,
      columns: [...table.columns],
      rows: 0,
      bytes: 0,
      sha256: '',
    })),
    sequences: await listSequences(client),
  };
}

/** The bytes of the archive; counts and sums go into `manifest` as the tables pass, and it comes last. */
async function* archiveOf(
  client: Client,
  manifest: Manifest,
  onProgress: (text: string) => void,
): AsyncGenerator<Buffer> {
  for (const table of manifest.tables) {
    onProgress(`Saving ${table.name}`);
    const sum = createHash('sha256');
    let piece = 0;
    for await (const data of piecesOf(copyOut(client, copyStatement(table)))) {
      sum.update(data);
      table.bytes += data.length;
      table.rows += countLines(data);
      piece += 1;
      yield tarEntry({ name: `${tableFolder(table.name)}${String(piece).padStart(6, '0')}.copy`, data });
    }
    table.sha256 = sum.digest('hex');
  }
  await client.query('COMMIT');
  yield tarEntry({ name: manifestName, data: Buffer.from(JSON.stringify(manifest, undefined, 2)) });
  yield tarEnd();
}

function copyStatement(table: TableShape): string {
  return `COPY ${qualified(table.name)} (${table.columns.map(escapeIdentifier).join(', ')}) TO STDOUT`;
}

async function* piecesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    bytes += chunk.length;
    if (bytes < pieceBytes) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held);
}

/** In PostgreSQL's text format a line feed ends a row; one inside a value is written as a backslash and an n. */
function countLines(data: Buffer): number {
  let lines = 0;
  for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, at + 1)) lines += 1;
  return lines;
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().catch(() => undefined);
  await handle.close();
}

function explain(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof GantryError) return error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return new GantryError(
      'DISK_FULL',
      `The disk that holds ${file} is full. Nothing was left there; free some space and try again.`,
      { cause: error },
    );
  }
  if (['ENOENT', 'EACCES', 'EROFS', 'EPERM', 'ENOTDIR', 'EISDIR'].includes(String(error.code))) {
    return new GantryError(
      'DATA_DIR_UNUSABLE',
      `The backup cannot be written to ${file} (${error.message}). Name a file in a directory that you can write.`,
      { cause: error },
    );
  }
  return error;
}
