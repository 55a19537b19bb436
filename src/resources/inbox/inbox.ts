import { GantryError } from '../../base/errors.ts';
import { isId } from '../../base/ids.ts';
import type { InboxCount, InboxDetail, InboxItem, InboxPage } from '../../contract/inbox.ts';
import type { Role } from '../../contract/role.ts';
import { rolesMeantWith } from '../../kernel/inbox.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Database, Queryable } from '../../store/database.ts';
import type { InboxFeed } from './feed.ts';

/** Whose inbox it is. */
export interface Reader {
  readonly userId: string;
  readonly role: Role;
}

/** What waits for a person and what a person should know. The kernel writes it; this reads it and puts things away. */
export interface Inbox {
  /** What waits first, then what is for information, each the latest first. Archived: what was put away or is over. */
  list(
    reader: Reader,
    page: { archived: boolean; cursor?: string | undefined; limit: number },
  ): Promise<InboxPage>;
  count(reader: Reader): Promise<InboxCount>;
  /** NOT_FOUND when there is no such item for this reader. */
  get(reader: Reader, id: string): Promise<InboxDetail>;
  /** Puts items away for this reader alone; answers how many. What happens again after that comes back. */
  archive(reader: Reader, what: { ids: readonly string[]; information: boolean }): Promise<number>;
  restore(reader: Reader, ids: readonly string[]): Promise<number>;
  /** The count at once, and again whenever something changed, until `signal` aborts. */
  follow(reader: Reader, signal: AbortSignal): AsyncIterable<InboxCount>;
}

interface InboxRow {
  id: string;
  kind: InboxItem['kind'];
  run_id: string;
  step: string | null;
  ordinal: number | null;
  role: 'admin' | 'member' | null;
  capability: string;
  title: string;
  headline: string;
  code: string | null;
  count: number;
  due_at: Date | null;
  created_at: Date;
  last_at: Date;
  resolved_at: Date | null;
  resolution: InboxItem['resolution'];
  archived_at: Date | null;
  waiting: boolean;
  /** Microseconds, because a Date would cut them off. */
  stamp: number;
}

export function createInbox(db: Database, kernel: Pick<Kernel, 'steps'>, feed: InboxFeed): Inbox {
  const count = (reader: Reader) => countWaiting(db, reader);
  return {
    list: (reader, page) => listItems(db, reader, page),
    count,
    get: (reader, id) => getItem(db, kernel, reader, id),
    archive: (reader, what) => archive(db, reader, what),
    restore: async ({ userId }, ids) => {
      const rows = await db.query(
        `WITH back AS (DELETE FROM inbox_archive WHERE user_id = $1 AND item_id = ANY($2::uuid[]) RETURNING item_id)
         SELECT pg_notify('gantry_inbox', $1) FROM back`,
        [userId, ids],
      );
      return rows.length;
    },
    follow: async function* (reader, signal) {
      for await (const _change of feed.follow([reader.userId, ...roleNames(reader)], signal))
        yield await count(reader);
    },
  };
}

async function listItems(
  db: Queryable,
  reader: Reader,
  { archived, cursor, limit }: { archived: boolean; cursor?: string | undefined; limit: number },
): Promise<InboxPage> {
  const [waiting, stamp, id] = cursor === undefined ? [2, '0', null] : readCursor(cursor);
  const rows = await db.query<InboxRow>(
    `SELECT * FROM (${itemsSql}) AS item
     WHERE (archived_at IS NOT NULL OR (kind = 'question' AND NOT waiting)) = $3
       AND ($6::uuid IS NULL OR (waiting::int, stamp, id) < ($4::int, $5::bigint, $6::uuid))
     ORDER BY waiting DESC, stamp DESC, id DESC LIMIT $7`,
    [reader.userId, rolesMeantWith(reader.role), archived, waiting, stamp, id, limit + 1],
    'inbox_list',
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = last && rows.length > limit ? `${last.waiting ? 1 : 0}_${last.stamp}_${last.id}` : null;
  return { items: shown.map(toItem), next };
}

function readCursor(cursor: string): [number, string, string] {
  const [waiting, stamp, id] = cursor.split('_');
  if (!/^[01]$/.test(waiting ?? '') || !/^\d{1,17}$/.test(stamp ?? '') || id === undefined || !isId(id)) {
    throw new GantryError('INPUT_INVALID', 'The cursor is not one that a list gave out.', {
      problems: [{ path: 'cursor', message: 'unknown cursor' }],
    });
  }
  return [Number(waiting), stamp ?? '', id];
}

async function countWaiting(db: Queryable, reader: Reader): Promise<InboxCount> {
  const [row] = await db.query<InboxCount>(
    `SELECT count(*)::int AS waiting FROM inbox i
     WHERE kind = 'question' AND resolved_at IS NULL AND (due_at IS NULL OR due_at > now())
       AND (i.user_id = $1 OR (i.user_id IS NULL AND i.role = ANY($2)))
       AND NOT EXISTS (SELECT FROM inbox_archive a WHERE a.item_id = i.id AND a.user_id = $1)`,
    [reader.userId, rolesMeantWith(reader.role)],
    'inbox_count',
  );
  return row ?? { waiting: 0 };
}

async function getItem(
  db: Queryable,
  kernel: Pick<Kernel, 'steps'>,
  reader: Reader,
  id: string,
): Promise<InboxDetail> {
  const [row] = isId(id)
    ? await db.query<InboxRow>(`SELECT * FROM (${itemsSql}) AS item WHERE id = $3`, [
        reader.userId,
        rolesMeantWith(reader.role),
        id,
      ])
    : [];
  if (!row) throw new GantryError('NOT_FOUND', 'There is no such item in your inbox.');
  const steps = row.kind === 'question' ? await kernel.steps(row.run_id) : [];
  const step = steps.find((each) => each.name === row.step && each.ordinal === row.ordinal);
  return { item: toItem(row), question: step?.question ?? null, given: step?.given ?? null };
}

async function archive(
  db: Queryable,
  reader: Reader,
  { ids, information }: { ids: readonly string[]; information: boolean },
): Promise<number> {
  const rows = await db.query(
    `WITH put AS (
       INSERT INTO inbox_archive (user_id, item_id)
       SELECT $1, id FROM (${itemsSql}) AS item
       WHERE archived_at IS NULL AND (id = ANY($3::uuid[]) OR ($4 AND kind <> 'question'))
       ON CONFLICT (user_id, item_id) DO UPDATE SET at = now() RETURNING item_id
     ) SELECT pg_notify('gantry_inbox', $1) FROM put`,
    [reader.userId, rolesMeantWith(reader.role), ids, information],
  );
  return rows.length;
}

function roleNames(reader: Reader): string[] {
  return rolesMeantWith(reader.role).map((role) => `role:${role}`);
}

/* All that is for the reader ($1, with the roles $2). Something that happened again after it was put away is back. */
const itemsSql = `
  SELECT i.*, CASE WHEN a.at >= i.last_at THEN a.at END AS archived_at,
    (i.kind = 'question' AND i.resolved_at IS NULL AND (i.due_at IS NULL OR i.due_at > now())
      AND NOT coalesce(a.at >= i.last_at, false)) AS waiting,
    (extract(epoch FROM i.last_at) * 1000000)::bigint AS stamp
  FROM inbox i LEFT JOIN inbox_archive a ON a.item_id = i.id AND a.user_id = $1
  WHERE i.user_id = $1 OR (i.user_id IS NULL AND i.role = ANY($2))`;

function toItem(row: InboxRow): InboxItem {
  return {
    id: row.id,
    kind: row.kind,
    runId: row.run_id,
    capability: row.capability,
    title: row.title,
    headline: row.headline,
    code: row.code,
    count: row.count,
    signal: row.step,
    ordinal: row.ordinal,
    role: row.role,
    createdAt: row.created_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    until: row.due_at?.toISOString() ?? null,
    archivedAt: row.archived_at?.toISOString() ?? null,
    resolution: row.resolution,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
  };
}
