import { GantryError } from '../../base/errors.ts';
import { isId } from '../../base/ids.ts';
import type { Database } from '../../store/database.ts';
import type { Changes } from './changes.ts';
import { deviceName } from './device-name.ts';
import type { Identity } from './identity.ts';

interface SignInRow {
  readonly id: string;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

export function createSignIns(database: Database, changes: Changes): Identity['signIns'] {
  return {
    list: async (userId, signInId) => {
      const rows = await database.query<SignInRow>(
        `SELECT id, user_agent AS "userAgent", ip_address AS address, created_at AS "createdAt",
           coalesce(last_seen_at, created_at) AS "lastSeenAt", expires_at AS "expiresAt"
         FROM sign_ins WHERE user_id = $1 AND expires_at > now() ORDER BY id DESC`,
        [userId],
      );
      return rows.map(({ userAgent, ...row }) => ({
        id: row.id,
        device: deviceName(userAgent ?? ''),
        address: row.address || null,
        createdAt: row.createdAt.toISOString(),
        lastSeenAt: row.lastSeenAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        current: row.id === signInId,
      }));
    },
    end: async (userId, id) => {
      const gone = await changes.commit(async (tx) =>
        isId(id)
          ? tx.query('DELETE FROM sign_ins WHERE id = $1 AND user_id = $2 RETURNING id', [id, userId])
          : [],
      );
      if (gone.length === 0) throw new GantryError('NOT_FOUND', 'There is no such sign-in.');
    },
  };
}

/** Writes down that a browser was used, and with it its user, at most once a minute however many processes see it. */
export async function markSignInSeen(database: Database, id: string): Promise<void> {
  await database.query(
    `WITH seen AS (
       UPDATE sign_ins SET last_seen_at = now()
       WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < now() - interval '1 minute') RETURNING user_id
     )
     UPDATE users SET last_seen_at = now() FROM seen WHERE users.id = seen.user_id`,
    [id],
    'identity_sign_in_seen',
  );
}
