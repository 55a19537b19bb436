import { runStatuses, type RunStatus } from '../contract/run-status.ts';
import type { RunCount, RunCounts } from '../contract/run-filter.ts';
import type { Database } from '../store/database.ts';
import { createValues, idRange, narrowed, pathsTo, type Path, type RunFilter } from './run-filter.ts';
import { bestPath, examinedSql } from './run-scan.ts';

/** Runs looked at for one figure; what is under way is counted to the last, as far as anyone needs it. */
const enough = { active: 10_000, other: 1200 };
/** Figures that aren't exact are told as at least this many, at most. */
const cap = 1000;

type Figure = RunCount & { readonly status: RunStatus };

/**
 * How many of the runs that the filter means there are by status, whatever status it asks for. Costs the same with a
 * million runs: it looks at so many along the best index, and says where that wasn't enough to be exact.
 */
export async function countRuns(db: Database, request: RunFilter): Promise<RunCounts> {
  const filter = narrowed({ ...request, status: undefined });
  if (filter === undefined) return sumUp(runStatuses.map((status) => ({ status, count: 0, exact: true })));
  const range = idRange(filter, undefined);
  const overall = await byStatus(db, filter, await bestPath(db, filter, range));
  if (overall.complete) return sumUp(overall.figures);
  const single = await Promise.all(
    runStatuses.map(async (status): Promise<Figure> => {
      const path = pathsTo({ status }).at(0);
      const seen = overall.figures.find((figure) => figure.status === status)?.count ?? 0;
      if (path === undefined) return { status, count: Math.min(seen, cap), exact: false };
      const examine = active.has(status) ? enough.active : enough.other;
      const own = await oneStatus(db, { ...filter, status }, path, examine);
      return own.exact
        ? { status, ...own }
        : { status, count: roughly(Math.max(seen, own.count)), exact: false };
    }),
  );
  return sumUp(single);
}

async function byStatus(
  db: Database,
  filter: RunFilter,
  path: Path | undefined,
): Promise<{ figures: Figure[]; complete: boolean }> {
  const values = createValues();
  const look = { filter, path, range: idRange(filter, undefined), examine: enough.other };
  const rows = await db.query<{ status: RunStatus; hits: number; looked: number }>(
    `SELECT status, count(*) FILTER (WHERE hit) AS hits, count(*) AS looked
     FROM (${examinedSql(look, values)}) AS examined GROUP BY status`,
    values.all,
  );
  const complete = rows.reduce((sum, row) => sum + row.looked, 0) < enough.other;
  const hits = new Map(rows.map((row) => [row.status, row.hits]));
  return {
    complete,
    figures: runStatuses.map((status) => ({ status, count: hits.get(status) ?? 0, exact: true })),
  };
}

async function oneStatus(db: Database, filter: RunFilter, path: Path, examine: number): Promise<RunCount> {
  const values = createValues();
  const look = { filter, path, range: idRange(filter, undefined), examine };
  const [row] = await db.query<{ hits: number; looked: number }>(
    `SELECT count(*) FILTER (WHERE hit) AS hits, count(*) AS looked FROM (${examinedSql(look, values)}) AS examined`,
    values.all,
  );
  return { count: row?.hits ?? 0, exact: (row?.looked ?? 0) < examine };
}

/** A round figure that is not more than what was seen. */
function roughly(seen: number): number {
  const step = seen >= 100 ? 100 : seen >= 10 ? 10 : 1;
  return Math.min(cap, Math.floor(seen / step) * step);
}

function sumUp(figures: readonly Figure[]): RunCounts {
  const count = figures.reduce((sum, figure) => sum + figure.count, 0);
  const exact = figures.every((figure) => figure.exact);
  const told = figures.map(({ status, ...figure }) => [status, figure]);
  return { all: { count: exact ? count : roughly(count), exact }, ...Object.fromEntries(told) };
}

const active: ReadonlySet<RunStatus> = new Set(['queued', 'running', 'waiting']);
