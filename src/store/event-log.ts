import type { Event, EventBody } from '../contract/event.ts';
import type { Queryable } from './database.ts';

interface EventRow {
  run_id: string;
  seq: number;
  at: Date;
  type: string;
  data: unknown;
}

/** Events of one run after `after`, oldest first. */
export async function readEvents(
  db: Queryable,
  runId: string,
  after: number,
  limit: number,
): Promise<Event[]> {
  const rows = await db.query<EventRow>(
    'SELECT run_id, seq, at, type, data FROM events WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3',
    [runId, after, limit],
    'read_events',
  );
  return rows.map(
    (row) =>
      ({
        runId: row.run_id,
        seq: row.seq,
        at: row.at.toISOString(),
        type: row.type,
        data: row.data,
      }) as Event,
  );
}

/** An event that is not stored yet. */
export type PendingEvent = EventBody & { readonly at: Date };

/** The three arrays that `unnest` makes rows of again. */
export function eventColumns(pending: readonly PendingEvent[]): [string[], string[], string[]] {
  return [
    pending.map((event) => event.at.toISOString()),
    pending.map((event) => event.type),
    pending.map((event) => JSON.stringify(event.data)),
  ];
}

/** Gives events that were just stored the numbers they got; `lastSeq` is the number of the last. */
export function numberEvents(runId: string, pending: readonly PendingEvent[], lastSeq: number): Event[] {
  const first = lastSeq - pending.length + 1;
  return pending.map(
    (event, index) =>
      ({
        runId,
        seq: first + index,
        at: event.at.toISOString(),
        type: event.type,
        data: event.data,
      }) as Event,
  );
}
