import { GantryError } from '../base/errors.ts';
import { isTerminal } from '../contract/run-status.ts';
import { priorities } from '../contract/priority.ts';
import type { Queryable } from '../store/database.ts';
import type { Capability } from './capability.ts';
import type { StartRequest } from './kernel.ts';
import { readSteps } from './history.ts';
import type { RunRow } from './run-row.ts';
import { insertRun, type Started } from './start.ts';

/** Who asks for a run once more. */
export type AgainRequest = Pick<StartRequest, 'trigger' | 'userId' | 'idempotencyKey'>;

/** A new run with the input of a finished one. */
export async function retryRun(
  db: Queryable,
  earlier: RunRow,
  capability: Capability,
  request: AgainRequest,
  maxQueued: number,
): Promise<Started> {
  if (!isTerminal(earlier.status)) {
    throw new GantryError(
      'CONFLICT',
      `Run ${earlier.id} is still ${earlier.status}. Cancel it first, or wait for its end.`,
    );
  }
  return insertRun(db, capability, requestOf(earlier, request), {
    maxQueued,
    origin: { kind: 'retry', runId: earlier.id },
  });
}

/** A new run that starts with the steps of an earlier one before position `from`, in the caller's transaction. */
export async function forkRun(
  tx: Queryable,
  earlier: RunRow,
  capability: Capability,
  from: number,
  request: AgainRequest,
  maxQueued: number,
): Promise<Started> {
  const steps = await readSteps(tx, earlier.id);
  const beyond = (steps.at(-1)?.position ?? -1) + 1;
  if (!Number.isInteger(from) || from < 0 || from > beyond) {
    throw new GantryError(
      'INPUT_INVALID',
      `Run ${earlier.id} has the steps 0 to ${beyond - 1}; it can't be forked from ${from}.`,
    );
  }
  const origin = { kind: 'fork', runId: earlier.id, from } as const;
  const started = await insertRun(tx, capability, requestOf(earlier, request), { maxQueued, origin });
  if (started.replayed) return started;
  await tx.query(
    `INSERT INTO steps (run_id, name, ordinal, position, kind, status, output, error, attempts, compensates, signal_name, child_id, question, due_at, started_at, finished_at)
     SELECT $2, name, ordinal, position, kind, status, output, error, attempts, false, signal_name, child_id, question, due_at, started_at, finished_at
     FROM steps WHERE run_id = $1 AND position < $3 AND status <> 'waiting' AND kind <> 'compensation'`,
    [earlier.id, started.row.id, from],
  );
  return started;
}

function requestOf(earlier: RunRow, request: AgainRequest): StartRequest {
  return {
    capability: earlier.capability,
    input: earlier.input,
    ...request,
    priority: priorities[earlier.priority] ?? 'normal',
    ...(earlier.budget ? { budget: earlier.budget } : {}),
  };
}
