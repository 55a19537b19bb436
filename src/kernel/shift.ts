import type { Logger } from '../base/logger.ts';
import type { Database, Session } from '../store/database.ts';
import { RunCancelled, RunLost } from './errors.ts';
import type { Gate } from './gate.ts';
import { signOff, signOn } from './liveness.ts';
import { requeueRun } from './requeue.ts';
import type { WorkerCard } from './worker-card.ts';

/** The time between a worker's signing on and its signing off or being lost; runs are held under its id. */
export interface Shift {
  readonly id: string;
  /** The connection whose end means that the runs aren't held any more. */
  readonly line: Session;
  readonly running: Map<string, Held>;
}

export interface Held {
  readonly claim: number;
  readonly control: AbortController;
  readonly gate: Gate;
}

/** Signs on under a new id: an id is never used twice, so that an old process can't be taken for a new one. */
export async function beginShift(
  db: Database,
  card: WorkerCard,
  onLost: (id: string) => void,
): Promise<Shift> {
  return { ...(await signOn(db, card, onLost)), running: new Map() };
}

/** Lets go of all runs at once, without a word to PostgreSQL: their steps are aborted, and their sandboxes die. */
export function abandonShift(shift: Shift): void {
  for (const { control } of shift.running.values())
    control.abort(new RunLost('The worker lost its line to PostgreSQL.'));
  shift.line.removeAllListeners('end');
  // Not awaited: a line that has gone silent takes minutes to say so.
  void shift.line.end().catch(() => undefined);
}

export function cancelHeld(shift: Shift, runId: string): void {
  shift.running.get(runId)?.control.abort(new RunCancelled(`Run ${runId} was cancelled.`));
}

/** Stops what didn't end in time; the runs are still held, so nobody else begins with them before they have come to rest. */
export function stopHeld(shift: Shift): [runId: string, held: Held][] {
  const held = [...shift.running];
  for (const [, { control }] of held) control.abort(new RunLost('The worker is shutting down.'));
  return held;
}

/** Ends a shift in order: what was stopped goes back to the queue, for the next worker to take up from the last recorded step. */
export async function endShift(
  db: Database,
  shift: Shift,
  stopped: readonly [runId: string, held: Held][],
  maxAttempts: number,
  log: Logger,
): Promise<void> {
  const error = { code: 'SHUTTING_DOWN', message: 'The worker was shut down.' };
  for (const [runId, { claim }] of stopped) {
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
