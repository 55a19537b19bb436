import { GantryError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { Queryable } from '../../store/database.ts';

const lockKey = 7_070_002;
const address = 'admin@gantry.local';

/** The oldest admin who is not disabled, or null. */
export async function findFirstAdmin(database: Queryable): Promise<string | null> {
  const [row] = await database.query<{ id: string }>(
    `SELECT id FROM users WHERE role = 'admin' AND NOT disabled ORDER BY created_at, id LIMIT 1`,
  );
  return row?.id ?? null;
}

/** True when an admin who is not disabled has a password. */
export async function hasAdmin(database: Queryable): Promise<boolean> {
  const rows = await database.query(
    `SELECT FROM users u JOIN accounts a ON a.user_id = u.id AND a.password IS NOT NULL
     WHERE u.role = 'admin' AND NOT u.disabled LIMIT 1`,
  );
  return rows.length > 0;
}

/** The id of the first admin, made here when there is none; two callers at once make one. Needs a transaction. */
export async function ensureFirstAdmin(tx: Queryable): Promise<string> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
  const present = await findFirstAdmin(tx);
  if (present !== null) return present;
  const id = newId();
  // Whoever signed up under the usual address before must not become admin by that.
  await tx.query(
    `INSERT INTO users (id, name, email, role)
     VALUES ($1, 'Admin', CASE WHEN EXISTS (SELECT FROM users WHERE email = $2) THEN $3 ELSE $2 END, 'admin')`,
    [id, address, `admin-${id}@gantry.local`],
  );
  return id;
}

/** Throws CONFLICT when the user is the only admin left. Locks all admins, so that two can't take each other out. */
export async function assertNotLastAdmin(tx: Queryable, id: string): Promise<void> {
  const admins = await tx.query<{ id: string }>(
    `SELECT id FROM users WHERE role = 'admin' AND NOT disabled ORDER BY id FOR UPDATE`,
  );
  if (admins.length === 1 && admins[0]?.id === id) {
    throw new GantryError('CONFLICT', 'This is the last admin. Make another user admin first.');
  }
}
