import { GantryError } from '../base/errors.ts';
import { isTerminal } from '../contract/run-status.ts';
import type { Database, Queryable } from '../store/database.ts';
import type { RunRow } from './run-row.ts';
import { changeRun, restPaused, wakeRun } from './wake.ts';

/**
 * Asks a run to rest at its next step: the one under way is finished and recorded, no new one begins, and the slot is given
 * back. One that nobody works on rests at once. RUN_FINISHED when it is over, CONFLICT while it is being cancelled.
 */
export async function pauseRun(db: Database, runId: string, by: string | null): Promise<RunRow> {
  return db.transaction(async (tx) => {
    const found = await lockUnfinished(tx, runId);
    if (found.cancel_at)
      throw new GantryError('CONFLICT', `Run ${runId} is being cancelled; there is nothing left to pause.`);
    if (found.paused_at) return found;
    const pausing = await changeRun(tx, runId, 'paused_by = $7, paused_at = now()', [by], {
      type: 'run.pausing',
      data: { by },
    });
    if (found.status !== 'running') return restPaused(tx, pausing);
    await tellWorker(tx, 'pause', pausing);
    return pausing;
  });
}

/** Lets a paused run go on, from where it rests. One that isn't paused is left as it is. RUN_FINISHED when it is over. */
export async function resumeRun(db: Database, runId: string, by: string | null): Promise<RunRow> {
  return db.transaction(async (tx) => {
    const found = await lockUnfinished(tx, runId);
    if (!found.paused_at) return found;
    const resumed = await changeRun(tx, runId, 'paused_by = NULL, paused_at = NULL', [], {
      type: 'run.resumed',
      data: { by },
    });
    if (found.status === 'running') await tellWorker(tx, 'resume', resumed);
    if (found.status !== 'waiting') return resumed;
    await wakeRun(tx, runId);
    const [row = resumed] = await tx.query<RunRow>('SELECT * FROM runs WHERE id = $1', [runId]);
    return row;
  });
}

async function lockUnfinished(tx: Queryable, runId: string): Promise<RunRow> {
  const [found] = await tx.query<RunRow>('SELECT * FROM runs WHERE id = $1 FOR UPDATE', [runId]);
  if (!found) throw new GantryError('NOT_FOUND', `There is no run ${runId}.`);
  if (!isTerminal(found.status)) return found;
  const how =
    found.status === 'dead' ? 'died' : found.status === 'cancelled' ? 'been cancelled' : found.status;
  throw new GantryError('RUN_FINISHED', `Run ${runId} has already ${how}.`);
}

/** Word that a run was paused or resumed, as of the run's event `seq`. */
export interface PauseWord {
  readonly runId: string;
  readonly paused: boolean;
  readonly seq: number;
}

async function tellWorker(tx: Queryable, word: 'pause' | 'resume', row: RunRow): Promise<void> {
  await tx.query(`SELECT pg_notify('gantry_control', $1)`, [`${word} ${row.id} ${row.last_seq}`]);
}

/** Reads what `gantry_control` says of pauses; undefined for its other words. */
export function pauseWord(text: string): PauseWord | undefined {
  const [word, runId = '', seq] = text.split(' ');
  return word === 'pause' || word === 'resume'
    ? { runId, paused: word === 'pause', seq: Number(seq) }
    : undefined;
}
