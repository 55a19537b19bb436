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
  return rows.map(toEvent);
}

function toEvent(row: EventRow): Event {
  return {
    runId: row.run_id,
    seq: row.seq,
    at: row.at.toISOString(),
    type: row.type,
    data: row.data,
  } as Event;
}

/** A stretch of the events of a run. */
export interface EventRange {
  /** Only events with a higher number. */
  readonly after: number;
  /** Only events with a lower number. */
  readonly before: number;
  /** Which end the page is taken from, when there are more than fit. */
  readonly from: 'start' | 'end';
  /** Only these types, all if none is named; and never those. */
  readonly types: readonly string[];
  readonly without: readonly string[];
  /** At most so many, and no more data than this once there is one. */
  readonly limit: number;
  readonly bytes: number;
}

/** Events of a stretch, oldest first; `more` says that others lie beyond the page's open end. */
export async function readEventRange(
  db: Queryable,
  runId: string,
  { after, before, from, types, without, limit, bytes }: EventRange,
): Promise<{ items: Event[]; more: boolean }> {
  const order = from === 'start' ? 'ASC' : 'DESC';
  // Weighed there and not here: a page of the largest events would be many times what may be sent.
  const rows = await db.query<EventRow & { found: number }>(
    `SELECT * FROM (
       SELECT *, sum(size) OVER (ORDER BY seq ${order}) - size AS before, count(*) OVER () AS found FROM (
         SELECT run_id, seq, at, type, data, octet_length(data::text) AS size FROM events
         WHERE run_id = $1 AND seq > $2 AND seq < $3
           AND ($4::text[] = '{}' OR type = ANY($4)) AND NOT type = ANY($5::text[])
         ORDER BY seq ${order} LIMIT $6
       ) page
     ) weighed WHERE before < $7 OR before = 0 ORDER BY seq ${order}`,
    [runId, after, before, types, without, limit + 1, bytes],
    `read_event_range_${from}`,
  );
  const fitting = rows.slice(0, limit);
  const items = fitting.map(toEvent);
  return { items: from === 'start' ? items : items.reverse(), more: fitting.length < (rows[0]?.found ?? 0) };
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
