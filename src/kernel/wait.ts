import type { EventBody } from '../contract/event.ts';
import type { Ask, GivenAnswer, Question } from '../contract/question.ts';
import { isTerminal } from '../contract/run-status.ts';
import type { Database, Queryable } from '../store/database.ts';
import type { ChildResult } from './context.ts';
import { RunCancelled, RunLost } from './errors.ts';
import type { StepKey, StepRow } from './history.ts';
import { asksOf, closeQuestions, noteQuestion } from './inbox.ts';
import { questionOf } from './question.ts';
import type { RunRow } from './run-row.ts';
import { changeRun, forResume } from './wake.ts';

/** Something that a story waits for, and how to hand it over. */
export interface Wait extends StepKey {
  readonly kind: 'sleep' | 'signal' | 'child';
  readonly position: number;
  readonly startedAt: Date;
  /** By PostgreSQL's clock; a new wait gets it when it is first looked at. */
  dueAt: Date | null;
  /** When a new wait is over, in milliseconds of `performance.now()`. */
  readonly deadline: number | null;
  readonly signalName: string | null;
  readonly childId: string | null;
  /** What the story asks a person; `question` is it as it was first stored. */
  readonly ask?: Ask | undefined;
  question: Question | null;
  /** Whether a signal's payload is one that is waited for; others are dropped. */
  accepts?(payload: unknown): boolean;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** What a wait came to. `value` is stored as the step's output. */
interface Answer {
  readonly wait: Wait;
  readonly value: unknown;
}

/** A signal's output is boxed, so that a payload of null differs from a timeout. */
export type SignalOutput =
  | { readonly payload: unknown; readonly given?: GivenAnswer }
  | { readonly timedOut: true };

/** What waits came to that don't let the run sleep, and whether it was paused as of its event `seq`. */
interface Settled {
  readonly answers: readonly Answer[];
  readonly paused: boolean;
  readonly seq: number;
}

/**
 * Called when a story has nothing left to do but wait, be it only for the end of a pause (`parked` branches do). Under the
 * run's row lock it looks whether anything waited for has come; if so it records that and answers which waits are over. If
 * not, the run goes to sleep: it gives its slot back and no process holds it any more. Answers null then. Throws
 * RunCancelled or RunLost when there is nothing to wait for.
 */
export async function settleWaits(
  db: Database,
  row: RunRow,
  waits: readonly Wait[],
  parked: number,
): Promise<Settled | null> {
  return db.transaction(async (tx) => {
    const asked = performance.now();
    const { clock, paused, seq } = await lockOwned(tx, row);
    const answers: Answer[] = [];
    for (const wait of waits) {
      if (wait.deadline !== null)
        wait.dueAt ??= new Date(clock.getTime() + Math.max(0, wait.deadline - asked));
      if (wait.ask) wait.question ??= await questionOf(tx, row, wait.ask);
      const value = await answerOf(tx, row.id, wait, clock);
      if (value !== undefined) answers.push({ wait, value });
    }
    for (const wait of waits) {
      const answer = answers.find((each) => each.wait === wait);
      await saveWait(tx, row.id, wait, answer);
      if (!wait.question) continue;
      if (answer) await closeQuestions(tx, row.id, 'expired', wait);
      else await noteQuestion(tx, row, wait);
    }
    if (answers.length > 0 || (parked > 0 && !paused)) return { answers, paused, seq };
    await fallAsleep(tx, row.id, waits, paused);
    return null;
  });
}

/**
 * Locks the run for its owner and answers the time, and whether it is paused. Throws RunLost or RunCancelled when there is
 * nothing to go on with.
 */
export async function lockOwned(
  tx: Queryable,
  row: RunRow,
): Promise<{ clock: Date; paused: boolean; seq: number }> {
  const [owned] = await tx.query<{ cancel_at: Date | null; clock: Date; paused: boolean; seq: number }>(
    `SELECT cancel_at, clock_timestamp() AS clock, paused_at IS NOT NULL AS paused, last_seq AS seq FROM runs
     WHERE id = $1 AND claim = $2 AND worker_id = $3 AND status = 'running' FOR UPDATE`,
    [row.id, row.claim, row.worker_id],
    'lock_claim',
  );
  if (!owned) throw new RunLost(`Another worker owns run ${row.id}.`);
  if (owned.cancel_at) throw new RunCancelled(`Run ${row.id} was cancelled.`);
  return owned;
}

async function answerOf(tx: Queryable, runId: string, wait: Wait, now: Date): Promise<unknown> {
  if (wait.kind === 'child') return childAnswer(tx, wait);
  if (wait.kind === 'signal') {
    const signal = await takeSignal(tx, runId, wait);
    if (signal) return signal satisfies SignalOutput;
  }
  if (!wait.dueAt || wait.dueAt > now) return undefined;
  return wait.kind === 'signal' ? ({ timedOut: true } satisfies SignalOutput) : null;
}

/**
 * The oldest message that fits. One that doesn't is dropped with a word about it: a sender's mistake must not fail the
 * run. So is one to a question that was sent before it was asked: nobody had checked who sent it.
 */
async function takeSignal(
  tx: Queryable,
  runId: string,
  wait: Wait,
): Promise<{ payload: unknown; given?: GivenAnswer } | undefined> {
  const ordinal = wait.question ? wait.ordinal : null;
  for (;;) {
    const [signal] = await tx.query<{ payload: unknown; given: GivenAnswer | null }>(
      `UPDATE signals SET consumed_at = now() WHERE id = (
         SELECT id FROM signals WHERE run_id = $1 AND name = $2 AND consumed_at IS NULL
           AND ($3::int IS NULL OR answers IS NULL OR answers = $3) ORDER BY id LIMIT 1
       ) RETURNING payload, given`,
      [runId, wait.signalName, ordinal],
    );
    if (!signal) return undefined;
    const { payload, given } = signal;
    if ((given || !wait.question) && (wait.accepts?.(payload) ?? true))
      return { payload, ...(given && { given }) };
    const message = `A signal "${wait.signalName}" was dropped: its payload is not what the run waits for.`;
    await changeRun(tx, runId, '', [], { type: 'log', data: { level: 'warn', message } });
  }
}

async function childAnswer(tx: Queryable, wait: Wait): Promise<ChildResult | undefined> {
  const [child] = await tx.query<RunRow>('SELECT * FROM runs WHERE id = $1', [wait.childId]);
  if (!child) return { runId: wait.childId ?? '', status: 'dead', output: null };
  return isTerminal(child.status)
    ? { runId: child.id, status: child.status, output: child.output }
    : undefined;
}

/** Writes the wait as a step, open or answered; also used when a child is started. */
export async function saveWait(
  tx: Queryable,
  runId: string,
  wait: Omit<Wait, 'resolve' | 'reject' | 'deadline' | 'ask'>,
  answer?: { value: unknown },
): Promise<void> {
  await tx.query(
    `INSERT INTO steps (run_id, name, ordinal, position, kind, status, output, signal_name, child_id, due_at, started_at, finished_at, question)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (run_id, name, ordinal) DO UPDATE
     SET status = excluded.status, output = excluded.output, finished_at = excluded.finished_at`,
    [
      runId,
      wait.name,
      wait.ordinal,
      wait.position,
      wait.kind,
      answer ? 'succeeded' : 'waiting',
      answer ? JSON.stringify(answer.value) : null,
      wait.signalName,
      wait.childId,
      wait.dueAt,
      wait.startedAt,
      answer ? new Date() : null,
      wait.question && JSON.stringify(wait.question),
    ],
    'save_wait',
  );
}

async function fallAsleep(
  tx: Queryable,
  runId: string,
  waits: readonly Wait[],
  paused: boolean,
): Promise<void> {
  const due = waits.flatMap((wait) => (wait.dueAt ? [wait.dueAt.getTime()] : []));
  const asks = asksOf(waits);
  const rests = paused && asks === null;
  const wakeAt = due.length > 0 && !rests ? new Date(Math.min(...due)) : null;
  const waitingFor = rests ? forResume : waits.map((wait) => wait.signalName ?? wait.name).join(', ');
  const event: EventBody = {
    type: 'run.waiting',
    data: { for: waitingFor, until: wakeAt?.toISOString() ?? null },
  };
  await changeRun(
    tx,
    runId,
    `status = 'waiting', worker_id = NULL, waiting_for = $7, wake_at = $8, asks = $9`,
    [waitingFor, wakeAt, asks && JSON.stringify(asks)],
    event,
  );
}

/** The wait that an earlier attempt wrote down, or a new one. */
export function waitFrom(
  key: StepKey,
  recorded: StepRow | undefined,
  fresh: Pick<Wait, 'kind' | 'deadline' | 'signalName'> & { readonly position: () => number },
): Omit<Wait, 'resolve' | 'reject' | 'childId'> {
  return {
    ...key,
    kind: fresh.kind,
    position: recorded?.position ?? fresh.position(),
    startedAt: recorded?.started_at ?? new Date(),
    dueAt: recorded?.due_at ?? null,
    deadline: recorded ? null : fresh.deadline,
    signalName: fresh.signalName,
    question: recorded?.question ?? null,
  };
}
