import type { EventBody } from '../contract/event.ts';
import type { RunError, RunStatus, Usage } from '../contract/run.ts';
import { eventColumns, numberEvents, type PendingEvent } from '../store/event-log.ts';
import type { Queryable } from '../store/database.ts';
import { RunLost } from './errors.ts';
import { finishParts, noteValues, type Note } from './inbox.ts';
import type { Publish } from './follow.ts';
import { toRun, type RunRow } from './run-row.ts';

const outputFlushMs = 1;
const otherFlushMs = 25;
/** Pause before what could not be stored is tried again, if nothing else comes before. */
const againMs = 1000;

/** A step as it is recorded. */
export interface StepRecord {
  readonly name: string;
  readonly ordinal: number;
  readonly position: number;
  readonly kind: 'step' | 'sleep' | 'signal' | 'child' | 'compensation';
  readonly status: 'waiting' | 'succeeded' | 'failed';
  /** JSON; null when the step returned nothing. */
  readonly output: string | null;
  readonly error: RunError | null;
  readonly attempts: number;
  readonly compensates: boolean;
  readonly startedAt: Date;
}

export interface Finish {
  readonly status: RunStatus;
  /** JSON. */
  readonly output: string | null;
  readonly error: RunError | null;
  readonly usage: Usage;
  /** What came of it in a few words, for lists; null where the status says it all. */
  readonly outcome: string | null;
  /** Set when the end closes questions or is worth a note; most ends do neither, and cost nothing more. */
  readonly inbox?: { readonly note: Note | null } | undefined;
}

/** The row of a run that has just ended. */
export type Ended = RunRow & { readonly queued: boolean };

/**
 * The one writer of a run while a worker owns it. Every statement is fenced by the claim: if another worker has taken
 * the run since, nothing is written and RunLost is thrown. Writes of one run happen one after another.
 */
export interface RunWriter {
  /** Buffers; stored with the next step, or within milliseconds. */
  emit(event: EventBody): void;
  /** Stores all that is buffered. */
  flush(): Promise<void>;
  /** Hands a step in. It is stored at once, together with the run's end if that follows on its heels. */
  record(step: StepRecord, event: EventBody): Promise<void>;
  /** Resolves when all steps handed in are stored; nothing outside may be done before. */
  recorded(): Promise<void>;
  /** `queued` says whether other runs wait for a slot. */
  finish(finish: Finish, event: EventBody): Promise<Ended>;
  /** The attempt is over: drops what is not stored, and writes nothing any more by itself. */
  stop(): void;
}

interface WriterOptions {
  readonly db: Queryable;
  readonly run: Pick<RunRow, 'id' | 'claim' | 'worker_id'>;
  readonly publish: Publish;
  readonly onLost: () => void;
  /** Told after each write whether the run was paused as of its event `seq`. */
  readonly onPaused: (paused: boolean, seq: number) => void;
}

export function createRunWriter({ db, run, publish, onLost, onPaused }: WriterOptions): RunWriter {
  const state: { events: PendingEvent[]; step: StepRecord | undefined; lost: boolean } = {
    events: [],
    step: undefined,
    lost: false,
  };
  const timer = createFlushTimer(() => void write().catch(() => undefined));
  let tail: Promise<unknown> = Promise.resolve();

  function write(end?: { finish: Finish; event: EventBody }): Promise<Ended | undefined> {
    const work = tail.then(async () => {
      timer.stop();
      const { events, step } = state;
      const last = end ? [{ ...end.event, at: new Date() }] : [];
      const pending = [...events, ...last];
      if (pending.length === 0) return undefined;
      Object.assign(state, { events: [], step: undefined });
      try {
        return await store(pending, step, end?.finish);
      } catch (error) {
        if (!state.lost) {
          Object.assign(state, { events: [...events, ...state.events], step: step ?? state.step });
          timer.start(againMs);
        }
        throw error;
      }
    });
    tail = work.catch(() => undefined);
    return work;
  }

  async function store(
    pending: readonly PendingEvent[],
    step: StepRecord | undefined,
    finish: Finish | undefined,
  ): Promise<Ended> {
    const { name, text, values } = statementOf(run, pending, step, finish);
    const [row] = await db.query<Ended>(text, values, name);
    if (!row) {
      state.lost = true;
      onLost();
      throw new RunLost(`Another worker owns run ${run.id}.`);
    }
    onPaused(row.paused_at !== null, row.last_seq);
    publish(numberEvents(run.id, pending, row.last_seq), finish && toRun(row));
    return row;
  }

  const record: RunWriter['record'] = async (step, event) => {
    while (state.step) await write();
    state.step = step;
    state.events.push({ ...event, at: new Date() });
    timer.start(0);
  };
  const recorded = async () => {
    await tail;
    if (state.step) await write();
  };
  return {
    emit: (event) => {
      if (state.lost) return;
      state.events.push({ ...event, at: new Date() });
      timer.start(event.type === 'output' ? outputFlushMs : otherFlushMs);
    },
    flush: async () => void (await write()),
    record,
    recorded,
    finish: async (finish, event) => {
      const row = await write({ finish, event });
      if (!row) throw new RunLost(`Run ${run.id} finished without an event.`);
      return row;
    },
    stop: () => {
      state.lost = true;
      timer.stop();
    },
  };
}

function statementOf(
  run: WriterOptions['run'],
  pending: readonly PendingEvent[],
  step: StepRecord | undefined,
  finish: Finish | undefined,
): { name: string; text: string; values: unknown[] } {
  const [name, text] = finish
    ? finish.inbox
      ? (['finish_run_noted', finishNotedSql] as const)
      : (['finish_run', finishSql] as const)
    : step
      ? (['record_step', recordSql] as const)
      : (['append_events', appendSql] as const);
  const stepPart = step || finish ? stepValues(step) : [];
  const finishPart = finish
    ? [finish.status, finish.output, asJson(finish.error), JSON.stringify(finish.usage), finish.outcome]
    : [];
  const values = [
    run.id,
    run.claim,
    pending.length,
    ...eventColumns(pending),
    ...stepPart,
    ...finishPart,
    run.worker_id,
    ...(finish?.inbox ? noteValues(finish.inbox.note, finish.error) : []),
  ];
  return { name, text, values };
}

/** One timer, the earliest of those asked for. */
function createFlushTimer(flush: () => void): { start(delayMs: number): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let dueMs = 0;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    stop,
    start: (delayMs) => {
      if (timer && dueMs <= delayMs) return;
      stop();
      dueMs = delayMs;
      timer = setTimeout(() => {
        timer = undefined;
        flush();
      }, delayMs);
    },
  };
}

function stepValues(step: StepRecord | undefined): unknown[] {
  if (!step) return Array.from({ length: 10 }, () => null);
  return [
    step.name,
    step.ordinal,
    step.position,
    step.kind,
    step.status,
    step.output,
    asJson(step.error),
    step.attempts,
    step.compensates,
    step.startedAt,
  ];
}

function asJson(value: RunError | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

const fenced = `UPDATE runs SET last_seq = last_seq + $3`;
/* The worker's id as well: a crash of PostgreSQL can take a claim back, and then its number is given out again. */
const owned = (worker: string) =>
  `WHERE id = $1 AND claim = $2 AND worker_id = ${worker} AND status = 'running'`;
const appended = `
  written AS (
    INSERT INTO events (run_id, seq, at, type, data)
    SELECT $1, owner.last_seq - $3 + e.n, e.at, e.type, e.data
    FROM owner, unnest($4::timestamptz[], $5::text[], $6::json[]) WITH ORDINALITY AS e (at, type, data, n)
  )`;
const notify = (end: '' | ' end') =>
  `pg_notify('gantry_events', $1::text || ' ' || $3::text || ' ' || last_seq || '${end}')`;

/* Losing the newest events in a crash of PostgreSQL costs nothing: the step that wrote them runs again. */
const appendSql = `
  WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS mode),
  owner AS (${fenced} FROM relaxed ${owned('$7')} AND relaxed.mode = 'off' RETURNING last_seq, paused_at), ${appended}
  SELECT last_seq, paused_at, ${notify('')} FROM owner`;

const stepped = `
  step AS (
    INSERT INTO steps (run_id, name, ordinal, position, kind, status, output, error, attempts, compensates, started_at, finished_at)
    SELECT $1, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, now() FROM owner WHERE $7::text IS NOT NULL
    ON CONFLICT (run_id, name, ordinal) DO UPDATE
    SET status = excluded.status, output = excluded.output, error = excluded.error, attempts = excluded.attempts, finished_at = now()
  )`;

const recordSql = `
  WITH owner AS (${fenced} ${owned('$17')} RETURNING last_seq, paused_at), ${appended}, ${stepped}
  SELECT last_seq, paused_at, ${notify('')} FROM owner`;

const finished = `
  WITH owner AS (
    ${fenced}, status = $17, output = $18, error = $19, usage = $20, outcome = $21, finished_at = now(), worker_id = NULL,
      waiting_for = NULL, wake_at = NULL
    ${owned('$22')} RETURNING *
  ), ${appended}, ${stepped}`;
const isQueued = `EXISTS (SELECT FROM runs WHERE status = 'queued') AS queued`;

const finishSql = `${finished}
  SELECT owner.*, ${isQueued}, ${notify(' end')} FROM owner`;

const finishNotedSql = `${finished}, ${finishParts.ctes(23)}
  SELECT owner.*, ${isQueued}, ${notify(' end')}, ${finishParts.used} FROM owner`;
