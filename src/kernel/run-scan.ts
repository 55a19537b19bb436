import type { Database } from '../store/database.ts';
import {
  conditionOf,
  createValues,
  pathsTo,
  type IdRange,
  type Path,
  type RunFilter,
  type Values,
} from './run-filter.ts';

/** What a look at up to so many runs, newest first, has found. */
export interface Scanned {
  readonly ids: readonly string[];
  /** Runs looked at; fewer than asked for means that there are no more. */
  readonly examined: number;
  /** The oldest run looked at; null when there was none. */
  readonly edge: string | null;
}

interface Look {
  /** Already narrowed to what the actor may see. */
  readonly filter: RunFilter;
  readonly path: Path | undefined;
  readonly range: IdRange;
  /** Runs to look at. */
  readonly examine: number;
  /** Matches to answer. */
  readonly find: number;
}

/**
 * Looks at up to `examine` runs of a path in the order of their ids and says which match. The work is bounded by the
 * number of runs looked at, whatever they hold and whatever PostgreSQL knows of them.
 */
export async function scanRuns(db: Database, look: Look): Promise<Scanned> {
  const values = createValues();
  const examined = examinedSql(look, values);
  const find = values.add(look.find);
  const [found] = await db.query<{ ids: string[]; examined: number; edge: string | null }>(
    `WITH examined AS MATERIALIZED (${examined})
     SELECT ARRAY(SELECT id FROM examined WHERE hit ORDER BY id DESC LIMIT ${find}) AS ids,
       (SELECT count(*) FROM examined) AS examined, (SELECT id FROM examined ORDER BY id LIMIT 1) AS edge`,
    values.all,
  );
  return found ?? { ids: [], examined: 0, edge: null };
}

/** SQL of the runs to look at, `id`, `hit` and `status`, the newest first. */
export function examinedSql({ filter, path, range, examine }: Omit<Look, 'find'>, values: Values): string {
  const condition = conditionOf(filter, path, values);
  const columns = `id, status, ${condition} AS hit`;
  const limit = values.add(examine);
  return rangesSql(path, range, values, columns, limit);
}

/*
 * The ends of the range are compared as rows, and the order names both columns of the index: so only this index gives
 * the order, and PostgreSQL can't take another one because it misjudges how many runs match.
 */
function rangesSql(
  path: Path | undefined,
  range: IdRange,
  values: Values,
  columns: string,
  limit: string,
): string {
  const floor = `${values.add(range.floor)}::uuid`;
  const ceiling = `${values.add(range.ceiling)}::uuid`;
  if (path === undefined) {
    return `SELECT ${columns} FROM runs WHERE id >= ${floor} AND id < ${ceiling} ORDER BY id DESC LIMIT ${limit}`;
  }
  const { column, partial } = path;
  const type = column === 'parent_id' ? 'uuid' : 'text';
  const branches = path.values.map((value) => {
    const at = `${values.add(value)}::${type}`;
    return `(SELECT ${columns} FROM runs WHERE (${column}, id) >= (${at}, ${floor}) AND (${column}, id) < (${at}, ${ceiling})
      ${partial === undefined ? '' : `AND ${partial}`} ORDER BY ${column} DESC, id DESC LIMIT ${limit})`;
  });
  if (branches.length === 1) return branches[0] ?? '';
  return `SELECT * FROM (${branches.join(' UNION ALL ')}) AS branches ORDER BY id DESC LIMIT ${limit}`;
}

const probeDepth = 500;

/**
 * The path with the fewest runs by a probe of each: the one whose next 500 runs reach the furthest back, or end.
 * Statistics of PostgreSQL may be old or know nothing of a rare value; this looks at the index itself.
 */
export async function bestPath(db: Database, filter: RunFilter, range: IdRange): Promise<Path | undefined> {
  const paths = pathsTo(filter);
  if (paths.length < 2) return paths[0];
  const values = createValues();
  const limit = values.add(probeDepth);
  const probes = paths.map(
    (path) =>
      `(SELECT id FROM (${rangesSql(path, range, values, 'id', limit)}) AS probe ORDER BY id DESC OFFSET ${probeDepth - 1})`,
  );
  const [row] = await db.query<{ reached: (string | null)[] }>(
    `SELECT ARRAY[${probes.join(', ')}]::uuid[]::text[] AS reached`,
    values.all,
  );
  const reached = row?.reached ?? [];
  return paths.reduce((best, path) =>
    (reached[paths.indexOf(path)] ?? '') < (reached[paths.indexOf(best)] ?? '') ? path : best,
  );
}
