import { hash } from 'node:crypto';
import { GantryError } from '../base/errors.ts';
import { isId, newId } from '../base/ids.ts';
import type { RunFile } from '../contract/file.ts';
import type { StepOwner } from '../kernel/context.ts';
import { RunLost } from '../kernel/errors.ts';
import type { Database, Queryable } from '../store/database.ts';
import { mediaTypeOf } from './media-type.ts';
import type { OutputFile } from './ports/sandbox.ts';

const pieceBytes = 512 * 1024;

/**
 * Files that runs leave behind, stored with the run and deleted with it. Steps save them, the API hands them out; who may
 * see a run may see its files.
 */
export interface Artifacts {
  /**
   * Stores what a step left, in place of what an earlier try of it stored: all or nothing. Throws RunLost when another
   * worker owns the run by now.
   */
  save(owner: StepOwner, files: AsyncIterable<OutputFile>): Promise<RunFile[]>;
  list(runId: string): Promise<RunFile[]>;
  /** NOT_FOUND when the run has no such file. */
  get(runId: string, fileId: string): Promise<RunFile>;
  /** The content, in pieces that are read one after another. */
  read(fileId: string): AsyncIterable<Uint8Array>;
}

/** `opened` is asked at each use: capabilities are made before the database is there. */
export function createArtifacts(opened: () => Database | undefined): Artifacts {
  const db = (): Database => {
    const database = opened();
    if (!database) throw new GantryError('DATABASE_UNREACHABLE', 'The database is not open yet.');
    return database;
  };
  return {
    save: (owner, files) => db().transaction((tx) => save(tx, owner, files)),
    list: (runId) =>
      db().query<RunFile>(
        `${columns} WHERE run_id = $1 ORDER BY step, ordinal, position`,
        [runId],
        'list_artifacts',
      ),
    get: async (runId, fileId) => {
      const [file] = isId(fileId)
        ? await db().query<RunFile>(
            `${columns} WHERE run_id = $1 AND id = $2`,
            [runId, fileId],
            'get_artifact',
          )
        : [];
      if (!file) throw new GantryError('NOT_FOUND', 'The run has no such file.');
      return file;
    },
    read: (fileId) => read(db(), fileId),
  };
}

const columns = 'SELECT id, name, bytes, media_type AS "mediaType", sha256 FROM artifacts';

async function save(tx: Queryable, owner: StepOwner, files: AsyncIterable<OutputFile>): Promise<RunFile[]> {
  const { runId, step, ordinal, claim, workerId } = owner;
  // Held to the end: a run that is being taken over waits, and whoever had it before finds it gone.
  const [owned] = await tx.query(
    `SELECT id FROM runs WHERE id = $1 AND claim = $2 AND worker_id = $3 AND status = 'running' FOR SHARE`,
    [runId, claim, workerId],
    'own_artifacts',
  );
  if (!owned) throw new RunLost(`Another worker owns run ${runId}.`);
  const gone = await tx.query<{ id: string }>(
    'DELETE FROM artifacts WHERE run_id = $1 AND step = $2 AND ordinal = $3 RETURNING id',
    [runId, step, ordinal],
  );
  if (gone.length > 0)
    await tx.query('DELETE FROM artifact_chunks WHERE artifact_id = ANY($1::uuid[])', [
      gone.map(({ id }) => id),
    ]);
  const saved: RunFile[] = [];
  for await (const file of files) saved.push(await saveOne(tx, owner, saved.length, file));
  return saved;
}

async function saveOne(
  tx: Queryable,
  { runId, step, ordinal }: StepOwner,
  position: number,
  { name, content }: OutputFile,
): Promise<RunFile> {
  const file = {
    id: newId(),
    name,
    bytes: content.length,
    mediaType: mediaTypeOf(content),
    sha256: hash('sha256', content),
  };
  await tx.query(
    `INSERT INTO artifacts (id, run_id, step, ordinal, position, name, bytes, media_type, sha256)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [file.id, runId, step, ordinal, position, name, file.bytes, file.mediaType, file.sha256],
    'save_artifact',
  );
  for (let at = 0, n = 0; at < content.length; at += pieceBytes, n += 1) {
    const piece = content.subarray(at, at + pieceBytes);
    await tx.query(
      'INSERT INTO artifact_chunks (artifact_id, n, run_id, data) VALUES ($1, $2, $3, $4)',
      [file.id, n, runId, piece],
      'save_chunk',
    );
  }
  return file;
}

async function* read(db: Queryable, fileId: string): AsyncGenerator<Uint8Array> {
  for (let n = 0; ; n += 1) {
    const [piece] = await db.query<{ data: Buffer }>(
      'SELECT data FROM artifact_chunks WHERE artifact_id = $1 AND n = $2',
      [fileId, n],
      'read_chunk',
    );
    if (!piece) return;
    yield piece.data;
  }
}
