import { GantryError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { OpenDocument } from '../../contract/document.ts';
import type { Actor } from '../../contract/user.ts';
import type { Database, Queryable } from '../../store/database.ts';
import { toDocument, type DocumentRow } from './document-row.ts';
import type { DocumentKind, Documents } from './documents.ts';
import { openDocument, readChangeable, readDocument, readVersion } from './find.ts';
import { nameTaken } from './name-taken.ts';
import { makeRoom } from './room.ts';
import { checkContent, checkName, checkNote } from './rules.ts';

type Draft<Operation extends 'create' | 'save' | 'restore'> = Parameters<Documents[Operation]>;

/** Cursors carry milliseconds, so that times are kept no finer. */
const nowSql = `date_trunc('milliseconds', clock_timestamp())`;

export async function createDocument(
  db: Database,
  actor: Actor,
  kind: DocumentKind,
  draft: Draft<'create'>[2],
): Promise<OpenDocument> {
  const name = checkName(draft.name);
  const note = checkNote(draft.note);
  const { json, bytes } = checkContent(draft.content, kind);
  const id = newId();
  const made = db.transaction(async (tx) => {
    await makeRoom(tx, kind, actor.userId, { documents: 1, bytes });
    await tx.query(
      `WITH made AS (
         INSERT INTO documents (id, kind, name, owner, shared, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, ${nowSql}, ${nowSql}) RETURNING id, updated_at
       )
       INSERT INTO document_versions (document_id, version, content, bytes, note, author, created_at)
       SELECT id, 1, $6, $7, $8, $4, updated_at FROM made`,
      [id, kind.kind, name, actor.userId, draft.shared ?? false, json, bytes, note],
    );
  });
  await made.catch(nameTaken(kind, name));
  return openDocument(db, actor, kind, id);
}

export async function saveVersion(
  db: Database,
  actor: Actor,
  kind: DocumentKind,
  id: string,
  draft: Draft<'save'>[3],
): Promise<OpenDocument> {
  const { json, bytes } = checkContent(draft.content, kind);
  const note = checkNote(draft.note);
  const { owner } = await readChangeable(db, actor, kind, id);
  const saved = await db.transaction(async (tx) => {
    await makeRoom(tx, kind, owner, { documents: 0, bytes });
    return append(tx, actor, id, draft.expectedVersion, { json, bytes, note });
  });
  const row = await readDocument(db, actor, kind, id);
  if (saved) {
    const shown = draft.expectedVersion + 1;
    return { ...toDocument(row, actor), shown, content: draft.content };
  }
  return alreadySaved(db, actor, row, draft.expectedVersion, json);
}

export async function restoreVersion(
  db: Database,
  actor: Actor,
  kind: DocumentKind,
  id: string,
  { version, expectedVersion }: Draft<'restore'>[3],
): Promise<OpenDocument> {
  const row = await readChangeable(db, actor, kind, id);
  const { content } = await readVersion(db, row, version);
  const note = `Restored version ${version}`;
  return saveVersion(db, actor, kind, id, { content, expectedVersion: expectedVersion ?? row.version, note });
}

/** One statement: the version that comes after `expected`, or nothing when that isn't the latest any more. */
async function append(
  tx: Queryable,
  actor: Actor,
  id: string,
  expected: number,
  { json, bytes, note }: { json: string; bytes: number; note: string },
): Promise<boolean> {
  const rows = await tx.query(
    `WITH moved AS (
       UPDATE documents SET version = version + 1, updated_at = ${nowSql}
        WHERE id = $1 AND version = $2 AND deleted_at IS NULL RETURNING id, version, updated_at
     )
     INSERT INTO document_versions (document_id, version, content, bytes, note, author, created_at)
     SELECT id, version, $3, $4, $5, $6, updated_at FROM moved RETURNING version`,
    [id, expected, json, bytes, note, actor.userId],
  );
  return rows.length > 0;
}

/** A save that comes a second time because its answer got lost has nothing to add; any other was too late. */
async function alreadySaved(
  db: Queryable,
  actor: Actor,
  row: DocumentRow,
  expected: number,
  json: string,
): Promise<OpenDocument> {
  const latest = await readVersion(db, row, row.version);
  if (row.version === expected + 1 && latest.json === json && latest.author === actor.userId) {
    return { ...toDocument(row, actor), shown: row.version, content: latest.content };
  }
  const who = row.author === actor.userId ? 'You' : (row.author_name ?? 'Somebody');
  const message = `${who} saved version ${row.version} meanwhile; yours was made from version ${expected}. Nothing is lost: look at theirs, then save again as version ${row.version + 1}, or under another name.`;
  throw new GantryError('CONFLICT', message, {
    problems: [{ path: 'expectedVersion', message: `the latest version is ${row.version}` }],
  });
}
