import { GantryError } from '../base/errors.ts';
import type { WorkerFigures, WorkerView } from '../contract/worker.ts';
import type { Database } from '../store/database.ts';
import { fateOf, type Fate } from './lost-worker.ts';

/** Said on `gantry_control` when a worker is to drain or to go on; each looks at its own row then. */
export const drainWord = 'drain';

/** After so long without a beat a worker counts as lost, also where no other worker is there to give it up. */
const silentSeconds = 15;

interface WorkerRow {
  id: string;
  name: string | null;
  host: string;
  pid: number;
  version: string | null;
  slots: number;
  busy: number;
  capabilities: string[] | null;
  offers: string[] | null;
  figures: WorkerFigures | null;
  started_at: Date;
  beat_at: Date;
  drain_at: Date | null;
  silent: boolean;
}

interface LostRow extends Omit<
  WorkerRow,
  'busy' | 'capabilities' | 'offers' | 'figures' | 'drain_at' | 'silent'
> {
  how: 'died' | 'stalled';
  lost_at: Date;
  run_ids: string[];
}

/** All workers, the oldest first, then those that were lost within the last hour, the latest first. */
export async function listWorkers(db: Database): Promise<WorkerView[]> {
  const rows = await db.query<WorkerRow>(
    `SELECT *, beat_at < now() - $1 * interval '1 second' AS silent FROM workers ORDER BY started_at`,
    [silentSeconds],
    'list_workers',
  );
  const lost = await db.query<LostRow>(
    `SELECT * FROM lost_workers WHERE lost_at > now() - interval '1 hour' ORDER BY lost_at DESC LIMIT 50`,
    [],
    'list_lost_workers',
  );
  const fates = await Promise.all(lost.map((row) => fateOf(db, row.run_ids)));
  return [...rows.map(toWorker), ...lost.map((row, index) => toLost(row, fates[index]))];
}

/** Lets a worker take no new runs, or take them again; what it works on goes on. NOT_FOUND when it is not there. */
export async function drainWorker(db: Database, workerId: string, drains: boolean): Promise<void> {
  const rows = await db.query(
    'UPDATE workers SET drain_at = CASE WHEN $2 THEN coalesce(drain_at, now()) END WHERE id = $1 RETURNING id',
    [workerId, drains],
  );
  if (rows.length === 0) {
    throw new GantryError('NOT_FOUND', 'There is no such worker any more. Look at the list again.');
  }
  await db.query(`SELECT pg_notify('gantry_control', $1)`, [drainWord]);
}

function toWorker(row: WorkerRow): WorkerView {
  const state = row.silent ? 'lost' : row.drain_at ? 'draining' : row.busy > 0 ? 'working' : 'idle';
  return {
    ...common(row),
    state,
    busy: row.busy,
    capabilities: row.capabilities,
    offers: groupOffers(row.offers ?? []),
    figures: row.figures,
    drainAt: row.drain_at?.toISOString() ?? null,
    lost: row.silent
      ? {
          at: row.beat_at.toISOString(),
          how: 'silent',
          runs: row.busy,
          text: 'It is not heard of. Its runs move when another worker takes them up.',
        }
      : null,
  };
}

function toLost(row: LostRow, fate: Fate | undefined): WorkerView {
  return {
    ...common(row),
    state: 'lost',
    busy: 0,
    capabilities: null,
    offers: [],
    figures: null,
    drainAt: null,
    lost: { at: row.lost_at.toISOString(), how: row.how, runs: row.run_ids.length, text: fate?.text ?? '' },
  };
}

function common(row: WorkerRow | LostRow) {
  const { id, host, pid, version, slots } = row;
  const name = row.name ?? id;
  return {
    ...{ id, name, host, pid, version, slots },
    startedAt: row.started_at.toISOString(),
    seenAt: row.beat_at.toISOString(),
  };
}

/** `execution/python 3.12.3` and its like, by name; the plain name says only that some version is there. */
export function groupOffers(offers: readonly string[]): WorkerView['offers'] {
  const found = new Map<string, { capability: string; name: string; versions: string[] }>();
  for (const offer of offers) {
    const [, capability = '', name = '', version] = /^([^/]*)\/(\S*)(?: (.*))?$/.exec(offer) ?? [];
    const key = `${capability}/${name}`;
    const entry = found.get(key) ?? { capability, name, versions: [] };
    found.set(key, entry);
    if (version !== undefined) entry.versions.push(version);
  }
  return [...found.values()];
}

/** All that live workers have, by `offerOf`; null when no live worker has said so, for example because none is there. */
export async function liveOffers(db: Database): Promise<string[] | null> {
  const [row] = await db.query<{ offers: string[] | null }>(
    `SELECT (SELECT array_agg(DISTINCT o) FROM workers w, unnest(w.offers) AS o
       WHERE w.beat_at > now() - $1 * interval '1 second') AS offers`,
    [silentSeconds],
    'live_offers',
  );
  return row?.offers ?? null;
}
