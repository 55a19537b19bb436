import { GantryError } from '../../base/errors.ts';
import { isId, timeOfId } from '../../base/ids.ts';
import type { Database } from '../../store/database.ts';
import { idRange, narrowed, type Path, type RunFilter } from '../run-filter.ts';
import { bestPath, scanRuns } from '../run-scan.ts';

/** Which events are looked for. Those of runs that began more than a day before `from` are not looked at. */
export interface EventFilter {
  readonly runId?: string | undefined;
  readonly capability?: string | undefined;
  /** Id of the user whose runs. */
  readonly by?: string | undefined;
  /** Text in the run's title. */
  readonly text?: string | undefined;
  readonly types?: readonly string[] | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** What stands before: all events of older runs, and those of `runId` with a smaller `seq`. */
export interface Position {
  readonly runId: string;
  readonly seq: number;
}

/** A piece of a run's events: those after `lo`, up to `hi`. */
export interface EventWindow {
  readonly runId: string;
  readonly lo: number;
  readonly hi: number;
  readonly title: string;
  readonly capability: string;
  readonly userId: string | null;
}

export interface Windows {
  readonly windows: readonly EventWindow[];
  /** Where to go on; null at the end. */
  readonly next: Position | null;
  readonly runs: number;
}

const dayMs = 86_400_000;
const runsAtOnce = 500;

/** `018f…c10e4.17`: the position as a cursor. INPUT_INVALID for anything else. */
export function parsePosition(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [runId = '', seq = ''] = cursor.split('.');
  if (isId(runId) && /^\d{1,10}$/.test(seq)) return { runId, seq: Math.min(Number(seq), 2_147_483_647) };
  throw new GantryError('INPUT_INVALID', 'The cursor is not one that a list gave out.', {
    problems: [{ path: 'cursor', message: 'unknown cursor' }],
  });
}

export function timeOf({ runId }: Position): string {
  return new Date(timeOfId(runId)).toISOString();
}

/**
 * The next pieces to look at, newest runs first. Runs are numbered in the order of time and know how many events they
 * have, so that what a look costs is known before: no index of events by time or type is needed, which every append
 * would pay for. `room` is how many events to cover.
 */
export async function nextWindows(
  db: Database,
  filter: EventFilter,
  position: Position | undefined,
  room: number,
): Promise<Windows> {
  const runFilter = filterOfRuns(filter);
  if (filter.runId !== undefined) return ofOneRun(db, filter.runId, position, room);
  if (position && position.seq > 1) {
    const rest = await windowsOf(db, [position.runId], position);
    return close(rest, { runId: position.runId, seq: 0 }, room);
  }
  const range = idRange(runFilter, position?.runId);
  const path: Path | undefined = await bestPath(db, runFilter, range);
  const found = await scanRuns(db, { filter: runFilter, path, range, examine: runsAtOnce, find: runsAtOnce });
  const windows = await windowsOf(db, found.ids, undefined);
  const ended = found.examined < runsAtOnce || found.edge === null;
  return close(windows, ended ? null : { runId: found.edge ?? '', seq: 0 }, room, found.examined);
}

function filterOfRuns({ capability, by, text, from, to }: EventFilter): RunFilter {
  const after = from && new Date(from.getTime() - dayMs);
  return narrowed({ capability, by, text, after, before: to }) ?? {};
}

async function ofOneRun(
  db: Database,
  runId: string,
  position: Position | undefined,
  room: number,
): Promise<Windows> {
  if (position?.runId === runId && position.seq <= 1) return { windows: [], next: null, runs: 0 };
  return close(await windowsOf(db, isId(runId) ? [runId] : [], position), null, room);
}

async function windowsOf(
  db: Database,
  ids: readonly string[],
  position: Position | undefined,
): Promise<EventWindow[]> {
  if (ids.length === 0) return [];
  const rows = await db.query<{
    id: string;
    last_seq: number;
    title: string;
    capability: string;
    user_id: string | null;
  }>(
    'SELECT id, last_seq, title, capability, user_id FROM runs WHERE id = ANY($1::uuid[]) ORDER BY id DESC',
    [ids],
    'event_windows',
  );
  return rows.map((row) => ({
    runId: row.id,
    lo: 0,
    hi: position?.runId === row.id ? Math.min(position.seq - 1, row.last_seq) : row.last_seq,
    title: row.title,
    capability: row.capability,
    userId: row.user_id,
  }));
}

/** Cuts the pieces where one look has enough; `after` is where to go on when they all fit. */
function close(
  all: readonly EventWindow[],
  after: Position | null,
  most: number,
  examined: number = all.length,
): Windows {
  let room = most;
  const windows: EventWindow[] = [];
  for (const window of all) {
    const lo = Math.max(0, window.hi - room);
    windows.push({ ...window, lo });
    room -= window.hi - lo;
    if (lo > 0) return { windows, next: { runId: window.runId, seq: lo + 1 }, runs: windows.length };
    if (room <= 0 && windows.length < all.length)
      return { windows, next: { runId: window.runId, seq: 0 }, runs: windows.length };
  }
  return { windows, next: after, runs: examined };
}
