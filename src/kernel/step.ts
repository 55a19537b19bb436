import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { GantryError } from '../base/errors.ts';
import type { RunError } from '../contract/run.ts';
import { asJson } from './as-json.ts';
import { assertGoing, passGate, whileActive, type Attempt } from './attempt.ts';
import type { RetryPolicy, StepContext, StepOptions } from './context.ts';
import { fromRunError, isRetryable, RunCancelled, RunLost, toRunError } from './errors.ts';
import type { StepKey, StepRow } from './history.ts';
import type { Message } from './messages.ts';

const cancelGraceMs = 10_000;

/** Does `work` once and records what came of it; a replay answers from the record. */
export async function runStep<T>(
  attempt: Attempt,
  name: string,
  work: (step: StepContext) => Promise<T>,
  options: StepOptions<T>,
): Promise<T> {
  const key = attempt.history.next(name);
  const recorded = attempt.history.take(key, 'step');
  if (recorded) {
    await Promise.resolve();
    const output = replay<T>(attempt, recorded);
    registerCompensation(attempt, key, options, output);
    return output;
  }
  for (;;) {
    await passGate(attempt);
    const done = await whileActive(attempt, async () => {
      await assertHistoryUsed(attempt, key);
      assertGoing(attempt);
      await attempt.writer.recorded();
      // What was just stored tells whether the run was paused meanwhile.
      if (attempt.gate.closed) return undefined;
      const output = await tryAndRecord(attempt, key, work, options);
      registerCompensation(attempt, key, options, output);
      return { output };
    });
    if (done) return done.output;
  }
}

/**
 * A new step while recorded ones wait to be asked for means that the code has changed under the run. Parallel branches
 * may still be on their way to their recorded steps, so they get one turn of the event loop to arrive.
 */
export async function assertHistoryUsed(attempt: Attempt, key: StepKey): Promise<void> {
  if (attempt.history.left === 0) return;
  await setImmediate();
  if (attempt.history.left === 0 || attempt.active > 1 || attempt.waits.length > 0) return;
  throw new GantryError(
    'HISTORY_MISMATCH',
    `The story asks for the step "${key.name}" (${key.ordinal}), but ${attempt.history.left} recorded step(s) come before it. ` +
      'The code was changed in a way that does not fit runs under way.',
  );
}

function replay<T>(attempt: Attempt, recorded: StepRow): T {
  if (recorded.status === 'failed') {
    const error = fromRunError(recorded.error);
    attempt.final.add(error);
    throw error;
  }
  return (recorded.void ? undefined : recorded.output) as T;
}

async function tryAndRecord<T>(
  attempt: Attempt,
  key: StepKey,
  work: (step: StepContext) => Promise<T>,
  options: StepOptions<T>,
): Promise<T> {
  attempt.retelling.said.length = 0;
  const place = { step: key.name, ordinal: key.ordinal };
  const begun = { position: attempt.history.nextPosition(), startedAt: new Date() };
  const record = (tries: number, output: string | null, runError: RunError | null) => {
    const durationMs = Date.now() - begun.startedAt.getTime();
    const status = runError ? 'failed' : 'succeeded';
    const compensates = options.compensate !== undefined;
    return attempt.writer.record(
      { ...key, ...begun, kind: 'step', status, output, error: runError, attempts: tries, compensates },
      runError
        ? { type: 'step.failed', data: { ...place, error: runError, durationMs } }
        : { type: 'step.succeeded', data: { ...place, durationMs } },
    );
  };
  for (let tries = 1; ; tries += 1) {
    attempt.writer.emit({ type: 'step.started', data: { ...place, attempt: tries } });
    const done = await tryOnce(attempt, key, tries, work);
    if ('output' in done) {
      await record(tries, done.json, null);
      return done.output;
    }
    const { error } = done;
    assertGoing(attempt);
    if (error instanceof RunCancelled || error instanceof RunLost) throw error;
    if (tries >= (options.retry?.attempts ?? 1) || !isRetryable(error)) {
      if (isRetryable(error) && options.retry === undefined) throw error;
      await record(tries, null, toRunError(error));
      if (typeof error === 'object' && error !== null) attempt.final.add(error);
      throw error;
    }
    const delayMs = backOff(options.retry, tries);
    attempt.writer.emit({
      type: 'step.retrying',
      data: { ...place, attempt: tries, error: toRunError(error), delayMs },
    });
    await pause(delayMs, undefined, { signal: attempt.signal }).catch(() => assertGoing(attempt));
  }
}

/** The work alone: that its result can't be recorded is no reason to do it again. */
async function tryOnce<T>(
  attempt: Attempt,
  key: StepKey,
  tries: number,
  work: (step: StepContext) => Promise<T>,
): Promise<{ output: T; json: string | null } | { error: unknown }> {
  const over = new AbortController();
  try {
    const output = await withGrace(attempt, work(stepContext(attempt, key, tries, over)));
    return { output, json: asJson(`The step "${key.name}"`, output) };
  } catch (error) {
    return { error };
  } finally {
    over.abort();
  }
}

function stepContext(attempt: Attempt, key: StepKey, tries: number, over: AbortController): StepContext {
  const { row, writer, signal } = attempt;
  return {
    signal,
    attempt: tries,
    idempotencyKey: `${row.id}:${key.name}:${key.ordinal}`,
    owner: {
      runId: row.id,
      step: key.name,
      ordinal: key.ordinal,
      claim: row.claim,
      workerId: row.worker_id,
    },
    log: attempt.log,
    emit: (event) => writer.emit(event),
    messages: (name) => hear(attempt, name, over.signal),
    received: (name, after) => attempt.received(name, after),
  };
}

/** Ends quietly with its step, but not when the run was cancelled or lost: the step would take that for its end. */
async function* hear(attempt: Attempt, name: string, over: AbortSignal): AsyncGenerator<Message> {
  yield* attempt.hear(name, AbortSignal.any([attempt.signal, over]));
  if (!over.aborted) assertGoing(attempt);
}

function backOff(policy: RetryPolicy | undefined, tries: number): number {
  const delay = (policy?.delayMs ?? 0) * 2 ** (tries - 1);
  return Math.min(delay, policy?.maxDelayMs ?? 60_000);
}

/** A step that doesn't heed its signal is left behind after a grace, so that a cancel always comes through. */
async function withGrace<T>(attempt: Attempt, work: Promise<T>): Promise<T> {
  if (!attempt.signal.aborted) {
    const abort = onceAborted(attempt.signal);
    try {
      const winner = await Promise.race([work.then((value) => ({ value })), abort.happened]);
      if (winner) return winner.value;
    } finally {
      abort.forget();
    }
  }
  const over = new AbortController();
  try {
    return await Promise.race([
      work,
      pause(cancelGraceMs, undefined, { signal: over.signal }).then(() =>
        Promise.reject(attempt.signal.reason),
      ),
    ]);
  } finally {
    over.abort();
  }
}

/* Forgotten after each step: a run of many steps would otherwise keep what each of them held. */
function onceAborted(signal: AbortSignal): { happened: Promise<undefined>; forget: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const listener = () => resolve(undefined);
  signal.addEventListener('abort', listener, { once: true });
  return { happened: promise, forget: () => signal.removeEventListener('abort', listener) };
}

function registerCompensation<T>(attempt: Attempt, key: StepKey, options: StepOptions<T>, output: T): void {
  const { compensate } = options;
  if (compensate) attempt.compensations.push({ ...key, undo: () => compensate(output) });
}
