import { join } from 'node:path';
import { formatBytes } from '../base/format-bytes.ts';
import { GantryError } from '../base/errors.ts';
import { createLogger } from '../base/logger.ts';
import type { Config } from '../config.ts';
import type { BackupPlace } from '../resources/backup.ts';
import { answer, type Cli } from './cli.ts';
import { openLogFile } from './log-file.ts';
import { openProgress, type Progress } from './progress.ts';

/** Saves everything to a file and says where the master key is, which is not in it. */
export async function saveBackup(cli: Cli, file: string | undefined): Promise<void> {
  const config = await cli.config();
  const { backup } = await import('../resources/backup.ts');
  const { version } = await import('../base/version.ts');
  const saved = await withProgress(cli, (progress) =>
    backup(placeOf(config, file ?? defaultName(), progress), version()),
  );
  const masterKey = masterKeyPlace(config);
  answer(cli, { ...saved, masterKey }, () =>
    [
      `Saved ${saved.rows} rows to ${saved.file} (${formatBytes(saved.bytes)}).`,
      `The master key is not in it: keep ${masterKey} in another safe place. Without it no secret can be opened.`,
    ].join('\n'),
  );
}

/** Puts a backup back. CONFLICT while a server runs here. */
export async function restoreBackup(cli: Cli, file: string, force: boolean): Promise<void> {
  const config = await cli.config();
  const { findRunning } = await import('./running.ts');
  if (await findRunning(config.dataDir)) {
    throw new GantryError('CONFLICT', 'A Gantry runs here. Stop it with `gantry down`, then restore again.');
  }
  const { restore } = await import('../resources/backup.ts');
  const restored = await withProgress(cli, (progress) => restore(placeOf(config, file, progress), force));
  const masterKey = masterKeyPlace(config);
  answer(cli, { ...restored, masterKey }, () =>
    [
      `Restored ${restored.rows} rows as of ${restored.createdAt}.`,
      `Secrets need the master key that sealed them: put it at ${masterKey} if it is not there.`,
    ].join('\n'),
  );
}

function placeOf(config: Config, file: string, progress: Progress): BackupPlace {
  const { databaseUrl, databaseSessionUrl, dataDir, logLevel } = config;
  const logger = createLogger(logLevel, openLogFile(dataDir) ?? undefined);
  return {
    databaseUrl,
    databaseSessionUrl,
    dataDir,
    file,
    logger,
    onProgress: (text) => progress.step(text),
  };
}

async function withProgress<T>(cli: Cli, work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = openProgress(cli.terminal.stderr);
  try {
    return await work(progress);
  } finally {
    progress.end();
  }
}

/** Where the key is, as the configuration has it; never the key itself. */
function masterKeyPlace(config: Config): string {
  return config.masterKey === undefined
    ? join(config.dataDir, 'master.key')
    : 'the key that GANTRY_MASTER_KEY gives';
}

function defaultName(): string {
  return `gantry-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.tar.gz`;
}
