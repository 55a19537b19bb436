import type { Logger } from '../../base/logger.ts';
import type { Queryable } from '../../store/database.ts';

const everyMs = 3_600_000;

/** Removes what has run out; links and invitations stay for a while, so that they can say why they don't work. Safe in any number of processes at once. */
export async function sweep(database: Queryable): Promise<void> {
  await database.query('DELETE FROM sign_ins WHERE expires_at < now()');
  await database.query("DELETE FROM sign_in_links WHERE expires_at < now() - interval '1 day'");
  await database.query("DELETE FROM invitations WHERE expires_at < now() - interval '30 days'");
  await database.query(
    `DELETE FROM lockouts WHERE last_at < now() - interval '15 minutes' AND (locked_until IS NULL OR locked_until < now())`,
  );
}

/** Sweeps each hour until stopped. */
export function sweepHourly(database: Queryable, logger: Logger): () => void {
  const timer = setInterval(() => {
    sweep(database).catch((error: unknown) =>
      logger.warn({ reason: String(error) }, 'could not sweep old sign-ins'),
    );
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
