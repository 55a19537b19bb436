import { GantryError } from '../../base/errors.ts';
import type { Queryable } from '../../store/database.ts';
import type { DocumentKind } from './documents.ts';

/** What a version takes besides its content, so that tiny ones count as well. */
const overheadBytes = 256;

/**
 * Waits for the other saves to this owner's documents, then sees whether so much more fits. LIMIT_REACHED. Holds its
 * lock until the transaction ends.
 */
export async function makeRoom(
  tx: Queryable,
  { kind, maxDocuments, maxTotalBytes }: DocumentKind,
  owner: string,
  more: { readonly documents: number; readonly bytes: number },
): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`documents ${kind} ${owner}`]);
  const [kept] = await tx.query<{ documents: number; bytes: number }>(keptSql, [kind, owner, overheadBytes]);
  if (more.documents > 0 && (kept?.documents ?? 0) + more.documents > maxDocuments) {
    const message = `One user keeps at most ${maxDocuments} ${kind}s. Delete one first.`;
    throw new GantryError('LIMIT_REACHED', message);
  }
  if (more.bytes > 0 && (kept?.bytes ?? 0) + more.bytes + overheadBytes > maxTotalBytes) {
    const message = `All versions of one user's ${kind}s take at most ${Math.floor(maxTotalBytes / 1024)} KiB. Delete some; what is deleted counts until it is purged.`;
    throw new GantryError('LIMIT_REACHED', message);
  }
}

/* Two branches, since each has an index of its own. */
const keptSql = `
  SELECT (SELECT count(*) FROM documents WHERE kind = $1 AND owner = $2 AND deleted_at IS NULL) AS documents,
    (SELECT coalesce(sum(v.bytes + $3), 0)::bigint FROM (
       SELECT id FROM documents WHERE kind = $1 AND owner = $2 AND deleted_at IS NULL
       UNION ALL SELECT id FROM documents WHERE kind = $1 AND owner = $2 AND deleted_at IS NOT NULL
     ) d JOIN document_versions v ON v.document_id = d.id) AS bytes`;
