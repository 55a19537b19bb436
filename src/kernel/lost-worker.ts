import type { Database } from '../store/database.ts';

/** What became of the runs that a lost worker held. */
export interface Fate {
  readonly text: string;
}

interface Place {
  status: string;
  worker: string | null;
  count: number;
}

/** Looks where these runs are now, and says it in a sentence: "Its 2 runs moved to worker-1 and lost nothing." */
export async function fateOf(db: Database, runIds: readonly string[]): Promise<Fate> {
  if (runIds.length === 0) return { text: 'It held no runs.' };
  const places = await db.query<Place>(
    `SELECT r.status, coalesce(w.name, w.id) AS worker, count(*)
     FROM runs r LEFT JOIN workers w ON w.id = r.worker_id WHERE r.id = ANY($1::uuid[]) GROUP BY 1, 2 ORDER BY 3 DESC`,
    [runIds],
  );
  return { text: sentence(runIds.length, places) };
}

/** The same from what was found; a run that was deleted since counts as finished. */
export function sentence(total: number, places: readonly Place[]): string {
  const moved = places.filter((place) => place.worker !== null);
  const sum = (those: readonly Place[]) => those.reduce((all, { count }) => all + count, 0);
  const queued = sum(places.filter(({ status }) => status === 'queued'));
  const dead = sum(places.filter(({ status }) => status === 'dead'));
  const waiting = sum(places.filter(({ status }) => status === 'waiting'));
  const finished = total - sum(moved) - queued - dead - waiting;
  const parts = [
    ...moved.map(({ worker, count }) => [count, `moved to ${worker}`] as const),
    [finished, total === 1 || finished === 1 ? 'has finished since' : 'have finished since'] as const,
    [waiting, waiting === 1 ? 'waits, as before' : 'wait, as before'] as const,
    [queued, queued === 1 ? 'waits in the queue' : 'wait in the queue'] as const,
    [dead, dead === 1 ? 'is dead' : 'are dead'] as const,
  ].filter(([count]) => count > 0);
  const runs = total === 1 ? 'run' : 'runs';
  const [first] = parts;
  if (parts.length === 1 && first) {
    const whole = `Its ${total === 1 ? '' : `${total} `}${runs} ${first[1]}`;
    return dead > 0 ? `${whole}.` : `${whole} and lost nothing.`;
  }
  return `Of its ${total} ${runs} ${parts.map(([count, what]) => `${count} ${what}`).join(', ')}.`;
}
