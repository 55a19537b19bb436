import type { Asks } from '../contract/question.ts';
import type { Run, RunError, RunStatus, RunSummary, Trigger, Usage, Budget } from '../contract/run.ts';
import { priorities } from '../contract/priority.ts';

/** A row of `runs` as PostgreSQL returns it. */
export interface RunRow {
  id: string;
  capability: string;
  title: string;
  status: RunStatus;
  priority: number;
  input: unknown;
  output: unknown;
  error: RunError | null;
  budget: Budget | null;
  usage: Usage;
  outcome: string | null;
  user_id: string | null;
  share_key: string;
  repository: string | null;
  needs: string | null;
  trigger: Trigger;
  parent_id: string | null;
  origin_id: string | null;
  origin_kind: 'retry' | 'fork' | null;
  idempotency_key: string | null;
  idempotency_hash: string | null;
  attempt: number;
  claim: number;
  worker_id: string | null;
  last_seq: number;
  waiting_for: string | null;
  asks: Asks | null;
  wake_at: Date | null;
  cancel_by: string | null;
  cancel_at: Date | null;
  paused_by: string | null;
  paused_at: Date | null;
  created_at: Date;
  queued_at: Date;
  available_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

/** What of a row stands in a list. */
export type SummaryRow = Omit<RunRow, 'input' | 'output'>;

/** The run as everyone outside the kernel sees it. */
export function toRun(row: RunRow): Run {
  return { ...toSummary(row), input: row.input, output: row.output };
}

export function toSummary(row: SummaryRow): RunSummary {
  return {
    id: row.id,
    capability: row.capability,
    title: row.title,
    status: row.status,
    priority: priorities[row.priority] ?? 'normal',
    error: row.error,
    budget: row.budget,
    usage: row.usage,
    outcome: row.outcome,
    userId: row.user_id,
    repository: row.repository,
    trigger: row.trigger,
    parentId: row.parent_id,
    origin: row.origin_id && row.origin_kind ? { kind: row.origin_kind, runId: row.origin_id } : null,
    waitingFor: row.waiting_for,
    asks: row.status === 'waiting' ? row.asks : null,
    paused: row.paused_at && !row.finished_at ? { at: row.paused_at.toISOString(), by: row.paused_by } : null,
    attempt: row.attempt,
    worker: row.worker_id,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
