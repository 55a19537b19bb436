import { GantryError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { GivenAnswer } from '../contract/question.ts';
import type { Step } from '../contract/step.ts';
import type { Database } from '../store/database.ts';
import type { StepRow } from './history.ts';
import type { SignalOutput } from './wait.ts';
import type { QueueStats } from './kernel.ts';
import type { RunRow } from './run-row.ts';

export async function getRun(db: Database, runId: string): Promise<RunRow> {
  const [row] = isId(runId)
    ? await db.query<RunRow>('SELECT * FROM runs WHERE id = $1', [runId], 'get_run')
    : [];
  if (!row) throw new GantryError('NOT_FOUND', `There is no run ${runId}.`);
  return row;
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
    question: row.question,
    given: givenOf(row),
    dueAt: row.due_at?.toISOString() ?? null,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

/** Who answered the question, when it is one and somebody did. */
function givenOf(row: StepRow): GivenAnswer | null {
  if (!row.question || row.status !== 'succeeded') return null;
  const output = row.output as SignalOutput | null;
  return (output && 'payload' in output && output.given) || null;
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

/** What of a row `toSummary` needs. */
export const summaryColumns = [
  ...[
    'id',
    'capability',
    'title',
    'status',
    'priority',
    'error',
    'budget',
    'usage',
    'outcome',
    'user_id',
    'repository',
  ],
  ...['trigger', 'parent_id', 'origin_id', 'origin_kind', 'waiting_for', 'asks', 'attempt', 'worker_id'],
  ...['paused_by', 'paused_at'],
  ...['created_at', 'started_at', 'finished_at'],
].join(', ');
