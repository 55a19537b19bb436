import type {
  DatabaseView,
  DeadLetter,
  EventPage,
  EventStats,
  FoundEvent,
  Overview,
  Queues,
  RetentionRun,
} from '../../contract/system.ts';
import type { WorkerView } from '../../contract/worker.ts';
import type { Database } from '../../store/database.ts';
import type { Caps } from '../dispatch.ts';
import { drainWorker, listWorkers } from '../workers.ts';
import { expireNow, readDatabase } from './database.ts';
import { countDeadLetters, listDeadLetters, type DeadLetterRequest } from './dead-letters.ts';
import { countEvents, everyEvent, findEvents, type EventRequest } from './events.ts';
import type { EventFilter } from './event-windows.ts';
import { createHours } from './hours.ts';
import { readOverview } from './overview.ts';
import { readQueues } from './queues.ts';

/** What the house knows of itself, for those who run it. */
export interface System {
  overview(): Promise<Overview>;
  workers(): Promise<WorkerView[]>;
  /** NOT_FOUND when the worker is not there any more. */
  drain(workerId: string, drains: boolean): Promise<void>;
  queues(): Promise<Queues>;
  deadLetters(request: DeadLetterRequest): Promise<{ items: DeadLetter[]; next: string | null }>;
  events(request: EventRequest): Promise<EventPage>;
  eventStats(filter: EventFilter): Promise<EventStats>;
  everyEvent(filter: EventFilter, signal: AbortSignal): AsyncIterable<readonly FoundEvent[]>;
  database(): Promise<DatabaseView>;
  /** Deletes what is too old now, for some seconds at most. */
  expire(): Promise<RetentionRun>;
}

export interface SystemOptions {
  readonly db: Database;
  readonly databaseKind: DatabaseView['kind'];
  /** These are asked at the time of use, because they change while Gantry runs. */
  readonly caps: () => Caps;
  readonly maxQueued: () => number;
  readonly retentionDays: () => number;
  readonly paused: () => boolean;
}

const expirePatienceMs = 15_000;

export function createSystem(options: SystemOptions): System {
  const { db, caps, maxQueued, retentionDays, paused } = options;
  const hours = createHours(db);
  const queues = () => readQueues(db, caps(), maxQueued());
  return {
    overview: async () => {
      const [workers, lines, dead, buckets] = await Promise.all([
        listWorkers(db),
        queues(),
        countDeadLetters(db),
        hours.read(),
      ]);
      return readOverview({
        workers,
        queues: lines,
        dead,
        hours: buckets,
        paused: paused(),
        retentionDays: retentionDays(),
        now: new Date(),
      });
    },
    workers: () => listWorkers(db),
    drain: (workerId, drains) => drainWorker(db, workerId, drains),
    queues,
    deadLetters: (request) => listDeadLetters(db, request),
    events: (request) => findEvents(db, request),
    eventStats: (filter) => countEvents(db, filter),
    everyEvent: (filter, signal) => everyEvent(db, filter, signal),
    database: () => readDatabase(db, options.databaseKind, retentionDays()),
    expire: () => expireNow(db, retentionDays(), expirePatienceMs),
  };
}
