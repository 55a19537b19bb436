import { GantryError } from '../../base/errors.ts';

const unusable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'ELOOP', 'ENAMETOOLONG']);

/** The `code` of a system or PostgreSQL error (`ENOSPC`, `57P03`), or an empty text. */
export function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  return typeof thrown.code === 'string' ? thrown.code : '';
}

/** What a failed file operation below `dataDir` means: DISK_FULL, DATA_DIR_UNUSABLE or DATABASE_FAILED. */
export function explainFileError(thrown: unknown, dataDir: string): GantryError {
  if (thrown instanceof GantryError) return thrown;
  const code = codeOf(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(dataDir, thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  if (unusable.has(code)) {
    const message = `The data directory ${dataDir} cannot be used (${reason}). Make it writable for this user, or name another one with GANTRY_DATA_DIR.`;
    return new GantryError('DATA_DIR_UNUSABLE', message, { cause: thrown });
  }
  return new GantryError('DATABASE_FAILED', `The embedded database could not be prepared: ${reason}`, {
    cause: thrown,
  });
}

/** What the last lines of PostgreSQL's own output mean when it didn't start; `doing` completes "PostgreSQL failed ...". */
export function explainOutput(output: string, dataDir: string, doing: string): GantryError {
  const last = lastProblem(output);
  if (/No space left on device|Disk quota exceeded/.test(output)) return diskFull(dataDir, last);
  if (/Permission denied|Read-only file system|has invalid permissions|has wrong ownership/.test(output)) {
    const message = `The data directory ${dataDir} cannot be used by PostgreSQL (${last}). Give it back to the user that owns ${dataDir}/postgres/cluster, or name another one with GANTRY_DATA_DIR.`;
    return new GantryError('DATA_DIR_UNUSABLE', message, { cause: output });
  }
  const message = `PostgreSQL failed ${doing}: ${last || 'it said nothing'}. See ${dataDir}/postgres/postgres.log.`;
  return new GantryError('DATABASE_FAILED', message, { cause: output });
}

function diskFull(dataDir: string, cause: unknown): GantryError {
  return new GantryError(
    'DISK_FULL',
    `The disk that holds ${dataDir} is full. Free some space and start again.`,
    { cause },
  );
}

function lastProblem(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const telling = lines.filter((line) => /FATAL|PANIC|error:|could not/.test(line));
  const line = telling.at(-1) ?? lines.at(-1) ?? '';
  return line.replace(/^.*?(FATAL|PANIC|error):\s*/, '');
}
