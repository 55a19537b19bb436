import type { Database } from '../store/database.ts';
import { keepUsage } from './usage.ts';

const batch = 500;

/**
 * Deletes runs that finished more than `days` ago, with all that belongs to them, in small batches so that nobody waits
 * for it. A parent goes after its children. Answers how many went. 0 days keeps everything.
 */
export async function expireRuns(db: Database, days: number): Promise<number> {
  let expired = 0;
  for (;;) {
    const deleted = await expireBatch(db, days);
    if (deleted === 0) return expired;
    expired += deleted;
  }
}

/** One batch of the same; 0 when nothing is left that is too old. */
export async function expireBatch(db: Database, days: number): Promise<number> {
  if (days === 0) return 0;
  const rows = await db.query<{ id: string }>(
    `SELECT id FROM runs r WHERE finished_at < now() - $1 * interval '1 day'
       AND NOT EXISTS (SELECT FROM runs c WHERE c.parent_id = r.id AND c.finished_at IS NULL)
     ORDER BY finished_at LIMIT $2`,
    [days, batch],
  );
  if (rows.length === 0) return 0;
  await deleteRuns(
    db,
    rows.map((row) => row.id),
  );
  return rows.length;
}

export async function deleteRuns(db: Database, ids: readonly string[]): Promise<void> {
  await db.transaction(async (tx) => {
    await keepUsage(tx, ids);
    for (const table of ['events', 'steps', 'signals', 'artifact_chunks', 'artifacts']) {
      await tx.query(`DELETE FROM ${table} WHERE run_id = ANY($1::uuid[])`, [ids]);
    }
    await tx.query(
      `WITH gone AS (DELETE FROM inbox WHERE run_id = ANY($1::uuid[]) RETURNING id),
         unarchived AS (DELETE FROM inbox_archive USING gone WHERE item_id = gone.id)
       DELETE FROM notifications USING gone WHERE item_id = gone.id`,
      [ids],
    );
    for (const table of ['model_calls', 'budget_allowances']) {
      await tx.query(`DELETE FROM ${table} WHERE run_id = ANY($1::uuid[])`, [ids]);
    }
    await tx.query(`DELETE FROM budget_counters WHERE scope = 'run' AND subject = ANY($1::text[])`, [ids]);
    await tx.query(
      `DELETE FROM bundle_chunks USING bundles b WHERE bundle_id = b.id AND b.run_id = ANY($1::uuid[])`,
      [ids],
    );
    for (const table of ['bundles', 'bundle_uses'])
      await tx.query(`DELETE FROM ${table} WHERE run_id = ANY($1::uuid[])`, [ids]);
    await tx.query('DELETE FROM runs WHERE id = ANY($1::uuid[])', [ids]);
  });
}
