import type { Document } from '../../contract/document.ts';
import { atLeast } from '../../contract/role.ts';
import type { Actor } from '../../contract/user.ts';

export interface DocumentRow {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly owner: string;
  readonly owner_name: string | null;
  readonly shared: boolean;
  readonly version: number;
  readonly bytes: number;
  readonly note: string;
  readonly author: string;
  readonly author_name: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly deleted_at: Date | null;
}

/** Documents with what their latest version says, as `DocumentRow`. */
export const selectDocuments = `
  SELECT d.*, v.bytes, v.note, v.author, o.name AS owner_name, a.name AS author_name
    FROM documents d JOIN document_versions v ON v.document_id = d.id AND v.version = d.version
    LEFT JOIN users o ON o.id = d.owner LEFT JOIN users a ON a.id = v.author`;

export function mayChange(row: Pick<DocumentRow, 'owner'>, actor: Actor): boolean {
  return actor.role === 'admin' || (row.owner === actor.userId && atLeast(actor.role, 'member'));
}

export function maySee(row: Pick<DocumentRow, 'owner' | 'shared'>, actor: Actor): boolean {
  return row.shared || row.owner === actor.userId || actor.role === 'admin';
}

export function toDocument(row: DocumentRow, actor: Actor): Document {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    owner: { id: row.owner, name: row.owner_name },
    shared: row.shared,
    version: row.version,
    bytes: row.bytes,
    note: row.note,
    savedBy: { id: row.author, name: row.author_name },
    mayChange: mayChange(row, actor),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    deletedAt: row.deleted_at?.toISOString() ?? null,
  };
}
