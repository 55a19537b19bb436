import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../store/database.ts';
import type { Listener } from '../store/listen.ts';
import { claimRuns, type Caps } from './dispatch.ts';
import { attemptRun, type AttemptEnd, type EngineOptions } from './engine.ts';
import { RunLost } from './errors.ts';
import { createGate } from './gate.ts';
import { createIntake } from './intake.ts';
import { beat, reapWorkers } from './liveness.ts';
import { pauseWord, type PauseWord } from './pause.ts';
import { reconcile } from './reconcile.ts';
import { repeat } from './repeat.ts';
import { requeueRun } from './requeue.ts';
import { expireRuns } from './retention.ts';
import { rollUpUsage } from './usage.ts';
import type { RunRow } from './run-row.ts';
import { startDue } from './schedule.ts';
import { abandonShift, beginShift, cancelHeld, endShift, stopHeld, type Shift } from './shift.ts';
import { createWaker, type Waker } from './waker.ts';
import { drainWord } from './workers.ts';
import { describeWorker, readFigures, type WorkerAbout } from './worker-card.ts';

export interface WorkerOptions extends EngineOptions {
  readonly slots: number;
  readonly capabilities: readonly string[];
  /** These are asked at the time of use, because they change while the worker runs. */
  readonly caps: () => Caps;
  readonly retentionDays: () => number;
  /** True while no run is to be begun; those that run go on. Whoever ends the pause pokes the worker. */
  readonly paused: () => boolean;
  readonly drainMs: number;
  /** Name of the kernel in this process, whose starts poke this worker themselves. */
  readonly sender?: string;
  /** What it is and what it has, for its row among the workers. */
  readonly about?: WorkerAbout;
  /** Told of each claim; for metrics. */
  readonly onClaim?: (row: RunRow) => void;
}

export interface Worker {
  readonly slots: number;
  /** The id it works under at present; undefined while it has lost its line to PostgreSQL. */
  id(): string | undefined;
  busy(): number;
  /** Looks at the queue now; called after a local start, so that nobody waits for a NOTIFY to come round. */
  poke(): void;
  /** Lets runs end for a while, hands the rest back to the queue, and signs off. */
  stop(): Promise<void>;
}

interface Bench {
  shift: Shift | undefined;
  stopping: boolean;
  /** Somebody asked it to take no new runs. */
  draining: boolean;
  readonly attempts: Set<Promise<void>>;
  /** Cancelled runs that aren't held here: the word may have come before the claim's own answer. Kept for a second. */
  readonly cancelled: Set<string>;
  /** The same for what was paused and resumed, by run. */
  readonly pauses: Map<string, PauseWord>;
  /** When the last beat came through, in milliseconds of `performance.now()`. */
  lastBeat: number;
  /** Signing on anew, if that is under way. */
  renewal: Promise<void>;
}

/** How long a stopped run's steps have to come to rest before the run is handed over. */
const restMs = 3000;
/** A worker that hears nothing for this long lets go by itself, before the others give it up. */
const silentMs = 12_000;

/**
 * Signs on and works until stopped. A worker that loses its line to PostgreSQL, or is given up by the others, lets go of
 * all its runs at once and signs on anew under another id.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, log, listener, slots, capabilities, about } = options;
  const bench: Bench = {
    shift: undefined,
    stopping: false,
    draining: false,
    attempts: new Set(),
    cancelled: new Set(),
    pauses: new Map(),
    lastBeat: performance.now(),
    renewal: Promise.resolve(),
  };
  const intake = createIntake(() => takeRuns(options, bench, after), log);
  const waker = createWaker(db, log, intake.poke);
  const after = (end: AttemptEnd) => {
    if (end === 'asleep') void waker.check().catch(() => undefined);
    if (end !== 'drained') intake.poke();
  };
  const onLost = (id: string) => {
    if (bench.shift?.id !== id || bench.stopping) return;
    bench.renewal = renewShift(options, bench, bench.shift, onLost).then(intake.poke);
  };
  bench.shift = await beginShift(db, describeWorker(slots, capabilities, about, false), onLost);
  const stopListening = listen(listener, options, bench, { poke: intake.poke, onLost });
  const stopRounds = startRounds(options, bench, { waker, poke: intake.poke, onLost });
  intake.poke();
  return {
    slots,
    id: () => bench.shift?.id,
    busy: () => bench.shift?.running.size ?? 0,
    poke: intake.poke,
    stop: async () => {
      bench.stopping = true;
      await intake.stop();
      await settleWithin(bench.attempts, options.drainMs);
      stopListening();
      waker.stop();
      await stopRounds();
      await bench.renewal;
      const { shift } = bench;
      if (shift) {
        const stopped = stopHeld(shift);
        await settleWithin(bench.attempts, restMs);
        await endShift(db, shift, stopped, options.maxAttempts(), log);
      }
      await Promise.allSettled(bench.attempts);
    },
  };
}

async function takeRuns(
  options: WorkerOptions,
  bench: Bench,
  after: (end: AttemptEnd) => void,
): Promise<void> {
  const { shift } = bench;
  const free = shift ? options.slots - shift.running.size : 0;
  if (!shift || free === 0 || bench.draining || options.paused()) return;
  const { db, capabilities } = options;
  const caps = options.caps();
  const offers = options.about?.offers() ?? null;
  const rows = await claimRuns(db, { workerId: shift.id, slots: free, capabilities, offers, caps });
  for (const row of rows) {
    const control = new AbortController();
    const gate = createGate(row.paused_at !== null, row.last_seq);
    shift.running.set(row.id, { claim: row.claim, control, gate });
    const early = bench.pauses.get(row.id);
    if (early) gate.set(early.paused, early.seq);
    if (bench.cancelled.delete(row.id)) cancelHeld(shift, row.id);
    if (bench.shift !== shift) control.abort(new RunLost('The worker lost its line to PostgreSQL.'));
    options.onClaim?.(row);
    const attempt = attemptRun(options, row, control, gate)
      .catch((error: unknown) => letGo(options, bench, row, error))
      .then((end) => {
        shift.running.delete(row.id);
        after(end);
      })
      .finally(() => bench.attempts.delete(attempt));
    bench.attempts.add(attempt);
  }
}

/** The attempt couldn't even write down how it ended: give the run back as soon as PostgreSQL answers. */
async function letGo(
  options: WorkerOptions,
  bench: Bench,
  row: RunRow,
  thrown: unknown,
): Promise<AttemptEnd> {
  const { db, log } = options;
  log.error({ run: row.id, err: thrown }, 'an attempt broke off');
  const error = { code: 'WORKER_LOST', message: 'The attempt broke off.' };
  const owned = { runId: row.id, claim: row.claim, workerId: row.worker_id };
  while (!bench.stopping) {
    const maxAttempts = options.maxAttempts();
    const dead = await requeueRun(db, owned, { maxAttempts, reason: 'recovered', delayMs: 0, error }).catch(
      () => null,
    );
    if (dead === undefined) return 'lost';
    if (dead !== null) return dead ? 'finished' : 'requeued';
    await pause(500);
  }
  return 'lost';
}

async function renewShift(
  options: WorkerOptions,
  bench: Bench,
  shift: Shift,
  onLost: (id: string) => void,
): Promise<void> {
  options.log.error(
    { worker: shift.id },
    'the worker lost its hold on its runs; it lets go of them and signs on anew',
  );
  bench.shift = undefined;
  abandonShift(shift);
  for (let delayMs = 100; !bench.shift && !bench.stopping; delayMs = Math.min(delayMs * 2, 2000)) {
    const card = describeWorker(options.slots, options.capabilities, options.about, bench.draining);
    bench.shift = await beginShift(options.db, card, onLost).catch(() => undefined);
    bench.lastBeat = performance.now();
    if (!bench.shift && !bench.stopping) await pause(delayMs);
  }
}

function listen(
  listener: Listener,
  options: WorkerOptions,
  bench: Bench,
  { poke, onLost }: Pick<RoundParts, 'poke' | 'onLost'>,
): () => void {
  const heard = (runId: string) => {
    const word = pauseWord(runId);
    if (word) hearPause(bench, word);
    else if (runId === drainWord) void sayAlive(options, bench, poke, onLost).catch(() => undefined);
    else if (bench.shift?.running.has(runId)) cancelHeld(bench.shift, runId);
    else bench.cancelled.add(runId);
  };
  const stops = [
    listener.on('gantry_queue', (sender) => sender !== options.sender && poke(), poke),
    listener.on('gantry_control', heard, () => void findMarked(options.db, bench).catch(() => undefined)),
  ];
  return () => stops.forEach((stop) => stop());
}

function hearPause({ shift, pauses }: Bench, word: PauseWord): void {
  const held = shift?.running.get(word.runId);
  if (held) held.gate.set(word.paused, word.seq);
  else pauses.set(word.runId, word);
}

/** Looks which of the held runs are to end or to rest, for words that got lost on the way. */
async function findMarked(db: Database, bench: Bench): Promise<void> {
  bench.cancelled.clear();
  bench.pauses.clear();
  const { shift } = bench;
  if (!shift || shift.running.size === 0) return;
  const rows = await db.query<{ id: string; cancelled: boolean; paused: boolean; seq: number }>(
    `SELECT id, cancel_at IS NOT NULL AS cancelled, paused_at IS NOT NULL AS paused, last_seq AS seq
     FROM runs WHERE id = ANY($1::uuid[])`,
    [[...shift.running.keys()]],
    'find_marked',
  );
  for (const { id, cancelled, paused, seq } of rows) {
    if (cancelled) cancelHeld(shift, id);
    else shift.running.get(id)?.gate.set(paused, seq);
  }
}

/** Beats, and hears whether it is to take new runs. */
async function sayAlive(
  options: WorkerOptions,
  bench: Bench,
  poke: () => void,
  onLost: (id: string) => void,
): Promise<void> {
  const { shift } = bench;
  if (!shift) return;
  const told = await beat(options.db, shift.id, shift.running.size, readFigures(options.about));
  bench.lastBeat = performance.now();
  if (!told) return onLost(shift.id);
  const goesOn = bench.draining && !told.drains;
  bench.draining = told.drains;
  if (goesOn) poke();
}

interface RoundParts {
  readonly waker: Waker;
  readonly poke: () => void;
  readonly onLost: (id: string) => void;
}

/** What has to be done again and again, whether or not anybody asks. */
function startRounds(
  options: WorkerOptions,
  bench: Bench,
  { waker, poke, onLost }: RoundParts,
): () => Promise<void> {
  const { db, log, maxAttempts } = options;
  const stops = [
    repeat(500, log, async () => {
      const { shift } = bench;
      if (shift && (await reapWorkers(db, shift.line, shift.id, maxAttempts(), log)) > 0) poke();
    }),
    repeat(1000, log, async () => {
      await findMarked(db, bench);
      await waker.check();
      await startDue(db, options.capabilityNamed, options.maxQueued(), log);
      poke();
    }),
    repeat(3000, log, async () => {
      await sayAlive(options, bench, poke, onLost);
    }),
    repeat(1000, log, async () => {
      if (bench.shift && performance.now() - bench.lastBeat > silentMs) onLost(bench.shift.id);
    }),
    repeat(10_000, log, async () => {
      if ((await reconcile(db, maxAttempts(), log)) > 0) poke();
    }),
    repeat(300_000, log, async () => void (await rollUpUsage(db))),
    repeat(3_600_000, log, async () => {
      const expired = await expireRuns(db, options.retentionDays());
      if (expired > 0) log.info({ runs: expired }, 'old runs were deleted');
    }),
  ];
  return async () => void (await Promise.all(stops.map((stop) => stop())));
}

async function settleWithin(attempts: ReadonlySet<Promise<void>>, ms: number): Promise<void> {
  const done = new AbortController();
  const timeout = pause(ms, undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([Promise.allSettled(attempts), timeout]);
  done.abort();
}
