import type { EventPage, EventStats, FoundEvent, Looked } from '../../contract/system.ts';
import type { Database } from '../../store/database.ts';
import {
  nextWindows,
  parsePosition,
  timeOf,
  type EventFilter,
  type EventWindow,
  type Position,
} from './event-windows.ts';

export interface EventRequest extends EventFilter {
  readonly cursor?: string | undefined;
  readonly limit: number;
  /** Cuts data that is longer than this many characters; 0 leaves it whole. */
  readonly cutAt: number;
  /** Ends a page behind so many bytes of data, once there is an event in it. */
  readonly bytes?: number;
}

interface EventRow {
  run_id: string;
  seq: number;
  at: Date;
  type: string;
  data: unknown;
  cut: string | null;
  /** How many events there were to answer with, before their data was weighed. */
  found: number;
}

/** Events that one look covers, whatever runs they belong to. */
const eventsAtOnce = 20_000;

/** Where every event counts, a page needs no more than it shows. */
function roomOf({ types, from, to, limit }: EventRequest): number {
  const all = (types === undefined || types.length === 0) && from === undefined && to === undefined;
  return all ? limit : eventsAtOnce;
}

/** Time after which a page is answered as it is, in milliseconds; the look that goes beyond has begun before. */
const pagePatienceMs = 150;
const statsPatienceMs = 1000;

/** Events of all runs: the newest run's first, and within a run the latest first. */
export async function findEvents(db: Database, request: EventRequest): Promise<EventPage> {
  const begun = performance.now();
  const items: FoundEvent[] = [];
  let position = parsePosition(request.cursor);
  let looked: Looked = { events: 0, runs: 0, to: null };
  for (;;) {
    const { windows, next, runs } = await nextWindows(db, request, position, roomOf(request));
    const { found, more } = await readWindows(db, windows, request, request.limit - items.length);
    items.push(...found);
    looked = lookedAt(looked, windows, runs, next);
    const last = items.at(-1);
    if ((items.length >= request.limit || more) && last)
      return { items, next: cursorOf({ runId: last.runId, seq: last.seq }), looked };
    if (next === null) return { items, next: null, looked };
    const enough = request.bytes !== undefined && items.length > 0;
    if (enough || performance.now() - begun > pagePatienceMs) return { items, next: cursorOf(next), looked };
    position = next;
  }
}

/** How many events there are of each type, as far as one look reaches. */
export async function countEvents(db: Database, filter: EventFilter): Promise<EventStats> {
  const begun = performance.now();
  const counts = new Map<string, number>();
  let position: Position | undefined;
  let looked: Looked = { events: 0, runs: 0, to: null };
  for (;;) {
    const { windows, next, runs } = await nextWindows(db, filter, position, eventsAtOnce);
    for (const { type, count } of await countWindows(db, windows, filter))
      counts.set(type, (counts.get(type) ?? 0) + count);
    looked = lookedAt(looked, windows, runs, next);
    if (next === null || performance.now() - begun > statsPatienceMs) {
      const types = [...counts].map(([type, count]) => ({ type, count }));
      return {
        types: types.toSorted((one, other) => other.count - one.count),
        complete: next === null,
        looked,
      };
    }
    position = next;
  }
}

/* One event may hold all that a program wrote at once, which is megabytes. */
const exportBytes = 4 * 1024 * 1024;

/** All that match, page by page, none of which is more than memory has room for. */
export async function* everyEvent(
  db: Database,
  filter: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<readonly FoundEvent[]> {
  let cursor: string | undefined;
  do {
    const page = await findEvents(db, { ...filter, cursor, limit: 500, cutAt: 0, bytes: exportBytes });
    yield page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && !signal.aborted);
}

function cursorOf({ runId, seq }: Position): string {
  return `${runId}.${seq}`;
}

function lookedAt(
  looked: Looked,
  windows: readonly EventWindow[],
  runs: number,
  next: Position | null,
): Looked {
  const oldest = next ?? (windows.at(-1) && { runId: windows.at(-1)?.runId ?? '', seq: 0 });
  return {
    events: looked.events + windows.reduce((sum, { lo, hi }) => sum + hi - lo, 0),
    runs: looked.runs + runs,
    to: oldest ? timeOf(oldest) : looked.to,
  };
}

async function readWindows(
  db: Database,
  windows: readonly EventWindow[],
  request: EventRequest,
  limit: number,
): Promise<{ found: FoundEvent[]; more: boolean }> {
  if (windows.length === 0) return { found: [], more: false };
  const values = [...windowValues(windows, request), limit, request.cutAt, request.bytes ?? null];
  const rows = await db.query<EventRow>(readSql, values);
  const byRun = new Map(windows.map((window) => [window.runId, window]));
  const found = rows.map(({ run_id, seq, at, type, data, cut }): FoundEvent => {
    const { title = '', capability = '', userId = null } = byRun.get(run_id) ?? {};
    return {
      runId: run_id,
      seq,
      at: at.toISOString(),
      type,
      data: cut === null ? data : { cut },
      run: { title, capability, userId },
    };
  });
  return { found, more: found.length < (rows[0]?.found ?? 0) };
}

async function countWindows(
  db: Database,
  windows: readonly EventWindow[],
  filter: EventFilter,
): Promise<{ type: string; count: number }[]> {
  if (windows.length === 0) return [];
  return db.query(countSql, windowValues(windows, filter));
}

function windowValues(windows: readonly EventWindow[], { types, from, to }: EventFilter): unknown[] {
  return [
    windows.map(({ runId }) => runId),
    windows.map(({ lo }) => lo),
    windows.map(({ hi }) => hi),
    types && types.length > 0 ? types : null,
    from ?? null,
    to ?? null,
  ];
}

const wanted = `e.run_id = w.run_id AND e.seq > w.lo AND e.seq <= w.hi
  AND ($4::text[] IS NULL OR e.type = ANY($4)) AND ($5::timestamptz IS NULL OR e.at >= $5) AND ($6::timestamptz IS NULL OR e.at < $6)`;
const windowsSql = 'unnest($1::uuid[], $2::int[], $3::int[]) AS w (run_id, lo, hi)';

const readSql = `
  SELECT f.run_id, f.seq, f.at, f.type, f.found,
    CASE WHEN $8 > 0 AND length(f.data::text) > $8 THEN NULL ELSE f.data END AS data,
    CASE WHEN $8 > 0 AND length(f.data::text) > $8 THEN left(f.data::text, $8) END AS cut
  FROM (
    SELECT each.*, count(*) OVER () AS found,
      CASE WHEN $9::bigint IS NOT NULL THEN sum(octet_length(data::text)) OVER (ORDER BY run_id DESC, seq DESC)
        - octet_length(data::text) END AS before
    FROM (
      SELECT e.* FROM ${windowsSql}
      CROSS JOIN LATERAL (SELECT * FROM events e WHERE ${wanted} ORDER BY e.seq DESC LIMIT $7) AS e
      ORDER BY e.run_id DESC, e.seq DESC LIMIT $7
    ) AS each
  ) AS f WHERE before IS NULL OR before < $9 ORDER BY f.run_id DESC, f.seq DESC`;

const countSql = `SELECT e.type, count(*) FROM ${windowsSql} JOIN events e ON ${wanted} GROUP BY e.type`;
