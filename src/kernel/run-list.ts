import { GantryError } from '../base/errors.ts';
import { isId, timeOfId } from '../base/ids.ts';
import type { RunSummary } from '../contract/run.ts';
import type { Database } from '../store/database.ts';
import { summaryColumns } from './list.ts';
import {
  conditionOf,
  createValues,
  idRange,
  idsBeginningWith,
  narrowed,
  type IdRange,
  type RunFilter,
} from './run-filter.ts';
import { toSummary, type SummaryRow } from './run-row.ts';
import { bestPath, scanRuns } from './run-scan.ts';

export interface RunPage {
  readonly items: readonly RunSummary[];
  /** Goes back as `cursor`; null when there are no more. */
  readonly next: string | null;
  /** How far back an unfilled page has looked, when older runs may match as well; null when the page is all it can be. */
  readonly searchedTo: string | null;
}

export interface ListRequest extends RunFilter {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Time after which a page is answered as it is, in milliseconds. */
const patience = 15;
/** Runs looked at in one statement. */
const look = { least: 500, most: 4000 };

const nothing: RunPage = { items: [], next: null, searchedTo: null };

/**
 * Newest first. No index can serve every combination of filters, and one that finds nothing would read a million runs.
 * So a page looks at runs along the best index for a bounded time; when it isn't full by then it is answered short, and
 * `next` goes on from the oldest run that was looked at.
 */
export async function listRuns(
  db: Database,
  request: ListRequest,
  patienceMs: number = patience,
): Promise<RunPage> {
  const { cursor, limit } = request;
  if (cursor !== undefined && !isId(cursor)) throw unknownCursor();
  const filter = narrowed(request);
  if (filter === undefined) return nothing;
  const named = filter.text === undefined ? undefined : idsBeginningWith(filter.text);
  if (named !== undefined && cursor === undefined) {
    const page = await runsNamed(db, filter, named, limit);
    if (page.items.length > 0) return page;
  }
  const range = idRange(filter, cursor);
  const path = await bestPath(db, filter, range);
  const begun = performance.now();
  const ids: string[] = [];
  let { ceiling } = range;
  let examine = Math.max(look.least, limit + 1);
  let examined = 0;
  for (;;) {
    const found = await scanRuns(db, {
      filter,
      path,
      range: { ...range, ceiling },
      examine,
      find: limit + 1 - ids.length,
    });
    ids.push(...found.ids);
    examined += found.examined;
    if (ids.length > limit) {
      const items = await summariesOf(db, ids.slice(0, limit));
      return { items, next: ids[limit - 1] ?? null, searchedTo: null };
    }
    const ended = found.examined < examine || found.edge === null;
    if (ended) return { ...nothing, items: await summariesOf(db, ids) };
    ceiling = found.edge;
    const spent = performance.now() - begun;
    // As many as fit into what is left, by the pace so far; a handful more would not be worth the round trip.
    examine = Math.min(look.most, Math.floor((examined * (patienceMs - spent)) / spent));
    if (examine >= look.least) continue;
    const items = await summariesOf(db, ids);
    return { items, next: ceiling, searchedTo: new Date(timeOfId(ceiling)).toISOString() };
  }
}

/** Those of the wanted runs whose ids begin with what was typed; there are few, unless hardly anything was typed. */
async function runsNamed(db: Database, filter: RunFilter, named: IdRange, limit: number): Promise<RunPage> {
  const values = createValues();
  const range = idRange(filter, undefined);
  const ids = [named.floor, named.ceiling, range.floor, range.ceiling].map((id) => `${values.add(id)}::uuid`);
  const condition = conditionOf({ ...filter, text: undefined }, undefined, values);
  const rows = await db.query<SummaryRow>(
    `SELECT ${summaryColumns} FROM (
       SELECT * FROM runs WHERE id >= ${ids[0]} AND id <= ${ids[1]} ORDER BY id DESC LIMIT 2000
     ) AS r WHERE id >= ${ids[2]} AND id < ${ids[3]} AND ${condition} ORDER BY id DESC LIMIT ${values.add(limit)}`,
    values.all,
  );
  return { ...nothing, items: rows.map(toSummary) };
}

/** The runs of these ids that are there, newest first. */
export async function summariesOf(db: Database, ids: readonly string[]): Promise<RunSummary[]> {
  if (ids.length === 0) return [];
  const rows = await db.query<SummaryRow>(
    `SELECT ${summaryColumns} FROM runs WHERE id = ANY($1::uuid[]) ORDER BY id DESC`,
    [ids],
    'run_summaries',
  );
  return rows.map(toSummary);
}

function unknownCursor(): GantryError {
  return new GantryError('INPUT_INVALID', 'The cursor is not one that a list gave out.', {
    problems: [{ path: 'cursor', message: 'unknown cursor' }],
  });
}
