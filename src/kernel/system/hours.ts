import { firstIdAt } from '../../base/ids.ts';
import type { Bucket } from '../../contract/system.ts';
import type { Database } from '../../store/database.ts';

const hourMs = 3_600_000;
const hoursShown = 24;
/** Runs whose waits are looked at, per hour. */
const sample = 1000;

/** The last hours, the oldest first. What is over is read once: it hardly changes any more. */
export interface Hours {
  read(now?: Date): Promise<Bucket[]>;
}

export function createHours(db: Database): Hours {
  const known = new Map<number, Bucket>();
  return {
    read: async (now = new Date()) => {
      const current = Math.floor(now.getTime() / hourMs);
      for (const hour of known.keys()) if (hour <= current - hoursShown) known.delete(hour);
      const hours: Bucket[] = [];
      for (let hour = current - hoursShown + 1; hour <= current; hour += 1) {
        const bucket = known.get(hour) ?? (await readHour(db, hour * hourMs));
        // The last hour still changes for a moment: runs that began in it are on their way.
        if (hour < current - 1) known.set(hour, bucket);
        hours.push(bucket);
      }
      return hours;
    },
  };
}

async function readHour(db: Database, from: number): Promise<Bucket> {
  const [row] = await db.query<{
    started: number;
    finished: number;
    failed: number;
    p50: number | null;
    p95: number | null;
  }>(
    hourSql,
    [firstIdAt(from), firstIdAt(from + hourMs), new Date(from), new Date(from + hourMs), sample],
    'hour',
  );
  return {
    from: new Date(from).toISOString(),
    started: row?.started ?? 0,
    finished: row?.finished ?? 0,
    failed: row?.failed ?? 0,
    waitP50Ms: row?.p50 ?? null,
    waitP95Ms: row?.p95 ?? null,
  };
}

/* Ids are in the order of time, so that what began in an hour is a range of the primary key. */
const hourSql = `
  SELECT
    (SELECT count(*) FROM runs WHERE id >= $1 AND id < $2) AS started,
    (SELECT count(*) FROM runs WHERE finished_at >= $3 AND finished_at < $4) AS finished,
    (SELECT count(*) FROM runs WHERE status IN ('failed', 'cancelled', 'dead') AND status IN ('failed', 'dead')
       AND id >= $1 AND id < $2) AS failed,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50, percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS p95
  FROM (
    SELECT greatest(0, extract(epoch FROM started_at - created_at) * 1000)::float AS ms FROM runs
    WHERE finished_at >= $3 AND finished_at < $4 AND started_at IS NOT NULL LIMIT $5
  ) AS waits`;
