import type { Event, EventBody } from '../contract/event.ts';
import type { RunError, RunStatus, Usage } from '../contract/run.ts';
import { eventColumns, numberEvents, type PendingEvent } from '../store/events.ts';
import type { Queryable } from '../store/database.ts';
import { RunLost } from './errors.ts';
import type { RunRow } from './run-row.ts';

const outputFlushMs = 3;
const otherFlushMs = 25;

/** A step as it is recorded. */
export interface StepRecord {
  readonly name: string;
  readonly ordinal: number;
  readonly position: number;
  readonly kind: 'step' | 'sleep' | 'signal' | 'child' | 'compensation';
  readonly status: 'waiting' | 'succeeded' | 'failed';
  readonly output: unknown;
  readonly error: RunError | null;
  readonly attempts: number;
  readonly compensates: boolean;
  readonly startedAt: Date;
}

export interface Finish {
  readonly status: RunStatus;
  readonly output: unknown;
  readonly error: RunError | null;
  readonly usage: Usage;
}

/**
 * The one writer of a run while a worker owns it. Every statement is fenced by the claim: if another worker has taken
 * the run since, nothing is written and RunLost is thrown. Writes of one run happen one after another.
 */
export interface RunWriter {
  /** Buffers; stored with the next step, or within milliseconds. */
  emit(event: EventBody): void;
  flush(): Promise<void>;
  record(step: StepRecord, event: EventBody): Promise<void>;
  finish(finish: Finish, event: EventBody): Promise<RunRow>;
}

interface WriterOptions {
  readonly db: Queryable;
  readonly run: Pick<RunRow, 'id' | 'claim'>;
  readonly publish: (events: readonly Event[]) => void;
  readonly onLost: () => void;
}

export function createRunWriter({ db, run, publish, onLost }: WriterOptions): RunWriter {
  let buffer: PendingEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let timerDueMs = 0;
  let tail: Promise<unknown> = Promise.resolve();

  function take(event?: EventBody): PendingEvent[] {
    clearTimeout(timer);
    timer = undefined;
    const taken = event ? [...buffer, { ...event, at: new Date() }] : buffer;
    buffer = [];
    return taken;
  }

  async function write<Row extends { last_seq: number }>(
    name: string,
    text: string,
    more: readonly unknown[],
    event?: EventBody,
  ): Promise<Row | undefined> {
    const previous = tail;
    const work = previous.then(async () => {
      const pending = take(event);
      if (pending.length === 0) return undefined;
      const values = [run.id, run.claim, pending.length, ...eventColumns(pending), ...more];
      const [row] = await db.query<Row>(text, values, name);
      if (!row) {
        onLost();
        throw new RunLost(`Another worker owns run ${run.id}.`);
      }
      publish(numberEvents(run.id, pending, row.last_seq));
      return row;
    });
    tail = work.catch(() => undefined);
    return work;
  }

  function schedule(delayMs: number): void {
    if (timer && timerDueMs <= delayMs) return;
    clearTimeout(timer);
    timerDueMs = delayMs;
    timer = setTimeout(() => {
      timer = undefined;
      write('append_events', appendSql, []).catch(() => undefined);
    }, delayMs);
  }

  return {
    emit: (event) => {
      buffer.push({ ...event, at: new Date() });
      schedule(event.type === 'output' ? outputFlushMs : otherFlushMs);
    },
    flush: async () => {
      await write('append_events', appendSql, []);
    },
    record: async (step, event) => {
      await write('record_step', recordSql, stepValues(step), event);
    },
    finish: async ({ status, output, error, usage }, event) => {
      const values = [status, asJson(output), asJson(error), JSON.stringify(usage)];
      const row = await write<RunRow>('finish_run', finishSql, values, event);
      if (!row) throw new RunLost(`Run ${run.id} finished without an event.`);
      return row;
    },
  };
}

function stepValues(step: StepRecord): unknown[] {
  return [
    step.name,
    step.ordinal,
    step.position,
    step.kind,
    step.status,
    asJson(step.output),
    asJson(step.error),
    step.attempts,
    step.compensates,
    step.startedAt,
  ];
}

function asJson(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

const fenced = `UPDATE runs SET last_seq = last_seq + $3`;
const owned = `WHERE id = $1 AND claim = $2 AND status = 'running'`;
const appended = `
  written AS (
    INSERT INTO events (run_id, seq, at, type, data)
    SELECT $1, owner.last_seq - $3 + e.n, e.at, e.type, e.data
    FROM owner, unnest($4::timestamptz[], $5::text[], $6::json[]) WITH ORDINALITY AS e (at, type, data, n)
  )`;
const notify = `pg_notify('gantry_events', $1::text || ' ' || $3::text || ' ' || last_seq)`;

/* Losing the newest events in a crash of PostgreSQL costs nothing: the step that wrote them runs again. */
const appendSql = `
  WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS mode),
  owner AS (${fenced} FROM relaxed ${owned} AND relaxed.mode = 'off' RETURNING last_seq), ${appended}
  SELECT last_seq, ${notify} FROM owner`;

const recordSql = `
  WITH owner AS (${fenced} ${owned} RETURNING last_seq), ${appended},
  step AS (
    INSERT INTO steps (run_id, name, ordinal, position, kind, status, output, error, attempts, compensates, started_at, finished_at)
    SELECT $1, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, now() FROM owner
    ON CONFLICT (run_id, name, ordinal) DO UPDATE
    SET status = excluded.status, output = excluded.output, error = excluded.error, attempts = excluded.attempts, finished_at = now()
  )
  SELECT last_seq, ${notify} FROM owner`;

const finishSql = `
  WITH owner AS (
    ${fenced}, status = $7, output = $8, error = $9, usage = $10, finished_at = now(), worker_id = NULL,
      waiting_for = NULL, wake_at = NULL
    ${owned} RETURNING *
  ), ${appended}
  SELECT owner.*, ${notify} FROM owner`;
