import type { Logger } from '../base/logger.ts';
import type { Database } from '../store/database.ts';
import { recoverRuns } from './liveness.ts';
import { wakeRun } from './wake.ts';

/**
 * Mends what a crash between two transactions can leave: runs of a worker that is no longer listed, and sleepers whose
 * child has finished, whose signal has come, or whose end was asked for. Answers how many runs it touched; normally none.
 */
export async function reconcile(db: Database, maxAttempts: number, log: Logger): Promise<number> {
  let mended = 0;
  const orphans = await db.query<{ worker_id: string }>(
    `SELECT DISTINCT worker_id FROM runs WHERE status = 'running' AND worker_id NOT IN (SELECT id FROM workers)`,
  );
  for (const { worker_id } of orphans) mended += await recoverRuns(db, worker_id, maxAttempts);

  const sleepers = await db.query<{ id: string }>(
    `SELECT r.id FROM runs r WHERE r.status = 'waiting' AND (
       r.cancel_at IS NOT NULL
       OR r.paused_at IS NULL AND EXISTS (SELECT FROM steps s LEFT JOIN runs c ON c.id = s.child_id
                  WHERE s.run_id = r.id AND s.status = 'waiting' AND s.kind = 'child'
                    AND (c.id IS NULL OR c.finished_at IS NOT NULL))
       OR r.paused_at IS NULL AND EXISTS (SELECT FROM steps s JOIN signals g ON g.run_id = s.run_id AND g.name = s.signal_name
                  WHERE s.run_id = r.id AND s.status = 'waiting' AND g.consumed_at IS NULL
                    AND (s.question IS NULL OR g.answers IS NULL OR g.answers = s.ordinal))
     ) LIMIT 500`,
  );
  for (const { id } of sleepers) if (await db.transaction((tx) => wakeRun(tx, id))) mended += 1;
  if (mended > 0) log.warn({ runs: mended }, 'reconciled runs that had lost their way');
  return mended;
}
