import { setImmediate } from 'node:timers/promises';
import type { Logger } from '../base/logger.ts';
import { GantryError } from '../base/errors.ts';
import type { EventBody } from '../contract/event.ts';
import type { Usage } from '../contract/run.ts';
import type { Database } from '../store/database.ts';
import type { Listener } from '../store/listen.ts';
import type { Attempt, Compensation } from './attempt.ts';
import type { Capability } from './capability.ts';
import type { Publish } from './follow.ts';
import { asJson } from './as-json.ts';
import type { Gate } from './gate.ts';
import { isRetryable, RunCancelled, RunLost, RunOver, toRunError } from './errors.ts';
import { createHistory, readSteps, undoName } from './history.ts';
import { noteOf } from './inbox.ts';
import { followMessages, readMessages } from './messages.ts';
import { createRunsOnBehalf } from './on-behalf.ts';
import { readRetelling } from './retelling.ts';
import { requeueRun } from './requeue.ts';
import type { RunRow } from './run-row.ts';
import { createRunWriter, type Finish } from './run-writer.ts';
import { createStoryContext } from './story-context.ts';
import { settleWaits } from './wait.ts';
import { wakeRun } from './wake.ts';

export interface EngineOptions {
  readonly db: Database;
  readonly capabilityNamed: (name: string) => Capability;
  readonly publish: Publish;
  readonly listener: Listener;
  /** Asked at the time of use, because it changes while a worker runs. */
  readonly maxAttempts: () => number;
  readonly maxQueued: () => number;
  readonly log: Logger;
  /** Told of each run that this worker ended; for metrics. */
  readonly onFinish?: (row: RunRow) => void;
}

/** How an attempt left its run; `drained` is finished with no other run waiting for the slot. */
export type AttemptEnd = 'finished' | 'drained' | 'asleep' | 'requeued' | 'lost';

/**
 * Works on a claimed run until it ends, waits, or is lost: tells the story from its start, with recorded steps answered
 * from the record. `control` is aborted with RunCancelled when the run is to end, with RunLost when the worker has to
 * let go of it; `gate` is closed while the run is paused.
 */
export async function attemptRun(
  options: EngineOptions,
  row: RunRow,
  control: AbortController,
  gate: Gate,
): Promise<AttemptEnd> {
  const { db, publish, log } = options;
  const lost = () => control.abort(new RunLost(`Another worker owns run ${row.id}.`));
  const writer = createRunWriter({ db, run: row, publish, onLost: lost, onPaused: gate.set });
  const usage: Usage = {};
  let rested: (() => void) | undefined;
  const attempt: Attempt = {
    row,
    writer,
    history: createHistory(row.claim > 1 || row.origin_kind === 'fork' ? await readSteps(db, row.id) : []),
    signal: control.signal,
    gate,
    log: log.child({ run: row.id }),
    hear: (name, signal) => followMessages(db, options.listener, { runId: row.id, name }, signal),
    received: (name, after) => readMessages(db, row.id, name, after),
    compensations: [],
    waits: [],
    final: new WeakSet(),
    retelling: await readRetelling(db, row),
    asked: row.asks !== null,
    active: 0,
    over: false,
    rest: () => rested?.(),
    onRest: (called) => (rested = called),
  };
  if (row.cancel_at) control.abort(new RunCancelled(`Run ${row.id} was cancelled.`));
  try {
    const capability = options.capabilityNamed(row.capability);
    const { capabilityNamed, maxQueued } = options;
    const runs = createRunsOnBehalf({ db, row, capabilityNamed, maxQueued });
    const ctx = createStoryContext({ db, attempt, capabilityNamed, runs, usage });
    const story = capability.run(ctx, row.input).then(
      (output) => ({ output }),
      (error: unknown) => ({ error }),
    );
    const end = await Promise.race([story, untilAsleep(db, attempt, control)]);
    if (end === 'asleep') {
      control.abort(new RunOver(`Run ${row.id} has gone to sleep.`));
      return 'asleep';
    }
    if ('error' in end) return await endBadly(options, attempt, control, usage, end.error);
    await comeToRest(attempt, control);
    return await finishRun(
      options,
      attempt,
      {
        status: 'succeeded',
        output: outputOf(capability, end.output),
        outcome: capability.outcome?.(end.output) ?? null,
        error: null,
        usage,
      },
      { type: 'run.succeeded', data: { usage } },
    );
  } catch (error) {
    return await endBadly(options, attempt, control, usage, error);
  } finally {
    writer.stop();
  }
}

/** The story has ended: stops the steps that it left running, so that none acts while others are undone or done again. */
async function comeToRest(attempt: Attempt, control: AbortController): Promise<void> {
  attempt.over = true;
  attempt.gate.fail(new RunOver(`The story of run ${attempt.row.id} has ended.`));
  if (attempt.active > 0) control.abort(new RunOver(`The story of run ${attempt.row.id} has ended.`));
  while (attempt.active > 0) await new Promise<void>((resolve) => attempt.onRest(resolve));
}

function outputOf(capability: Capability, output: unknown): string | null {
  const what = `The story of ${capability.name}`;
  const json = asJson(what, output);
  const { success, error } = capability.output.safeParse(output);
  if (success) return json;
  throw new GantryError('OUTPUT_INVALID', `${what} returned what its schema doesn't allow.`, {
    cause: error,
  });
}

/** Resolves when the run has gone to sleep; while anything is active, or an answer is there, the story goes on instead. */
async function untilAsleep(db: Database, attempt: Attempt, control: AbortController): Promise<'asleep'> {
  const { gate } = attempt;
  const rests = () => attempt.active === 0 && attempt.waits.length + gate.parked > 0;
  attempt.signal.addEventListener('abort', () => attempt.rest(), { once: true });
  for (;;) {
    await new Promise<void>((resolve) => {
      attempt.onRest(resolve);
      if (attempt.signal.aborted || rests()) resolve();
    });
    await setImmediate();
    if (attempt.over) await new Promise(() => undefined);
    if (attempt.signal.aborted) {
      for (const wait of attempt.waits.splice(0)) wait.reject(attempt.signal.reason);
      gate.fail(attempt.signal.reason);
      await new Promise(() => undefined);
    }
    if (!rests()) continue;
    gate.hold();
    await attempt.writer.flush();
    const waits = attempt.waits.splice(0);
    const settled = await settleWaits(db, attempt.row, waits, gate.parked).catch((error: unknown) => {
      if (!(error instanceof RunCancelled)) throw error;
      control.abort(error);
    });
    if (settled === null) return 'asleep';
    const answers = settled?.answers ?? [];
    attempt.waits.push(...waits.filter((wait) => !answers.some((answer) => answer.wait === wait)));
    if (settled) gate.set(settled.paused, settled.seq);
    gate.release();
    for (const { wait, value } of answers) wait.resolve(value);
  }
}

async function endBadly(
  options: EngineOptions,
  attempt: Attempt,
  control: AbortController,
  usage: Usage,
  thrown: unknown,
): Promise<AttemptEnd> {
  const { row, signal } = attempt;
  const reason: unknown = signal.aborted ? signal.reason : thrown;
  await comeToRest(attempt, control);
  if (reason instanceof RunLost || thrown instanceof RunLost) return 'lost';
  const cancelled = reason instanceof RunCancelled;
  try {
    if (!cancelled && isRetryable(thrown) && !isFinal(attempt, thrown)) {
      if (row.attempt >= options.maxAttempts()) await compensate(attempt);
      return await tryLater(options, attempt, thrown);
    }
    await compensate(attempt);
    const error = toRunError(thrown);
    const [finish, event]: [Finish, EventBody] = cancelled
      ? [
          { status: 'cancelled', output: null, outcome: null, error: null, usage },
          { type: 'run.cancelled', data: { by: await cancelledBy(options.db, row.id) } },
        ]
      : [
          { status: 'failed', output: null, outcome: null, error, usage },
          { type: 'run.failed', data: { error } },
        ];
    return await finishRun(options, attempt, finish, event);
  } catch (error) {
    if (error instanceof RunLost) return 'lost';
    if (!isRetryable(error)) throw error;
    return tryLater(options, attempt, error);
  }
}

function isFinal(attempt: Attempt, thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && attempt.final.has(thrown);
}

async function cancelledBy(db: Database, runId: string): Promise<string | null> {
  const [row] = await db.query<Pick<RunRow, 'cancel_by'>>('SELECT cancel_by FROM runs WHERE id = $1', [
    runId,
  ]);
  return row?.cancel_by ?? null;
}

async function tryLater(options: EngineOptions, attempt: Attempt, thrown: unknown): Promise<AttemptEnd> {
  const error = toRunError(thrown);
  attempt.log.error({ err: thrown }, 'the run failed for a reason that may pass');
  const { row } = attempt;
  await attempt.writer.flush();
  const delayMs = Math.min(60_000, 500 * 2 ** (row.attempt - 1));
  const { db } = options;
  const maxAttempts = options.maxAttempts();
  const dead = await requeueRun(
    db,
    { runId: row.id, claim: row.claim, workerId: row.worker_id },
    { maxAttempts, reason: 'retrying', delayMs, error },
  );
  if (dead === undefined) return 'lost';
  return dead ? 'finished' : 'requeued';
}

/**
 * Undoes what has been done, the latest first. A compensation that fails is logged, and the others still run. What an
 * earlier attempt has recorded as undone isn't undone again, and nothing is undone before what came before is stored.
 */
async function compensate(attempt: Attempt): Promise<void> {
  const { history, writer, log } = attempt;
  for (const each of attempt.compensations.toReversed()) {
    if (history.undone(each)) continue;
    await writer.recorded();
    const startedAt = new Date();
    const place = { step: undoName(each.name), ordinal: each.ordinal };
    writer.emit({ type: 'step.started', data: { ...place, attempt: 1 } });
    const error = await undo(each).catch((thrown: unknown) => {
      log.error({ err: thrown, step: each.name }, 'a compensation failed');
      return toRunError(thrown);
    });
    const durationMs = Date.now() - startedAt.getTime();
    await writer.record(
      {
        name: place.step,
        ordinal: each.ordinal,
        position: history.nextPosition(),
        kind: 'compensation',
        status: error ? 'failed' : 'succeeded',
        output: null,
        error: error ?? null,
        attempts: 1,
        compensates: false,
        startedAt,
      },
      error
        ? { type: 'step.failed', data: { ...place, error, durationMs } }
        : { type: 'step.succeeded', data: { ...place, durationMs } },
    );
  }
}

async function undo(compensation: Compensation): Promise<undefined> {
  await compensation.undo();
  return undefined;
}

async function finishRun(
  options: EngineOptions,
  attempt: Attempt,
  finish: Finish,
  event: EventBody,
): Promise<AttemptEnd> {
  const { row, history, writer } = attempt;
  if (finish.status === 'succeeded' && history.left > 0) {
    throw new GantryError(
      'HISTORY_MISMATCH',
      `The story ended while ${history.left} recorded step(s) had not been asked for.`,
    );
  }
  const note = noteOf(row, finish.status, Date.now());
  const inbox = note || attempt.asked ? { note } : undefined;
  const ended = await writer.finish({ ...finish, inbox }, event);
  options.onFinish?.(ended);
  if (row.parent_id === null) return ended.queued ? 'finished' : 'drained';
  await wakeParent(options.db, row.parent_id).catch((error: unknown) =>
    attempt.log.warn({ err: error }, 'could not wake the parent; the reconciler will'),
  );
  return 'finished';
}

/** In a transaction of its own after the child's end: a parent that looked before that is asleep by now, or sees the end. */
async function wakeParent(db: Database, parentId: string): Promise<void> {
  await db.transaction((tx) => wakeRun(tx, parentId));
}
