import { GantryError } from '../../base/errors.ts';
import { isId } from '../../base/ids.ts';
import type { Document, DocumentVersion, OpenDocument } from '../../contract/document.ts';
import type { Actor } from '../../contract/user.ts';
import type { Queryable } from '../../store/database.ts';
import { mayChange, maySee, selectDocuments, toDocument, type DocumentRow } from './document-row.ts';
import type { DocumentFilter, DocumentKind, Page } from './documents.ts';

/** The document, if this actor may see it; a deleted one only where `deleted` asks for it. NOT_FOUND otherwise. */
export async function readDocument(
  db: Queryable,
  actor: Actor,
  { kind }: DocumentKind,
  id: string,
  deleted = false,
): Promise<DocumentRow> {
  const [row] = isId(id)
    ? await db.query<DocumentRow>(`${selectDocuments} WHERE d.id = $1 AND d.kind = $2`, [id, kind])
    : [];
  if (!row || !maySee(row, actor) || (row.deleted_at !== null) !== deleted) {
    throw new GantryError('NOT_FOUND', `There is no such ${kind}.`);
  }
  return row;
}

/** The same for someone who wants to change it. FORBIDDEN when it is somebody else's. */
export async function readChangeable(
  db: Queryable,
  actor: Actor,
  kind: DocumentKind,
  id: string,
  deleted = false,
): Promise<DocumentRow> {
  const row = await readDocument(db, actor, kind, id, deleted);
  if (mayChange(row, actor)) return row;
  const owner = row.owner_name ?? 'its owner';
  throw new GantryError(
    'FORBIDDEN',
    `Only ${owner} and admins change this ${kind.kind}. Save a copy of your own.`,
  );
}

export async function openDocument(
  db: Queryable,
  actor: Actor,
  kind: DocumentKind,
  id: string,
  version?: number,
): Promise<OpenDocument> {
  const row = await readDocument(db, actor, kind, id);
  const shown = version ?? row.version;
  return { ...toDocument(row, actor), shown, content: (await readVersion(db, row, shown)).content };
}

/** One version as it was saved. NOT_FOUND when there is none of this number. */
export async function readVersion(
  db: Queryable,
  row: DocumentRow,
  version: number,
): Promise<{ content: unknown; json: string; author: string }> {
  const [found] = await db.query<{ content: unknown; json: string; author: string }>(
    'SELECT content, content::text AS json, author FROM document_versions WHERE document_id = $1 AND version = $2',
    [row.id, version],
  );
  if (found) return found;
  throw new GantryError(
    'NOT_FOUND',
    `This ${row.kind} has no version ${version}; its latest is ${row.version}.`,
  );
}

export async function findDocuments(
  db: Queryable,
  actor: Actor,
  { kind }: DocumentKind,
  { text, whose = 'all', cursor, limit }: DocumentFilter,
): Promise<Page<Document>> {
  const values: unknown[] = [kind, actor.userId, actor.role === 'admin', limit + 1];
  const conditions: string[] = [scopes[whose]];
  if (text !== undefined) {
    values.push(`%${text.normalize('NFC').replace(/[\\%_]/g, '\\$&')}%`);
    conditions.push(`d.name ILIKE $${values.length}`);
  }
  if (cursor !== undefined) {
    values.push(...readCursor(cursor));
    conditions.push(`(d.updated_at, d.id) < ($${values.length - 1}::timestamptz, $${values.length}::uuid)`);
  }
  const rows = await db.query<DocumentRow>(
    `${selectDocuments} WHERE d.kind = $1 AND (d.owner = $2 OR d.shared OR $3) AND ${conditions.join(' AND ')}
     ORDER BY d.updated_at DESC, d.id DESC LIMIT $4`,
    values,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const next = last ? `${last.updated_at.getTime()}_${last.id}` : null;
  return { items: rows.slice(0, limit).map((row) => toDocument(row, actor)), next };
}

const scopes = {
  all: 'd.deleted_at IS NULL',
  mine: 'd.deleted_at IS NULL AND d.owner = $2',
  shared: 'd.deleted_at IS NULL AND d.shared AND d.owner <> $2',
  deleted: 'd.deleted_at IS NOT NULL AND (d.owner = $2 OR $3)',
} as const;

export async function readHistory(
  db: Queryable,
  actor: Actor,
  kind: DocumentKind,
  id: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<DocumentVersion>> {
  const row = await readDocument(db, actor, kind, id);
  const before = cursor === undefined ? row.version + 1 : Number(cursor);
  if (!Number.isInteger(before) || before < 0 || before > 2_147_483_647) throw unknownCursor();
  const rows = await db.query<VersionRow>(
    `SELECT v.version, v.note, v.bytes, v.author, v.created_at, u.name AS author_name
       FROM document_versions v LEFT JOIN users u ON u.id = v.author
      WHERE v.document_id = $1 AND v.version < $2 ORDER BY v.version DESC LIMIT $3`,
    [row.id, before, limit + 1],
  );
  const items = rows.slice(0, limit).map(toVersion);
  return { items, next: rows.length > limit ? String(items.at(-1)?.version) : null };
}

interface VersionRow {
  readonly version: number;
  readonly note: string;
  readonly bytes: number;
  readonly author: string;
  readonly author_name: string | null;
  readonly created_at: Date;
}

function toVersion({ version, note, bytes, author, author_name, created_at }: VersionRow): DocumentVersion {
  const savedBy = { id: author, name: author_name };
  return { version, note, bytes, savedBy, savedAt: created_at.toISOString() };
}

/** A cursor is the time in milliseconds and the id of the last document of the page before. */
function readCursor(cursor: string): [at: Date, id: string] {
  const [, time = '', id = ''] = /^(\d{1,15})_(.+)$/.exec(cursor) ?? [];
  const at = new Date(Number(time));
  if (!isId(id) || Number.isNaN(at.getTime())) throw unknownCursor();
  return [at, id];
}

function unknownCursor(): GantryError {
  return new GantryError('INPUT_INVALID', 'The cursor is not one that a list gave out.', {
    problems: [{ path: 'cursor', message: 'unknown cursor' }],
  });
}
