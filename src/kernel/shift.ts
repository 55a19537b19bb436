import { hostname } from 'node:os';
import { newId } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import type { Database, Session } from '../store/database.ts';
import { RunCancelled, RunLost } from './errors.ts';
import { signOff, signOn } from './liveness.ts';
import { requeueRun } from './requeue.ts';

/** The time between a worker's signing on and its signing off or being lost; runs are held under its id. */
export interface Shift {
  readonly id: string;
  /** The connection whose end means that the runs aren't held any more. */
  readonly line: Session;
  readonly running: Map<string, Held>;
}

interface Held {
  readonly claim: number;
  readonly control: AbortController;
}

/** Signs on under a new id: an id is never used twice, so that an old process can't be taken for a new one. */
export async function beginShift(db: Database, slots: number, onLost: (id: string) => void): Promise<Shift> {
  const id = `${hostname()}-${newId().slice(-12)}`;
  const line = await signOn(db, { id, host: hostname(), pid: process.pid, slots }, () => onLost(id));
  return { id, line, running: new Map() };
}

/** Lets go of all runs at once, without a word to PostgreSQL: their steps are aborted, and their sandboxes die. */
export async function abandonShift(shift: Shift): Promise<void> {
  for (const { control } of shift.running.values())
    control.abort(new RunLost('The worker lost its line to PostgreSQL.'));
  shift.line.removeAllListeners('end');
  await shift.line.end().catch(() => undefined);
}

export function cancelHeld(shift: Shift, runId: string): void {
  shift.running.get(runId)?.control.abort(new RunCancelled(`Run ${runId} was cancelled.`));
}

/** Ends a shift in order: runs that didn't end in time go back to the queue, for the next worker to take up from their last recorded step. */
export async function endShift(db: Database, shift: Shift, maxAttempts: number, log: Logger): Promise<void> {
  const error = { code: 'SHUTTING_DOWN', message: 'The worker was shut down.' };
  for (const [runId, { claim, control }] of shift.running) {
    control.abort(new RunLost('The worker is shutting down.'));
    await requeueRun(
      db,
      { runId, claim, workerId: shift.id },
      { maxAttempts, reason: 'handed-over', delayMs: 0, error },
    ).catch((failure: unknown) =>
      log.warn({ run: runId, err: failure }, 'could not hand the run over; another worker will recover it'),
    );
  }
  await signOff(shift.line, shift.id);
}
