import type { Logger } from '../base/logger.ts';
import { firstIdAt } from '../base/ids.ts';
import type { Database } from '../store/database.ts';

const batch = 5000;
const everyMs = 3_600_000;

/** Deletes what is older than `days`, in batches; the one way in which entries ever go. 0 days keeps everything. */
export async function expireAudit(db: Database, days: number): Promise<number> {
  if (days === 0) return 0;
  const oldest = firstIdAt(Date.now() - days * 86_400_000);
  let expired = 0;
  for (;;) {
    const rows = await db.transaction(
      (tx) =>
        tx.query(
          `DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id < $1::uuid ORDER BY id LIMIT $2) RETURNING id`,
          [oldest, batch],
        ),
      `SELECT set_config('gantry.audit_retention', 'on', true)`,
    );
    expired += rows.length;
    if (rows.length < batch) return expired;
  }
}

/** Looks each hour until stopped; safe in any number of processes. */
export function expireAuditHourly(db: Database, days: () => number, logger: Logger): () => void {
  const timer = setInterval(() => {
    expireAudit(db, days()).then(
      (entries) => entries > 0 && logger.info({ entries }, 'old entries of the audit log were deleted'),
      (error: unknown) => logger.warn({ err: error }, 'could not delete old entries of the audit log'),
    );
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
