import type { Logger } from '../../base/logger.ts';
import type { Database } from '../../store/database.ts';
import { settleLost } from './lost-calls.ts';
import type { ResponseCache } from './response-cache.ts';

const everyMs = 5 * 60_000;
/** The cache's turn comes once an hour. */
const cacheEvery = 12;
const countersKeptDays = 40;

/** Books lost calls, empties the cache of what is old and forgets old counters, now and then, in any number of processes. */
export function sweepGateway(db: Database, cache: ResponseCache, log: Logger): () => void {
  let round = 0;
  const timer = setInterval(() => {
    round += 1;
    sweepOnce(db, round % cacheEvery === 0 ? cache : undefined).then(
      (lost) =>
        lost > 0 && log.warn({ lost }, 'calls of models from which nobody came back were booked as spent'),
      (error: unknown) => log.warn({ err: error }, 'calls of models could not be swept; trying again later'),
    );
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function sweepOnce(db: Database, cache: ResponseCache | undefined): Promise<number> {
  const lost = await settleLost(db);
  if (!cache) return lost;
  await cache.sweep();
  await db.query(
    `DELETE FROM budget_counters WHERE scope <> 'run' AND day < (now() AT TIME ZONE 'UTC')::date - $1::int`,
    [countersKeptDays],
  );
  return lost;
}
