import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { GantryError } from '../../base/errors.ts';
import { type Manifest, manifestName, manifestSchema, tableFolder } from './manifest.ts';
import { readTar, type TarEntry } from './tar.ts';

/** The files of a backup from its beginning. */
export function entriesOf(path: string): AsyncGenerator<TarEntry> {
  // Errors reach the reader through the last stream of the pipeline.
  return readTar(pipeline(createReadStream(path), createGunzip(), () => undefined));
}

/**
 * Reads a whole backup and compares every table with the manifest at its end.
 * Throws NOT_FOUND, or BACKUP_UNREADABLE when the file is no backup, is damaged or ends too early.
 */
export async function checkBackup(path: string): Promise<Manifest> {
  const sums = new Map<string, ReturnType<typeof createHash>>();
  let manifest: Manifest | undefined;
  try {
    for await (const { name, data } of entriesOf(path)) {
      if (name === manifestName) {
        manifest = manifestSchema.parse(JSON.parse(data.toString('utf8')));
        continue;
      }
      const folder = name.slice(0, name.lastIndexOf('/') + 1);
      const sum = sums.get(folder) ?? createHash('sha256');
      sums.set(folder, sum.update(data));
    }
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) {
      throw new GantryError(
        'NOT_FOUND',
        `The backup ${path} cannot be read (${cause.message}). Check its name.`,
        { cause },
      );
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unreadable(path, `it is damaged or not a backup of Gantry (${reason})`, cause);
  }
  if (!manifest) throw unreadable(path, 'it ends before its manifest');
  for (const table of manifest.tables) {
    const folder = tableFolder(table.name);
    const sum = (sums.get(folder) ?? createHash('sha256')).digest('hex');
    if (sum !== table.sha256)
      throw unreadable(path, `the rows of ${table.name} are not those that were saved`);
    sums.delete(folder);
  }
  const [stray] = sums.keys();
  if (stray !== undefined) throw unreadable(path, `it holds ${stray}, which its manifest does not name`);
  return manifest;
}

export function unreadable(path: string, reason: string, cause?: unknown): GantryError {
  const message = `${path} cannot be restored: ${reason}. Nothing was changed; use another backup.`;
  return new GantryError('BACKUP_UNREADABLE', message, { cause });
}
