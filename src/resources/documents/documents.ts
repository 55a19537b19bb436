import type { Document, DocumentVersion, OpenDocument } from '../../contract/document.ts';
import type { Actor } from '../../contract/user.ts';
import type { Database } from '../../store/database.ts';
import { findDocuments, openDocument, readHistory } from './find.ts';
import { changeDocument, deleteDocument, purgeDocuments, undeleteDocument } from './change.ts';
import { createDocument, restoreVersion, saveVersion } from './save.ts';

/** What kind of documents, and how much of them one user may keep. */
export interface DocumentKind {
  readonly kind: string;
  /** Most documents that are not deleted, per owner. */
  readonly maxDocuments: number;
  /** Largest content, as JSON in bytes. */
  readonly maxBytes: number;
  /** All versions of all documents of one owner together, in bytes; deleted ones count until they are purged. */
  readonly maxTotalBytes: number;
}

export interface DocumentFilter {
  /** Text in the name. */
  readonly text?: string | undefined;
  /** One's own, those that others share, the deleted ones that one may bring back, or all that one sees. */
  readonly whose?: 'mine' | 'shared' | 'deleted' | 'all' | undefined;
  readonly cursor?: string | undefined;
  /** 1 to 200. */
  readonly limit: number;
}

export interface Page<Item> {
  readonly items: Item[];
  readonly next: string | null;
}

/**
 * Named JSON documents of a kind, each save a new version that never changes. A private one is seen by its owner and
 * admins, a shared one by everybody; owner and admins change it. What one may not see is NOT_FOUND; what one may see but
 * not change is FORBIDDEN.
 */
export interface Documents {
  /** INPUT_INVALID, CONFLICT when the owner has one of this name, LIMIT_REACHED. */
  create(
    actor: Actor,
    kind: DocumentKind,
    draft: { name: string; content: unknown; note?: string | undefined; shared?: boolean | undefined },
  ): Promise<OpenDocument>;
  /** Latest changed first. */
  list(actor: Actor, kind: DocumentKind, filter: DocumentFilter): Promise<Page<Document>>;
  /** With the content of `version`, or of the latest. */
  open(actor: Actor, kind: DocumentKind, id: string, version?: number): Promise<OpenDocument>;
  /**
   * Saves the version after `expectedVersion`. CONFLICT when somebody was faster: nothing is lost, theirs stands. The same
   * content sent again by the same person answers what it saved the first time.
   */
  save(
    actor: Actor,
    kind: DocumentKind,
    id: string,
    draft: { content: unknown; expectedVersion: number; note?: string | undefined },
  ): Promise<OpenDocument>;
  /** Saves the content of an old version as a new one. */
  restore(
    actor: Actor,
    kind: DocumentKind,
    id: string,
    from: { version: number; expectedVersion?: number | undefined },
  ): Promise<OpenDocument>;
  /** Renames or shares. CONFLICT when the name is taken. */
  change(
    actor: Actor,
    kind: DocumentKind,
    id: string,
    change: { name?: string | undefined; shared?: boolean | undefined },
  ): Promise<Document>;
  /** Who saved what when, the latest first. */
  history(
    actor: Actor,
    kind: DocumentKind,
    id: string,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<Page<DocumentVersion>>;
  /** Can be undone until it is purged. */
  remove(actor: Actor, kind: DocumentKind, id: string): Promise<void>;
  /** CONFLICT when its name is taken by now. */
  undelete(actor: Actor, kind: DocumentKind, id: string): Promise<Document>;
  /** Deletes for good what was deleted more than `days` ago; answers how many. Safe in any number of processes at once. */
  purge(days: number): Promise<number>;
}

/** The documents in this database. */
export function createDocuments(db: Database): Documents {
  return {
    create: (actor, kind, draft) => createDocument(db, actor, kind, draft),
    list: (actor, kind, filter) => findDocuments(db, actor, kind, filter),
    open: (actor, kind, id, version) => openDocument(db, actor, kind, id, version),
    save: (actor, kind, id, draft) => saveVersion(db, actor, kind, id, draft),
    restore: (actor, kind, id, from) => restoreVersion(db, actor, kind, id, from),
    change: (actor, kind, id, change) => changeDocument(db, actor, kind, id, change),
    history: (actor, kind, id, page) => readHistory(db, actor, kind, id, page),
    remove: (actor, kind, id) => deleteDocument(db, actor, kind, id),
    undelete: (actor, kind, id) => undeleteDocument(db, actor, kind, id),
    purge: (days) => purgeDocuments(db, days),
  };
}
