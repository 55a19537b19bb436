import { GantryError } from '../../base/errors.ts';
import { isId, newId } from '../../base/ids.ts';
import type { StepOwner } from '../../kernel/context.ts';
import { RunLost } from '../../kernel/errors.ts';
import type { Database, Queryable } from '../../store/database.ts';

const pieceBytes = 512 * 1024;
/** An upload that no run uses by then is deleted. */
const unusedHours = 24;

/** A stored checkpoint: what leads from the one before to its commit. */
export interface StoredCheckpoint {
  readonly id: string;
  readonly commit: string;
  readonly bytes: number;
  /** How many have to be read before it. */
  readonly depth: number;
}

/** Git bundles in the database. Nothing here looks into them. */
export interface Bundles {
  /** Stores what somebody sends. BODY_TOO_LARGE over `mostBytes`, LIMIT_REACHED when their uploads take too much. */
  upload(
    ownerId: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly id: string; readonly bytes: number }>;
  /** Lets a run use an upload of its own user, from now on as long as there is the run. NOT_FOUND for any other. */
  use(bundleId: string, runId: string): Promise<void>;
  /** The content, in pieces that are read one after another. */
  read(bundleId: string): AsyncIterable<Uint8Array>;
  /** Keeps a checkpoint with its run. Throws RunLost when another worker owns the run by now. */
  save(
    owner: StepOwner,
    checkpoint: { readonly commit: string; readonly before: string | null; readonly depth: number },
    content: Buffer,
  ): Promise<void>;
  /** All that leads to a commit, the earliest first; kept with the run from now on. NOT_FOUND when a part is gone. */
  chain(owner: StepOwner, commit: string): Promise<StoredCheckpoint[]>;
  /** Deletes uploads that were never finished, or not used in time. */
  expire(): Promise<void>;
}

export interface BundleLimits {
  readonly mostBytes: number;
  /** Of all unused uploads of one person. */
  readonly perOwnerBytes: number;
}

export function createBundles(db: Database, limits: BundleLimits): Bundles {
  return {
    upload: (ownerId, content) => upload(db, limits, ownerId, content),
    use: (bundleId, runId) => use(db, bundleId, runId),
    read: (bundleId) => read(db, bundleId),
    save: (owner, checkpoint, content) =>
      db.transaction(async (tx) => {
        await own(tx, owner);
        const { commit, before, depth } = checkpoint;
        const [there] = await tx.query('SELECT id FROM bundles WHERE run_id = $1 AND commit = $2', [
          owner.runId,
          commit,
        ]);
        if (there) return;
        const id = newId();
        await tx.query(
          `INSERT INTO bundles (id, run_id, step, ordinal, commit, before, depth, complete, bytes)
           VALUES ($1, $2, $3, $4, $5, $6, $7, true, $8)`,
          [id, owner.runId, owner.step, owner.ordinal, commit, before, depth, content.length],
          'save_bundle',
        );
        for (let at = 0, n = 0; at < content.length; at += pieceBytes, n += 1)
          await insertPiece(tx, id, n, content.subarray(at, at + pieceBytes));
      }),
    chain: (owner, commit) => chain(db, owner, commit),
    expire: () => expire(db),
  };
}

async function upload(
  db: Database,
  { mostBytes, perOwnerBytes }: BundleLimits,
  ownerId: string,
  content: AsyncIterable<Uint8Array>,
): Promise<{ id: string; bytes: number }> {
  await expire(db);
  const id = newId();
  await db.query('INSERT INTO bundles (id, owner_id) VALUES ($1, $2)', [id, ownerId]);
  let bytes = 0;
  let n = 0;
  try {
    for await (const piece of inPieces(content)) {
      bytes += piece.length;
      if (bytes > mostBytes)
        throw new GantryError(
          'BODY_TOO_LARGE',
          `The bundle is larger than ${mib(mostBytes)} MiB. Send less history, or connect the repository.`,
        );
      // Written down before the piece, so that uploads at the same time see each other.
      await db.query('UPDATE bundles SET bytes = $2 WHERE id = $1', [id, bytes]);
      if ((await unusedBytes(db, ownerId)) > perOwnerBytes)
        throw new GantryError(
          'LIMIT_REACHED',
          `Your unused bundles take more than ${mib(perOwnerBytes)} MiB. They go after ${unusedHours} hours; use them, or wait.`,
        );
      await insertPiece(db, id, n++, piece);
    }
    if (bytes === 0)
      throw new GantryError('INPUT_INVALID', 'The bundle is empty. Send what `git bundle create` writes.');
    await db.query('UPDATE bundles SET complete = true WHERE id = $1', [id]);
  } catch (error) {
    await remove(db, [id]);
    throw error;
  }
  return { id, bytes };
}

/** What somebody's uploads take that no run uses, those that are on their way among them. */
async function unusedBytes(db: Queryable, ownerId: string): Promise<number> {
  const [kept] = await db.query<{ bytes: number }>(
    `SELECT coalesce(sum(bytes), 0)::bigint AS bytes FROM bundles b WHERE owner_id = $1
       AND NOT EXISTS (SELECT FROM bundle_uses u WHERE u.bundle_id = b.id)`,
    [ownerId],
    'unused_bundles',
  );
  return kept?.bytes ?? 0;
}

async function* inPieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const part of content) {
    waiting.push(part);
    size += part.length;
    if (size < pieceBytes) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

async function use(db: Database, bundleId: string, runId: string): Promise<void> {
  const [used] = isId(bundleId)
    ? await db.query(
        `INSERT INTO bundle_uses (bundle_id, run_id)
         SELECT b.id, r.id FROM bundles b JOIN runs r ON r.id = $2 AND r.user_id = b.owner_id
          WHERE b.id = $1 AND b.complete
         ON CONFLICT (bundle_id, run_id) DO UPDATE SET run_id = EXCLUDED.run_id RETURNING run_id`,
        [bundleId, runId],
      )
    : [];
  if (used) return;
  throw new GantryError(
    'NOT_FOUND',
    'There is no such bundle of yours; unused ones are deleted after a day. Upload the repository again.',
  );
}

async function chain(db: Database, owner: StepOwner, commit: string): Promise<StoredCheckpoint[]> {
  const rows = await db.query<StoredCheckpoint & { runId: string; before: string | null }>(
    `WITH RECURSIVE chain AS (
       (SELECT id, run_id, commit, before, depth, bytes FROM bundles WHERE commit = $1 AND complete
         ORDER BY (run_id = $2) DESC LIMIT 1)
       UNION ALL
       SELECT b.* FROM chain c CROSS JOIN LATERAL (
         SELECT id, run_id, commit, before, depth, bytes FROM bundles WHERE commit = c.before AND complete
          ORDER BY (run_id = $2) DESC LIMIT 1) b
     ) SELECT id, run_id AS "runId", commit, before, depth, bytes FROM chain ORDER BY depth`,
    [commit, owner.runId],
    'bundle_chain',
  );
  const [first] = rows;
  if (!first || first.before !== null || first.depth !== 0)
    throw new GantryError(
      'NOT_FOUND',
      'The files of this step are no longer stored: the run that they belong to was deleted. Start again from a later or an earlier point.',
    );
  const others = rows.filter(({ runId }) => runId !== owner.runId);
  // A fork goes on from files of another run, which may be deleted before it.
  if (others.length > 0)
    await adopt(
      db,
      owner,
      others.map(({ id }) => id),
    );
  return rows;
}

async function adopt(db: Database, owner: StepOwner, ids: readonly string[]): Promise<void> {
  await db.transaction(async (tx) => {
    await own(tx, owner);
    for (const id of ids) {
      const copy = newId();
      await tx.query(
        `INSERT INTO bundles (id, run_id, step, ordinal, commit, before, depth, complete, bytes)
         SELECT $1, $2, step, ordinal, commit, before, depth, true, bytes FROM bundles WHERE id = $3`,
        [copy, owner.runId, id],
      );
      await tx.query(
        'INSERT INTO bundle_chunks (bundle_id, n, data) SELECT $1, n, data FROM bundle_chunks WHERE bundle_id = $2',
        [copy, id],
      );
    }
  });
}

/** Held to the end: a run that is being taken over waits, and whoever had it before finds it gone. */
async function own(tx: Queryable, { runId, claim, workerId }: StepOwner): Promise<void> {
  const [owned] = await tx.query(
    `SELECT id FROM runs WHERE id = $1 AND claim = $2 AND worker_id = $3 AND status = 'running' FOR SHARE`,
    [runId, claim, workerId],
    'own_bundles',
  );
  if (!owned) throw new RunLost(`Another worker owns run ${runId}.`);
}

async function insertPiece(db: Queryable, id: string, n: number, data: Buffer): Promise<void> {
  await db.query(
    'INSERT INTO bundle_chunks (bundle_id, n, data) VALUES ($1, $2, $3)',
    [id, n, data],
    'save_bundle_piece',
  );
}

async function* read(db: Queryable, bundleId: string): AsyncGenerator<Uint8Array> {
  for (let n = 0; ; n += 1) {
    const [piece] = await db.query<{ data: Buffer }>(
      'SELECT data FROM bundle_chunks WHERE bundle_id = $1 AND n = $2',
      [bundleId, n],
      'read_bundle_piece',
    );
    if (!piece) return;
    yield piece.data;
  }
}

async function expire(db: Database): Promise<void> {
  const old = await db.query<{ id: string }>(
    `SELECT id FROM bundles b WHERE run_id IS NULL AND created_at < now() - $1 * interval '1 hour'
       AND NOT EXISTS (SELECT FROM bundle_uses u WHERE u.bundle_id = b.id) LIMIT 100`,
    [unusedHours],
  );
  if (old.length > 0)
    await remove(
      db,
      old.map(({ id }) => id),
    );
}

async function remove(db: Database, ids: readonly string[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('DELETE FROM bundle_chunks WHERE bundle_id = ANY($1::uuid[])', [ids]);
    await tx.query('DELETE FROM bundles WHERE id = ANY($1::uuid[])', [ids]);
  });
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
