import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { newId } from '../base/ids.ts';
import type { Listener } from '../store/listen.ts';
import { claimRuns, type Caps } from './dispatch.ts';
import { attemptRun, type AttemptEnd, type EngineOptions } from './engine.ts';
import { RunCancelled, RunLost } from './errors.ts';
import { beat, reapWorkers, signOff, signOn } from './liveness.ts';
import { reconcile } from './reconcile.ts';
import { requeueRun } from './requeue.ts';
import { expireRuns } from './retention.ts';
import { repeat } from './repeat.ts';
import type { RunRow } from './run-row.ts';
import { startDue } from './schedule.ts';
import { createWaker } from './waker.ts';

export interface WorkerOptions extends EngineOptions {
  readonly listener: Listener;
  readonly slots: number;
  readonly capabilities: readonly string[];
  readonly caps: Caps;
  readonly maxQueued: number;
  readonly retentionDays: number;
  readonly drainMs: number;
  /** Told of each claim and each end; for metrics. */
  readonly onClaim?: (row: RunRow) => void;
  readonly onEnd?: (row: RunRow, end: AttemptEnd) => void;
}

export interface Worker {
  readonly id: () => string;
  readonly slots: number;
  busy(): number;
  /** Looks at the queue now; called after a local start, so that nobody waits for a NOTIFY to come round. */
  poke(): void;
  /** Lets runs end for a while, hands the rest back to the queue, and signs off. */
  stop(): Promise<void>;
}

interface Shift {
  readonly id: string;
  readonly line: pg.Client;
  readonly running: Map<string, Held>;
}

interface Held {
  readonly claim: number;
  readonly control: AbortController;
}

/**
 * Signs on and works until stopped. A worker that loses its line to PostgreSQL, or is given up by the others, lets go of
 * all its runs at once (their sandboxes die with them) and signs on anew under another id.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, log, listener, slots } = options;
  let shift = await beginShift();
  let stopping = false;
  let claiming = false;
  let again = false;
  const attempts = new Set<Promise<void>>();
  const waker = createWaker(db, log, () => poke());

  async function beginShift(): Promise<Shift> {
    const id = `${hostname()}-${newId().slice(-12)}`;
    const fresh = { id, running: new Map<string, Held>() };
    const line = await signOn(db, { id, host: hostname(), pid: process.pid, slots }, () => void endShift(id));
    return { ...fresh, line };
  }

  async function endShift(id: string): Promise<void> {
    if (shift.id !== id || stopping) return;
    const old = shift;
    log.error({ worker: id }, 'the worker lost its hold on its runs; it lets go of them and signs on anew');
    shift = { ...old, id: '' };
    for (const { control } of old.running.values())
      control.abort(new RunLost('The worker lost its line to PostgreSQL.'));
    old.line.removeAllListeners('end');
    await old.line.end().catch(() => undefined);
    for (let delayMs = 100; !stopping; delayMs = Math.min(delayMs * 2, 2000)) {
      const next = await beginShift().catch(() => undefined);
      if (next) {
        shift = next;
        break;
      }
      await pause(delayMs);
    }
    poke();
  }

  function poke(): void {
    again = true;
    if (claiming || stopping || shift.id === '') return;
    claiming = true;
    claim().then(
      () => {
        claiming = false;
        if (again && shift.running.size < slots) poke();
      },
      (error: unknown) => {
        claiming = false;
        log.warn({ err: error }, 'could not look at the queue; trying again within a second');
      },
    );
  }

  async function claim(): Promise<void> {
    while (again && !stopping && shift.running.size < slots) {
      again = false;
      const mine = shift;
      const free = slots - mine.running.size;
      const rows = await claimRuns(db, {
        workerId: mine.id,
        slots: free,
        capabilities: options.capabilities,
        caps: options.caps,
      });
      for (const row of rows) work(mine, row);
      if (rows.length === free) again = true;
    }
  }

  function work(mine: Shift, row: RunRow): void {
    const control = new AbortController();
    mine.running.set(row.id, { claim: row.claim, control });
    options.onClaim?.(row);
    const attempt = attemptRun(options, row, control)
      .catch((error: unknown) => letGo(row, error))
      .then((end) => {
        mine.running.delete(row.id);
        options.onEnd?.(row, end);
        if (end === 'asleep') void waker.check().catch(() => undefined);
        poke();
      });
    attempts.add(attempt);
    void attempt.finally(() => attempts.delete(attempt));
  }

  /** The attempt couldn't even write down how it ended: give the run back as soon as PostgreSQL answers. */
  async function letGo(row: RunRow, error: unknown): Promise<AttemptEnd> {
    log.error({ run: row.id, err: error }, 'an attempt broke off');
    const runError = { code: 'WORKER_LOST', message: 'The attempt broke off.' };
    while (!stopping) {
      const owned = { runId: row.id, claim: row.claim };
      const dead = await requeueRun(db, owned, {
        maxAttempts: options.maxAttempts,
        reason: 'recovered',
        delayMs: 0,
        error: runError,
      }).catch(() => null);
      if (dead !== null) return dead === undefined ? 'lost' : dead ? 'finished' : 'requeued';
      await pause(500);
    }
    return 'lost';
  }

  function cancel(runId: string): void {
    shift.running.get(runId)?.control.abort(new RunCancelled(`Run ${runId} was cancelled.`));
  }

  async function findCancelled(): Promise<void> {
    const ids = [...shift.running.keys()];
    const rows = await db.query<{ id: string }>(
      'SELECT id FROM runs WHERE id = ANY($1::uuid[]) AND cancel_at IS NOT NULL',
      [ids],
    );
    for (const row of rows) cancel(row.id);
  }

  const listening = [
    listener.on('gantry_queue', poke, poke),
    listener.on('gantry_control', cancel, () => void findCancelled().catch(() => undefined)),
  ];
  const loops = [
    repeat(1000, log, async () => {
      await waker.check();
      await startDue(db, options.capabilityNamed, options.maxQueued, log);
      poke();
    }),
    repeat(500, log, async () => {
      if (shift.id === '') return;
      if ((await reapWorkers(db, shift.line, shift.id, options.maxAttempts, log)) > 0) poke();
    }),
    repeat(3000, log, async () => {
      const { id, running } = shift;
      if (id !== '' && !(await beat(db, id, running.size))) await endShift(id);
    }),
    repeat(10_000, log, async () => {
      if ((await reconcile(db, options.maxAttempts, log)) > 0) poke();
    }),
    repeat(3_600_000, log, async () => {
      const expired = await expireRuns(db, options.retentionDays);
      if (expired > 0) log.info({ runs: expired }, 'old runs were deleted');
    }),
  ];
  poke();

  return {
    id: () => shift.id,
    slots,
    busy: () => shift.running.size,
    poke,
    stop: async () => {
      stopping = true;
      for (const stopListening of listening) stopListening();
      const drained = new AbortController();
      await Promise.race([
        Promise.allSettled(attempts),
        pause(options.drainMs, undefined, { signal: drained.signal }),
      ]);
      drained.abort();
      await handOver(options, shift);
      await Promise.allSettled(attempts);
      waker.stop();
      await Promise.all(loops.map((stopLoop) => stopLoop()));
      await signOff(shift.line, shift.id);
    },
  };
}

/** Runs that didn't end in time go back to the queue; the next worker takes them up from their last recorded step. */
async function handOver({ db, maxAttempts, log }: WorkerOptions, shift: Shift): Promise<void> {
  const error = { code: 'SHUTTING_DOWN', message: 'The worker was shut down.' };
  for (const [runId, { claim, control }] of shift.running) {
    control.abort(new RunLost('The worker is shutting down.'));
    await requeueRun(db, { runId, claim }, { maxAttempts, reason: 'handed-over', delayMs: 0, error }).catch(
      (failure: unknown) =>
        log.warn({ run: runId, err: failure }, 'could not hand the run over; another worker will recover it'),
    );
  }
}
