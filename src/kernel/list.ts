import { GantryError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { RunSummary } from '../contract/run.ts';
import type { Step } from '../contract/step.ts';
import type { Database } from '../store/database.ts';
import type { StepRow } from './history.ts';
import type { Page, QueueStats, RunFilter } from './kernel.ts';
import { toSummary, type RunRow, type SummaryRow } from './run-row.ts';

export async function getRun(db: Database, runId: string): Promise<RunRow> {
  const [row] = isId(runId)
    ? await db.query<RunRow>('SELECT * FROM runs WHERE id = $1', [runId], 'get_run')
    : [];
  if (!row) throw new GantryError('NOT_FOUND', `There is no run ${runId}.`);
  return row;
}

/** Newest first; the cursor is the id of the last run of the page before. */
export async function listRuns(db: Database, filter: RunFilter): Promise<Page<RunSummary>> {
  if (filter.cursor !== undefined && !isId(filter.cursor)) {
    throw new GantryError('INPUT_INVALID', 'The cursor is not one that a list gave out.', {
      problems: [{ path: 'cursor', message: 'unknown cursor' }],
    });
  }
  const conditions: string[] = [];
  const values: unknown[] = [];
  const where = (condition: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition.replace('?', `$${values.length}`));
  };
  where('capability = ?', filter.capability);
  where('status = ?', filter.status);
  where('user_id = ?', filter.userId);
  where('id < ?::uuid', filter.cursor);
  where(
    'title ILIKE ?',
    filter.text === undefined ? undefined : `%${filter.text.replace(/[\\%_]/g, '\\$&')}%`,
  );
  values.push(filter.limit + 1);
  const rows = await db.query<SummaryRow>(
    `SELECT ${summaryColumns} FROM runs ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY id DESC LIMIT $${values.length}`,
    values,
  );
  const items = rows.slice(0, filter.limit).map(toSummary);
  return { items, next: rows.length > filter.limit ? (items.at(-1)?.id ?? null) : null };
}

export function toStep(row: StepRow): Step {
  return {
    name: row.name,
    ordinal: row.ordinal,
    position: row.position,
    kind: row.kind,
    status: row.status,
    output: row.output,
    error: row.error,
    attempts: row.attempts,
    childId: row.child_id,
    dueAt: row.due_at?.toISOString() ?? null,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

export async function queueStats(db: Database): Promise<QueueStats> {
  const [counts] = await db.query<Record<'queued' | 'running' | 'waiting' | 'dead' | 'oldest', number>>(
    `SELECT (SELECT count(*) FROM runs WHERE status = 'queued') AS queued,
       (SELECT count(*) FROM runs WHERE status = 'running') AS running,
       (SELECT count(*) FROM runs WHERE status = 'waiting') AS waiting,
       (SELECT count(*) FROM runs WHERE status = 'dead') AS dead,
       coalesce((SELECT extract(epoch FROM now() - min(queued_at)) FROM runs WHERE status = 'queued'), 0)::float AS oldest`,
  );
  const workers = await db.query<{
    id: string;
    host: string;
    pid: number;
    slots: number;
    busy: number;
    beat_at: Date;
  }>('SELECT id, host, pid, slots, busy, beat_at FROM workers ORDER BY started_at');
  return {
    queued: counts?.queued ?? 0,
    running: counts?.running ?? 0,
    waiting: counts?.waiting ?? 0,
    dead: counts?.dead ?? 0,
    oldestQueuedSeconds: counts?.oldest ?? 0,
    workers: workers.map(({ beat_at, ...worker }) => ({ ...worker, beatAt: beat_at.toISOString() })),
  };
}

const summaryColumns = [
  ...['id', 'capability', 'title', 'status', 'priority', 'error', 'budget', 'usage', 'user_id', 'repository'],
  ...['trigger', 'parent_id', 'origin_id', 'origin_kind', 'waiting_for', 'attempt', 'worker_id'],
  ...['created_at', 'started_at', 'finished_at'],
].join(', ');
