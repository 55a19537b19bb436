import { setTimeout as pause } from 'node:timers/promises';
import { GantryError } from '../base/errors.ts';
import { isId, newId } from '../base/ids.ts';
import type { Database, Queryable } from '../store/database.ts';
import type { Listener } from '../store/listen.ts';
import { wakeRun } from './wake.ts';

/** A message to a run, as a step hears it. `seq` counts all messages of the run from 1. */
export interface Message {
  readonly seq: number;
  readonly payload: unknown;
  readonly by: string | null;
}

/** What a run may hold of messages, and the largest single one, in bytes of JSON. */
export const messageLimits = { count: 100_000, bytes: 16 * 1024 * 1024, largest: 1024 * 1024 } as const;

const pageSize = 64;
const againMs = 250;

interface NewMessages {
  readonly runId: string;
  readonly name: string;
  readonly payloads: readonly unknown[];
  readonly by: string | null;
  readonly idempotencyKey?: string | undefined;
  /** The question that it answers, by its step's ordinal, and what was answered. */
  readonly answer?: { readonly ordinal: number; readonly given: unknown } | undefined | null;
}

/**
 * Leaves messages for a step that hears them while it runs, in this order and with nothing of another sender between
 * them; no event tells of them. NOT_FOUND, RUN_FINISHED, BODY_TOO_LARGE for a single one, CONFLICT when the run holds as
 * many as it may.
 */
export async function sendMessages(db: Database, messages: NewMessages): Promise<void> {
  const { runId } = messages;
  if (messages.payloads.length === 0) return;
  if (!isId(runId)) throw new GantryError('NOT_FOUND', `There is no run ${runId}.`);
  // The lock travels with BEGIN; a statement of its own sees what the sender before has written.
  await db.transaction(async (tx) => {
    const status = await insertMessages(tx, messages);
    if (status === 'waiting') await wakeRun(tx, runId);
  }, `SELECT FROM runs WHERE id = '${runId}' FOR UPDATE`);
}

/** Numbers and stores messages, in a transaction that holds the run's lock. Answers the run's status. */
export async function insertMessages(tx: Queryable, messages: NewMessages): Promise<string> {
  const { runId, name, by, idempotencyKey, answer } = messages;
  const payloads = messages.payloads.map((payload) => JSON.stringify(payload ?? null));
  for (const payload of payloads) refuseLarge(payload);
  const [run] = await tx.query<{ status: string; finished: boolean; added: number }>(
    insertSql,
    [
      runId,
      payloads.map(() => newId()),
      payloads,
      name,
      by,
      idempotencyKey ?? null,
      messageLimits.count,
      messageLimits.bytes,
      answer?.ordinal ?? null,
      answer ? JSON.stringify(answer.given) : null,
    ],
    'insert_messages',
  );
  if (!run) throw new GantryError('NOT_FOUND', `There is no run ${runId}.`);
  if (run.finished)
    throw new GantryError('RUN_FINISHED', `Run ${runId} has finished; nobody is there to hear "${name}".`);
  if (run.added === 0)
    throw new GantryError(
      'CONFLICT',
      `Run ${runId} was sent as much as a run may be: ${messageLimits.count} messages or ${messageLimits.bytes} bytes. Start another run.`,
    );
  return run.status;
}

function refuseLarge(payload: string): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= messageLimits.largest) return;
  throw new GantryError(
    'BODY_TOO_LARGE',
    `The message takes ${bytes} bytes, and one may take ${messageLimits.largest}. Send it in parts.`,
  );
}

const insertSql = `
  WITH last AS (
    SELECT seq, total_bytes FROM signals WHERE run_id = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1
  ), fresh AS (
    SELECT id, payload, n, sum(octet_length(payload)) OVER (ORDER BY n) AS bytes
    FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS m (id, payload, n)
  ), added AS (
    INSERT INTO signals (id, run_id, name, payload, sent_by, idempotency_key, answers, given, seq, total_bytes)
    SELECT fresh.id, $1, $4, fresh.payload::json, $5, $6, $9::integer, $10::json, coalesce(last.seq, 0) + n, coalesce(last.total_bytes, 0) + fresh.bytes
    FROM runs JOIN fresh ON true LEFT JOIN last ON true
    WHERE runs.id = $1 AND finished_at IS NULL AND coalesce(last.seq, 0) < $7 AND coalesce(last.total_bytes, 0) < $8
    RETURNING seq
  )
  SELECT status, finished_at IS NOT NULL AS finished, (SELECT count(*) FROM added) AS added,
    CASE WHEN EXISTS (SELECT FROM added) THEN pg_notify('gantry_messages', $1::text) END
  FROM runs WHERE id = $1`;

/**
 * All messages of this name that the run was ever sent, in order, then those that come, until `signal` aborts. Whoever
 * begins anew hears all of them again. Reads on only when the last one was taken.
 */
export async function* followMessages(
  db: Queryable,
  listener: Listener,
  { runId, name }: { readonly runId: string; readonly name: string },
  signal: AbortSignal,
): AsyncGenerator<Message> {
  let heard = true;
  let wake = () => {};
  const hear = () => {
    heard = true;
    wake();
  };
  const stop = listener.on('gantry_messages', (id) => id === runId && hear(), hear);
  signal.addEventListener('abort', hear, { once: true });
  try {
    for (let last = 0; !signal.aborted;) {
      heard = false;
      const page = await readMessages(db, runId, name, last).catch(() => undefined);
      if (page === undefined) await pause(againMs, undefined, { signal }).catch(() => undefined);
      for (const message of page ?? []) {
        yield message;
        last = message.seq;
        if (signal.aborted) return;
      }
      if (page === undefined || page.length === pageSize) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (heard || signal.aborted) resolve();
      });
    }
  } finally {
    stop();
    signal.removeEventListener('abort', hear);
  }
}

/** The messages of this name behind number `after`, in order, a page of them at most. */
export function readMessages(db: Queryable, runId: string, name: string, after: number): Promise<Message[]> {
  return db.query<{ seq: number; payload: unknown; by: string | null }>(
    `SELECT seq, payload, sent_by AS by FROM signals
     WHERE run_id = $1 AND seq > $2 AND name = $3 ORDER BY seq LIMIT ${pageSize}`,
    [runId, after, name],
    'read_messages',
  );
}
