import { GantryError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { isTerminal, type RunStatus } from '../contract/run.ts';
import type { Database } from '../store/database.ts';
import { changeRun, wakeRun } from './wake.ts';

/** Leaves a message for a run, whether it waits for it already or not, and wakes it if it sleeps. */
export async function sendSignal(
  db: Database,
  runId: string,
  name: string,
  payload: unknown,
  by: string | null,
): Promise<void> {
  await db.transaction(async (tx) => {
    const [run] = await tx.query<{ status: RunStatus }>(
      'SELECT status FROM runs WHERE id = $1 FOR UPDATE',
      [runId],
      'lock_run',
    );
    if (!run) throw new GantryError('NOT_FOUND', `There is no run ${runId}.`);
    if (isTerminal(run.status))
      throw new GantryError('RUN_FINISHED', `Run ${runId} has finished; nobody is there to hear "${name}".`);
    await tx.query('INSERT INTO signals (id, run_id, name, payload, sent_by) VALUES ($1, $2, $3, $4, $5)', [
      newId(),
      runId,
      name,
      JSON.stringify(payload ?? null),
      by,
    ]);
    await changeRun(tx, runId, '', [], { type: 'signal.received', data: { name, by } });
    await wakeRun(tx, runId);
  });
}
