import { hash } from 'node:crypto';
import { GantryError } from '../../base/errors.ts';
import type { Queryable } from '../../store/database.ts';

const most = 5;
const minutes = 15;

/**
 * Counts a try before the password is looked at, so that tries at the same moment, on any number of replicas, can't
 * get past the limit together; a right password takes the count back with `forgive`. The fifth wrong one in a row locks
 * the address for 15 minutes. Throws ACCOUNT_LOCKED, which says the same for addresses without an account.
 */
export async function countTry(database: Queryable, email: string): Promise<void> {
  const [row] = await database.query<{ failures: number; seconds: number | null }>(
    `INSERT INTO lockouts AS l (address_hash, failures, last_at) VALUES ($1, 1, now())
     ON CONFLICT (address_hash) DO UPDATE SET
       failures = CASE WHEN ${stale} THEN 1 ELSE least(l.failures + 1, 1000) END,
       locked_until = CASE WHEN ${stale} THEN NULL
                           WHEN l.failures + 1 = ${most} THEN now() + interval '${minutes} minutes'
                           ELSE l.locked_until END,
       last_at = now()
     RETURNING failures, ceil(extract(epoch FROM locked_until - now()))::int AS seconds`,
    [addressHash(email)],
    'identity_count_try',
  );
  if (row && row.failures > most) throw locked(row.seconds ?? minutes * 60);
}

const stale = `(l.locked_until <= now() OR (l.locked_until IS NULL AND l.last_at <= now() - interval '${minutes} minutes'))`;

/** Ends the count and the lock of an address. */
export async function forgive(database: Queryable, email: string): Promise<void> {
  await database.query('DELETE FROM lockouts WHERE address_hash = $1', [addressHash(email)]);
}

function locked(seconds: number): GantryError {
  const left = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;
  return new GantryError(
    'ACCOUNT_LOCKED',
    `There were ${most} wrong passwords in a row, so this sign-in is locked. Try again in ${left}, or ask an admin to unlock it.`,
    { retryAfterSeconds: seconds },
  );
}

/** The same hash in SQL, of a column that holds addresses in lower case. */
export function addressHashSql(column: string): string {
  return `encode(sha256(convert_to(${column}, 'UTF8')), 'hex')`;
}

function addressHash(email: string): string {
  return hash('sha256', email);
}
