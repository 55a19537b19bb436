import type { RunError } from '../contract/run.ts';
import type { Database } from '../store/database.ts';
import type { RunRow } from './run-row.ts';
import { closeQuestions, noteDead } from './inbox.ts';
import { changeRun, isPaused, restPaused, wakeRun } from './wake.ts';

export interface Requeue {
  readonly maxAttempts: number;
  /** A run that was handed over at a shutdown has lost nothing: that isn't counted as an attempt. */
  readonly reason: 'recovered' | 'retrying' | 'handed-over';
  readonly delayMs: number;
  readonly error: RunError;
}

/**
 * Gives a running run back to the queue after its attempt was lost or failed for a passing reason, or to the dead
 * letters when it has had its attempts. Fenced by the claim: undefined when somebody else has taken the run since;
 * true when it is dead now.
 */
export async function requeueRun(
  db: Database,
  owned: { readonly runId: string; readonly claim: number; readonly workerId: string | null },
  { maxAttempts, reason, delayMs, error }: Requeue,
): Promise<boolean | undefined> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<RunRow>(
      `SELECT * FROM runs WHERE id = $1 AND claim = $2 AND worker_id = $3 AND status = 'running' FOR UPDATE`,
      [owned.runId, owned.claim, owned.workerId],
      'lock_claim_plain',
    );
    if (!row) return undefined;
    const counted = reason === 'handed-over' ? 0 : 1;
    if (counted > 0 && row.attempt >= maxAttempts) {
      const last = { code: error.code, message: `Given up after ${row.attempt} attempts. ${error.message}` };
      await changeRun(
        tx,
        row.id,
        `status = 'dead', error = $7, finished_at = now(), worker_id = NULL`,
        [JSON.stringify(last)],
        { type: 'run.dead', data: { error: last } },
      );
      await closeQuestions(tx, row.id, 'over');
      await noteDead(tx, row.id, last);
      if (row.parent_id !== null) await wakeRun(tx, row.parent_id);
      return true;
    }
    const queued = await changeRun(
      tx,
      row.id,
      `status = 'queued', attempt = attempt + $8, worker_id = NULL, queued_at = now(),
       available_at = now() + $7 * interval '1 millisecond'`,
      [delayMs, counted],
      { type: 'run.queued', data: { reason } },
    );
    if (isPaused(row)) await restPaused(tx, queued);
    else await tx.query(`SELECT pg_notify('gantry_queue', '')`);
    return false;
  });
}
