import { GantryError } from '../base/errors.ts';
import type { RunStatus } from '../contract/run.ts';
import { isTerminal } from '../contract/run-status.ts';
import type { Database, Queryable } from '../store/database.ts';
import { fitAnswer, type Sender } from './answer.ts';
import { closeQuestions } from './inbox.ts';
import { insertMessages } from './messages.ts';
import { changeRun, wakeRun } from './wake.ts';

interface Message {
  readonly name: string;
  readonly payload: unknown;
  /** Who sends it; null is Gantry itself, which may answer anything. */
  readonly by: Sender | null;
  /** Refuse what answers no question: the sender may see the run only because it asks. */
  readonly onlyAnswers?: boolean;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Leaves a message for a run, whether it waits for it already or not, and wakes it if it sleeps. A message that was sent
 * before under the same key is left at that, also when the run has finished since. Where the run asks a person under
 * this name, the message is the answer: see `fitAnswer` for what is refused.
 */
export async function sendSignal(db: Database, runId: string, message: Message): Promise<void> {
  const { name } = message;
  const by = message.by?.userId ?? null;
  const payload = JSON.stringify(message.payload ?? null);
  await db.transaction(async (tx) => {
    const [run] = await tx.query<{ status: RunStatus }>(
      'SELECT status FROM runs WHERE id = $1 FOR UPDATE',
      [runId],
      'lock_run',
    );
    if (!run) throw new GantryError('NOT_FOUND', `There is no run ${runId}.`);
    if (await wasSent(tx, runId, message, payload)) return;
    if (isTerminal(run.status))
      throw new GantryError('RUN_FINISHED', `Run ${runId} has finished; nobody is there to hear "${name}".`);
    const fit = await fitAnswer(tx, runId, name, message.payload ?? null, message.by);
    if (!fit && message.onlyAnswers)
      throw new GantryError('NOT_FOUND', `The run asks nothing under the name "${name}".`);
    const { idempotencyKey } = message;
    await insertMessages(tx, { runId, name, payloads: [message.payload], by, idempotencyKey, answer: fit });
    await changeRun(tx, runId, '', [], {
      type: 'signal.received',
      data: { name, by, ...(fit && { answer: fit.given }) },
    });
    if (fit) await closeQuestions(tx, runId, 'answered', { name, ordinal: fit.ordinal });
    await wakeRun(tx, runId);
  });
}

/** The caller holds the run's lock, so that of two senders with the same key the second finds the first one's message. */
async function wasSent(
  tx: Queryable,
  runId: string,
  { name, by, idempotencyKey }: Message,
  payload: string,
): Promise<boolean> {
  if (idempotencyKey === undefined) return false;
  const [earlier] = await tx.query<{ same: boolean }>(
    `SELECT name = $3 AND payload::text = $4 AND sent_by IS NOT DISTINCT FROM $5 AS same
     FROM signals WHERE run_id = $1 AND idempotency_key = $2`,
    [runId, idempotencyKey, name, payload, by?.userId ?? null],
  );
  if (earlier && !earlier.same) {
    throw new GantryError(
      'IDEMPOTENCY_MISMATCH',
      `The idempotency key was used for another message to run ${runId}. Take a new key.`,
    );
  }
  return earlier !== undefined;
}
