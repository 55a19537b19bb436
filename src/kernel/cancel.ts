import { GantryError } from '../base/errors.ts';
import { isTerminal } from '../contract/run-status.ts';
import type { Database } from '../store/database.ts';
import type { RunRow } from './run-row.ts';
import { closeQuestions } from './inbox.ts';
import { changeRun, wakeRun } from './wake.ts';

/**
 * Asks a run to end. One that nobody works on, and that has nothing to undo, ends here; a running one is told by NOTIFY;
 * a sleeping one with compensations is woken to run them. Its children are asked as well.
 */
export async function cancelRun(db: Database, runId: string, by: string | null): Promise<RunRow> {
  const row = await db.transaction(async (tx) => {
    const [found] = await tx.query<RunRow>('SELECT * FROM runs WHERE id = $1 FOR UPDATE', [runId]);
    if (!found) throw new GantryError('NOT_FOUND', `There is no run ${runId}.`);
    if (isTerminal(found.status))
      throw new GantryError(
        'RUN_FINISHED',
        `Run ${runId} has already ${found.status === 'dead' ? 'died' : found.status}.`,
      );
    if (found.cancel_at) return found;
    const toUndo = await tx.query('SELECT FROM steps WHERE run_id = $1 AND compensates LIMIT 1', [runId]);
    if (found.status !== 'running' && toUndo.length === 0) {
      const ended = await changeRun(
        tx,
        runId,
        `status = 'cancelled', cancel_by = $7, cancel_at = now(), finished_at = now(), waiting_for = NULL, wake_at = NULL`,
        [by],
        { type: 'run.cancelled', data: { by } },
      );
      await closeQuestions(tx, runId, 'over');
      if (ended.parent_id !== null) await wakeRun(tx, ended.parent_id);
      return ended;
    }
    const asked = await changeRun(
      tx,
      runId,
      'cancel_by = $7, cancel_at = now(), available_at = now()',
      [by],
      {
        type: 'run.cancelling',
        data: { by },
      },
    );
    await tx.query(`SELECT pg_notify('gantry_control', $1), pg_notify('gantry_queue', '')`, [runId]);
    if (asked.status === 'waiting') await wakeRun(tx, runId);
    return asked;
  });
  await cancelChildren(db, runId, by);
  return row;
}

async function cancelChildren(db: Database, runId: string, by: string | null): Promise<void> {
  const children = await db.query<{ id: string }>(
    'SELECT id FROM runs WHERE parent_id = $1 AND finished_at IS NULL',
    [runId],
  );
  for (const { id } of children) {
    await cancelRun(db, id, by).catch((error: unknown) => {
      if (!(error instanceof GantryError) || error.code !== 'RUN_FINISHED') throw error;
    });
  }
}
