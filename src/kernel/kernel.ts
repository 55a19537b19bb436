import type { Event } from '../contract/event.ts';
import type { QueuedBecause } from '../contract/queued-because.ts';
import type { RunChange } from '../contract/run-change.ts';
import type { RunCounts } from '../contract/run-filter.ts';
import type { Budget, BudgetChange, Priority, Run, Trigger } from '../contract/run.ts';
import type { Schedule } from '../contract/schedule.ts';
import type { Step } from '../contract/step.ts';
import type { UsageReport } from '../contract/usage.ts';
import type { Role } from '../contract/role.ts';
import type { RunFilter } from './run-filter.ts';
import type { RunDetails } from './run-details.ts';
import type { ListRequest, RunPage } from './run-list.ts';
import type { UsageRequest } from './usage.ts';

export interface StartRequest {
  readonly capability: string;
  /** Checked against the capability's schema: INPUT_INVALID names every problem. */
  readonly input: unknown;
  readonly trigger: Trigger;
  readonly userId: string | null;
  readonly priority?: Priority;
  readonly budget?: Budget;
  /** The same key with the same request answers the same run; with another request it is IDEMPOTENCY_MISMATCH. */
  readonly idempotencyKey?: string | undefined;
}

export interface QueueStats {
  readonly queued: number;
  readonly running: number;
  readonly waiting: number;
  readonly dead: number;
  readonly oldestQueuedSeconds: number;
  readonly workers: readonly {
    id: string;
    host: string;
    pid: number;
    slots: number;
    busy: number;
    beatAt: string;
  }[];
}

export interface NewSchedule {
  readonly name: string;
  readonly capability: string;
  readonly input: unknown;
  readonly cron: string;
  readonly timeZone: string;
  readonly priority?: Priority;
  readonly userId: string | null;
}

/**
 * The durable run and nothing else. HTTP, CLI and capabilities reach runs through this; none of them touches a table.
 * A run that doesn't exist is NOT_FOUND everywhere.
 */
export interface Kernel extends RunDetails {
  /** `replayed` is true when the idempotency key had already started it. QUEUE_FULL when too many runs wait. */
  start(request: StartRequest): Promise<{ run: Run; replayed: boolean }>;
  /** `start`, and the run once it is finished, or as it is when `signal` aborts; the run goes on all the same. */
  run(request: StartRequest, signal: AbortSignal): Promise<{ run: Run; replayed: boolean }>;
  get(runId: string): Promise<Run>;
  /** Why a run that has waited for more than a second is still queued; null when nothing keeps it. */
  queuedBecause(run: Pick<Run, 'id' | 'status'>): Promise<QueuedBecause | null>;
  list(request: ListRequest): Promise<RunPage>;
  /** How many there are by status, whatever status the filter names. */
  count(filter: RunFilter): Promise<RunCounts>;
  /** What runs used, summed up by day, capability, repository or user. */
  usage(request: UsageRequest): Promise<UsageReport>;
  /** Changes in the list of all runs, or of one user's, until `signal` aborts. */
  changes(userId: string | undefined, signal: AbortSignal): AsyncIterable<RunChange>;
  steps(runId: string): Promise<Step[]>;
  /** Events after `after` (0 for all), at most `limit`. */
  events(runId: string, after: number, limit: number): Promise<Event[]>;
  /** Replays what came after the cursor, then follows live; ends after the run's last event or when `signal` aborts. */
  follow(runId: string, after: number, signal: AbortSignal): AsyncIterable<Event>;
  /** The run once it is finished, or as it is when `signal` aborts. */
  finished(runId: string, signal: AbortSignal): Promise<Run>;
  /** `by` is a user's id. RUN_FINISHED when there is nothing left to cancel. */
  cancel(runId: string, by: string | null): Promise<Run>;
  /**
   * The run rests at its next step boundary until `resume`, and costs nothing meanwhile. Both leave a run that is so
   * already as it is. RUN_FINISHED when it is over; CONFLICT for a pause while it is being cancelled.
   */
  pause(runId: string, by: string | null): Promise<Run>;
  resume(runId: string, by: string | null): Promise<Run>;
  /** A new run with the same input. RUN_FINISHED's opposite, CONFLICT, while the run is still going. */
  retry(
    runId: string,
    trigger: Trigger,
    userId: string | null,
    idempotencyKey?: string,
  ): Promise<{ run: Run; replayed: boolean }>;
  /** A new run that keeps the steps recorded before position `from` and does the rest again. */
  fork(
    runId: string,
    from: number,
    trigger: Trigger,
    userId: string | null,
    idempotencyKey?: string,
  ): Promise<{ run: Run; replayed: boolean }>;
  /**
   * The same key with the same message leaves one message; with another it is IDEMPOTENCY_MISMATCH. Where the run asks a
   * person under this name, the message is the answer, `{answer, comment, ordinal}`: CONFLICT when it was answered or is
   * over, FORBIDDEN when `by` isn't asked, INPUT_INVALID when it is none of the answers. `as` says what the sender may do
   * at present, where that is less than the user's role; with `onlyAnswers`, what answers nothing is NOT_FOUND.
   */
  signal(
    runId: string,
    name: string,
    payload: unknown,
    by: string | null,
    idempotencyKey?: string,
    as?: { readonly role: Role; readonly onlyAnswers: boolean },
  ): Promise<void>;
  /**
   * Leaves messages for a running step (`StepContext.messages`), in this order; unlike a signal, no event tells of them.
   * RUN_FINISHED, BODY_TOO_LARGE for a single one, CONFLICT when the run was sent as much as it may be.
   */
  send(runId: string, name: string, payloads: readonly unknown[], by: string | null): Promise<void>;
  /** Whether the run asks, or has asked, this person or anyone of the role. */
  isAsked(runId: string, userId: string, role: Role): Promise<boolean>;
  /** Sets bounds of the run's own budget. RUN_FINISHED when it is over. */
  setBudget(runId: string, change: BudgetChange, by: string | null): Promise<Run>;
  prioritise(runId: string, priority: Priority, by: string | null): Promise<Run>;
  /** Deletes a finished run and all that belongs to it. */
  discard(runId: string): Promise<void>;
  schedules: {
    list(): Promise<Schedule[]>;
    create(schedule: NewSchedule): Promise<Schedule>;
    enable(id: string, enabled: boolean): Promise<Schedule>;
    remove(id: string): Promise<void>;
  };
  stats(): Promise<QueueStats>;
}
