import type { Document } from '../../contract/document.ts';
import type { Actor } from '../../contract/user.ts';
import type { Database } from '../../store/database.ts';
import { toDocument } from './document-row.ts';
import type { DocumentKind } from './documents.ts';
import { readChangeable, readDocument } from './find.ts';
import { nameTaken } from './name-taken.ts';
import { makeRoom } from './room.ts';
import { checkName } from './rules.ts';

export async function changeDocument(
  db: Database,
  actor: Actor,
  kind: DocumentKind,
  id: string,
  change: { name?: string | undefined; shared?: boolean | undefined },
): Promise<Document> {
  const row = await readChangeable(db, actor, kind, id);
  const name = change.name === undefined ? row.name : checkName(change.name);
  const shared = change.shared ?? row.shared;
  await db
    .query(
      `UPDATE documents SET name = $2, shared = $3, updated_at = date_trunc('milliseconds', clock_timestamp())
        WHERE id = $1 AND deleted_at IS NULL`,
      [row.id, name, shared],
    )
    .catch(nameTaken(kind, name));
  return toDocument(await readDocument(db, actor, kind, id), actor);
}

export async function deleteDocument(
  db: Database,
  actor: Actor,
  kind: DocumentKind,
  id: string,
): Promise<void> {
  const row = await readChangeable(db, actor, kind, id);
  await db.query('UPDATE documents SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL', [row.id]);
}

export async function undeleteDocument(
  db: Database,
  actor: Actor,
  kind: DocumentKind,
  id: string,
): Promise<Document> {
  const row = await readChangeable(db, actor, kind, id, true);
  await db.transaction(async (tx) => {
    await makeRoom(tx, kind, row.owner, { documents: 1, bytes: 0 });
    await tx
      .query('UPDATE documents SET deleted_at = NULL WHERE id = $1', [row.id])
      .catch(nameTaken(kind, row.name));
  });
  return toDocument(await readDocument(db, actor, kind, id), actor);
}

export async function purgeDocuments(db: Database, days: number): Promise<number> {
  const rows = await db.query(
    `WITH gone AS (
       DELETE FROM documents WHERE deleted_at < now() - $1 * interval '1 day' RETURNING id
     ), versions AS (
       DELETE FROM document_versions v USING gone WHERE v.document_id = gone.id
     )
     SELECT id FROM gone`,
    [days],
  );
  return rows.length;
}
