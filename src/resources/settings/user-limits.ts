import { GantryError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { noUserLimits, type UserLimits } from '../../contract/settings.ts';
import type { Database, Queryable } from '../../store/database.ts';
import type { Listener } from '../../store/listen.ts';
import { follow } from './live.ts';

/** Limits that single users have, at hand in every process. The claim and the start of runs read the table themselves. */
export interface UserLimitsStore {
  /** What holds for this user now. */
  of(userId: string): UserLimits;
  /** NOT_FOUND when there is no such user. */
  read(userId: string): Promise<UserLimits>;
  /** Replaces the limits. NOT_FOUND when there is no such user. */
  put(userId: string, limits: UserLimits, by: string): Promise<void>;
  close(): void;
}

interface LimitsRow {
  user_id: string;
  requests_per_minute: number | null;
  running: number | null;
  queued: number | null;
}

const word = 'user-limits';

export async function openUserLimits(
  db: Database,
  listener: Listener,
  logger: Logger,
): Promise<UserLimitsStore> {
  const live = await follow({
    listener,
    logger,
    concerns: (heard) => heard === word,
    read: () => readAll(db),
  });
  return {
    of: (userId) => live.current().get(userId) ?? noUserLimits,
    read: async (userId) => {
      const [row] = await db.query<LimitsRow>(
        `SELECT u.id AS user_id, l.requests_per_minute, l.running, l.queued
         FROM users u LEFT JOIN user_limits l ON l.user_id = u.id WHERE u.id = $1`,
        [userId],
      );
      if (!row) throw new GantryError('NOT_FOUND', 'There is no such user.');
      return toLimits(row);
    },
    put: async (userId, limits, by) => {
      await db.transaction((tx) => write(tx, userId, limits, by));
      await live.refresh();
    },
    close: live.close,
  };
}

async function readAll(db: Queryable): Promise<ReadonlyMap<string, UserLimits>> {
  const rows = await db.query<LimitsRow>(
    'SELECT user_id, requests_per_minute, running, queued FROM user_limits',
  );
  return new Map(rows.map((row) => [row.user_id, toLimits(row)]));
}

async function write(tx: Queryable, userId: string, limits: UserLimits, by: string): Promise<void> {
  const [user] = await tx.query('SELECT id FROM users WHERE id = $1 FOR KEY SHARE', [userId]);
  if (!user) throw new GantryError('NOT_FOUND', 'There is no such user.');
  const { requestsPerMinute, running, queued } = limits;
  if (requestsPerMinute === null && running === null && queued === null) {
    await tx.query('DELETE FROM user_limits WHERE user_id = $1', [userId]);
  } else {
    await tx.query(
      `INSERT INTO user_limits (user_id, requests_per_minute, running, queued, updated_by) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id) DO UPDATE SET requests_per_minute = $2, running = $3, queued = $4, updated_by = $5, updated_at = now()`,
      [userId, requestsPerMinute, running, queued, by],
    );
  }
  // The queue is named too: a raised limit lets runs begin that waited.
  await tx.query(`SELECT pg_notify('gantry_settings', $1), pg_notify('gantry_queue', '')`, [word]);
}

function toLimits(row: LimitsRow): UserLimits {
  return { requestsPerMinute: row.requests_per_minute, running: row.running, queued: row.queued };
}
