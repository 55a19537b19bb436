import { firstIdAt, isId, newId, timeOfId } from '../base/ids.ts';
import { GantryError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { AuditEntry, AuditFilter } from '../contract/audit.ts';
import type { Database, Queryable } from '../store/database.ts';

/** An act that is to be written down. */
export type AuditAct = Omit<AuditEntry, 'id' | 'at'>;

/** Who did what. The API writes down all that changes something; nothing here is changed again. */
export interface Audit {
  /** Resolves when it is written. A database that doesn't answer is logged and keeps nobody from acting. */
  record(act: AuditAct): Promise<void>;
  /** Newest first; `next` goes back as `cursor`. */
  list(
    filter: AuditFilter & { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<{ items: AuditEntry[]; next: string | null }>;
  /** All that fits, newest first, read piece by piece. */
  all(filter: AuditFilter): AsyncIterable<AuditEntry>;
}

const pieceSize = 1000;

export function createAudit(db: Database, logger: Logger): Audit {
  return {
    record: async (act) => {
      await recordAct(db, act).catch((error: unknown) =>
        logger.error(
          { err: error, operation: act.operation },
          'an act could not be written to the audit log',
        ),
      );
    },
    list: ({ cursor, limit, ...filter }) => listEntries(db, filter, cursor, limit),
    all: (filter) => allEntries(db, filter),
  };
}

const insertSql = `
  INSERT INTO audit (id, at, user_id, key_id, name, address, operation, summary, kind, target, changes, status, code)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

/** Writes an act down in the caller's transaction, or on its own. */
export async function recordAct(db: Queryable, act: AuditAct): Promise<void> {
  const id = newId();
  await db.query(
    insertSql,
    [
      id,
      new Date(timeOfId(id)),
      plain(act.by.userId, 200),
      act.by.keyId,
      plain(act.by.name, 200),
      plain(act.address, 100),
      plain(act.operation, 200),
      plain(act.summary, 200),
      plain(act.kind, 100),
      plain(act.target, 400),
      JSON.stringify(act.changes).replaceAll('\\u0000', '\\ufffd'),
      act.status,
      act.code,
    ],
    'audit_record',
  );
}

/* PostgreSQL takes no NUL, and an entry is for one line of a list. */
function plain(text: string, most: number): string {
  return text.replaceAll('\0', '\u{fffd}').slice(0, most);
}

interface AuditRow {
  id: string;
  at: Date;
  user_id: string;
  key_id: string | null;
  name: string;
  address: string;
  operation: string;
  summary: string;
  kind: string;
  target: string;
  changes: Record<string, unknown>;
  status: number;
  code: string | null;
}

async function listEntries(
  db: Queryable,
  filter: AuditFilter,
  cursor: string | undefined,
  limit: number,
): Promise<{ items: AuditEntry[]; next: string | null }> {
  if (cursor !== undefined && !isId(cursor)) {
    throw new GantryError('INPUT_INVALID', 'The cursor is not one that a list gave out.', {
      problems: [{ path: 'cursor', message: 'unknown cursor' }],
    });
  }
  const { where, values } = conditionsOf(filter, cursor);
  values.push(limit + 1);
  const rows = await db.query<AuditRow>(
    `SELECT * FROM audit ${where} ORDER BY id DESC LIMIT $${values.length}`,
    values,
  );
  const items = rows.slice(0, limit).map(toEntry);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** Ids are of their time, so that a span of time is a span of ids and needs no index of its own. */
function conditionsOf(filter: AuditFilter, cursor: string | undefined) {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const add = (condition: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition.replace('?', `$${values.length}`));
  };
  add('user_id = ?', filter.user);
  add('kind = ?', filter.kind);
  add('operation = ?', filter.operation);
  add(`target = ? AND target <> ''`, filter.target);
  add('id >= ?::uuid', filter.since && firstIdAt(Date.parse(filter.since)));
  add('id < ?::uuid', filter.until && firstIdAt(Date.parse(filter.until)));
  add('id < ?::uuid', cursor);
  if (filter.outcome) conditions.push(filter.outcome === 'done' ? 'code IS NULL' : 'code IS NOT NULL');
  return { where: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', values };
}

async function* allEntries(db: Queryable, filter: AuditFilter): AsyncGenerator<AuditEntry> {
  let cursor: string | undefined;
  do {
    const page = await listEntries(db, filter, cursor, pieceSize);
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

function toEntry(row: AuditRow): AuditEntry {
  const { id, at, user_id, key_id, name, ...rest } = row;
  return { id, at: at.toISOString(), by: { userId: user_id, keyId: key_id, name }, ...rest };
}
