import type { DeadLetter } from '../../contract/system.ts';
import type { Database } from '../../store/database.ts';
import { summaryColumns } from '../list.ts';
import { toSummary, type SummaryRow } from '../run-row.ts';

export interface DeadLetterRequest {
  readonly capability?: string | undefined;
  /** Text in the title or in the error. */
  readonly text?: string | undefined;
  /** Those that were retried already as well. */
  readonly all: boolean;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Dead runs, the latest first; those that somebody has retried are settled and left out unless asked for. */
export async function listDeadLetters(
  db: Database,
  { capability, text, all, cursor, limit }: DeadLetterRequest,
): Promise<{ items: DeadLetter[]; next: string | null }> {
  const rows = await db.query<SummaryRow & { retried_as: string | null }>(
    `SELECT ${summaryColumns}, (
       SELECT o.id FROM runs o WHERE o.origin_id = r.id AND o.origin_kind = 'retry' ORDER BY o.id DESC LIMIT 1
     ) AS retried_as
     FROM runs r
     WHERE status = 'dead' AND ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR capability = $2)
       AND ($3::text IS NULL OR title ILIKE $3 OR error ->> 'message' ILIKE $3 OR error ->> 'code' ILIKE $3)
       AND ($4 OR NOT EXISTS (SELECT FROM runs o WHERE o.origin_id = r.id AND o.origin_kind = 'retry'))
     ORDER BY id DESC LIMIT $5`,
    [
      cursor ?? null,
      capability ?? null,
      text ? `%${text.replace(/[\\%_]/g, '\\$&')}%` : null,
      all,
      limit + 1,
    ],
  );
  const items = rows
    .slice(0, limit)
    .map(({ retried_as, ...row }) => ({ ...toSummary(row), retriedAs: retried_as }));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** Dead runs that nobody has retried, counted up to 10,000. */
export async function countDeadLetters(db: Database): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `SELECT count(*) FROM (SELECT FROM runs r WHERE status = 'dead'
       AND NOT EXISTS (SELECT FROM runs o WHERE o.origin_id = r.id AND o.origin_kind = 'retry') LIMIT 10000) AS dead`,
    [],
    'count_dead',
  );
  return row?.count ?? 0;
}
