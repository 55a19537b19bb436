import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Logger } from '../base/logger.ts';
import { backupTo } from '../store/backup/backup.ts';
import type { Manifest } from '../store/backup/manifest.ts';
import { openDatabase } from '../store/database.ts';
import { restoreFrom } from '../store/backup/restore.ts';
import { startEmbedded } from '../store/embedded/start.ts';
import { recordCommand } from './command-line-act.ts';

export interface BackupPlace {
  /** The external database; without it the embedded one of `dataDir` is meant, which is started if need be. */
  readonly databaseUrl: string | undefined;
  /** Its direct address, when `databaseUrl` goes through a pooler. */
  readonly databaseSessionUrl: string | undefined;
  readonly dataDir: string;
  readonly file: string;
  readonly logger: Logger;
  readonly onProgress: (text: string) => void;
}

export interface BackupSummary {
  readonly file: string;
  readonly bytes: number;
  readonly rows: number;
  readonly createdAt: string;
  readonly gantryVersion: string;
}

/** Saves everything in the database to one file; Gantry may go on working. Throws what `backupTo` throws. */
export async function backup(place: BackupPlace, gantryVersion: string): Promise<BackupSummary> {
  const { file, onProgress } = place;
  return withDatabase(place, async (url) => {
    const made = summary(file, await backupTo({ url, file, gantryVersion, onProgress }));
    await recordCommand(url, 'backup', 'Save everything to a file', { file: made.file })
      .then(() => remember(url, made))
      .catch((error: unknown) =>
        place.logger.warn({ err: error }, 'could not write down that a backup was made'),
      );
    return made;
  });
}

/** So that a page can say when the last one was made. The schema may be older than this Gantry, and have no place for it. */
async function remember(
  url: string,
  { file, bytes, createdAt, gantryVersion }: BackupSummary,
): Promise<void> {
  const database = openDatabase({ url, poolSize: 1, onError: () => undefined });
  try {
    await database.query(
      'INSERT INTO backups (at, file, bytes, version) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [createdAt, file, bytes, gantryVersion],
    );
  } finally {
    await database.close();
  }
}

/** Brings back what a backup holds, all of it or nothing. No Gantry may run. Throws what `restoreFrom` throws. */
export async function restore(place: BackupPlace, force: boolean): Promise<BackupSummary> {
  const { file, onProgress } = place;
  return withDatabase(place, async (url) => {
    const restored = summary(file, await restoreFrom({ url, file, force, onProgress }));
    const { createdAt } = restored;
    await recordCommand(url, 'restore', 'Bring back what a backup holds', { file: restored.file, createdAt });
    return restored;
  });
}

async function withDatabase<T>(place: BackupPlace, work: (url: string) => Promise<T>): Promise<T> {
  const external = place.databaseSessionUrl ?? place.databaseUrl;
  if (external !== undefined) return work(external);
  const { dataDir, logger, onProgress } = place;
  const embedded = await startEmbedded({ dataDir, logger, onProgress });
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}

function summary(file: string, manifest: Manifest): BackupSummary {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const { createdAt, gantryVersion } = manifest;
  return { file: resolve(file), bytes: statSync(file).size, rows, createdAt, gantryVersion };
}
