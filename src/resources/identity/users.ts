import { hashPassword } from 'better-auth/crypto';
import { GantryError } from '../../base/errors.ts';
import { isId, newId } from '../../base/ids.ts';
import type { Role } from '../../contract/role.ts';
import type { User } from '../../contract/user.ts';
import type { Database, Queryable } from '../../store/database.ts';
import { assertNotLastAdmin } from './admins.ts';
import type { Changes } from './changes.ts';
import type { Identity, UserChange } from './identity.ts';
import { addressHashSql, forgive } from './lockout.ts';
import { readNames } from './names.ts';
import { checkEmail, checkName, checkPassword } from './rules.ts';

interface UserRow extends Omit<User, 'createdAt' | 'lastSeenAt' | 'lockedUntil'> {
  readonly createdAt: Date;
  readonly lastSeenAt: Date | null;
  readonly lockedUntil: Date | null;
}

const selectUsers = `
  SELECT u.id, u.name, u.email, u.role, u.disabled, u.created_at AS "createdAt", u.last_seen_at AS "lastSeenAt",
         l.locked_until AS "lockedUntil",
         EXISTS (SELECT FROM accounts a WHERE a.user_id = u.id AND a.password IS NOT NULL) AS "hasPassword",
         (SELECT count(*)::int FROM api_keys k
          WHERE k.user_id = u.id AND (k.expires_at IS NULL OR k.expires_at > now())) AS keys,
         (SELECT count(*)::int FROM sign_ins s WHERE s.user_id = u.id AND s.expires_at > now()) AS "signIns"
  FROM users u LEFT JOIN lockouts l ON l.address_hash = ${addressHashSql('u.email')} AND l.locked_until > now()`;

export function createUsers(database: Database, changes: Changes): Identity['users'] {
  return {
    list: async () => {
      const rows = await database.query<UserRow>(`${selectUsers} ORDER BY u.id`);
      return rows.map(toUser);
    },
    get: (id) => getUser(database, id),
    names: (ids) => readNames(database, ids),
    create: async (user) => {
      checkPassword(user.password);
      const passwordHash = await hashPassword(user.password);
      return changes.commit((tx) => insertUser(tx, { ...user, passwordHash }));
    },
    update: (id, change) => changes.commit((tx) => updateUser(tx, id, change)),
    setRole: (id, role) => changes.commit((tx) => updateUser(tx, id, { role })),
    setDisabled: (id, disabled) => changes.commit((tx) => updateUser(tx, id, { disabled })),
    setPassword: (id, password, keepSignIn) => setPassword(database, changes, id, password, keepSignIn),
    unlock: async (id) => forgive(database, (await getUser(database, id)).email),
    signOutEverywhere: async (id, keepSignIn) => {
      await getUser(database, id);
      await changes.commit((tx) => endSignIns(tx, id, keepSignIn));
    },
    remove: (id) =>
      changes.commit(async (tx) => {
        await assertNotLastAdmin(tx, id);
        const gone = isId(id) ? await tx.query('DELETE FROM users WHERE id = $1 RETURNING id', [id]) : [];
        if (gone.length === 0) throw noUser();
      }),
  };
}

/** Throws CONFLICT when the address is taken, INPUT_INVALID when name or address is unfit. */
export async function insertUser(
  tx: Queryable,
  user: { name: string; email: string; role: Role; passwordHash: string },
): Promise<User> {
  const id = newId();
  const values = [id, checkName(user.name), checkEmail(user.email), user.role];
  await tx
    .query('INSERT INTO users (id, name, email, role) VALUES ($1, $2, $3, $4)', values)
    .catch(explainTaken);
  await putPassword(tx, id, user.passwordHash);
  return getUser(tx, id);
}

/** What the owner of a link chose: a password ends their sign-ins and a lockout. Throws FORBIDDEN for who is disabled. */
export async function setUp(
  tx: Queryable,
  id: string,
  chosen: { name: string | undefined; email: string | undefined; passwordHash: string | undefined },
): Promise<void> {
  const { disabled, email } = await getUser(tx, id);
  if (disabled) {
    throw new GantryError('FORBIDDEN', 'This user is disabled. Ask an admin to enable it again.');
  }
  if (chosen.name !== undefined || chosen.email !== undefined) await updateUser(tx, id, chosen);
  if (chosen.passwordHash === undefined) return;
  await putPassword(tx, id, chosen.passwordHash);
  await endSignIns(tx, id);
  await forgive(tx, email);
}

/** Throws NOT_FOUND. */
export async function getUser(database: Queryable, id: string): Promise<User> {
  const [row] = isId(id) ? await database.query<UserRow>(`${selectUsers} WHERE u.id = $1`, [id]) : [];
  if (!row) throw noUser();
  return toUser(row);
}

async function updateUser(tx: Queryable, id: string, change: UserChange): Promise<User> {
  const { name, email, role, disabled } = change;
  if (!isId(id)) throw noUser();
  if (disabled || (role !== undefined && role !== 'admin')) await assertNotLastAdmin(tx, id);
  const values = [
    id,
    name === undefined ? null : checkName(name),
    email === undefined ? null : checkEmail(email),
    role ?? null,
    disabled ?? null,
  ];
  await tx
    .query(
      `UPDATE users SET name = coalesce($2, name), email = coalesce($3, email), role = coalesce($4, role),
         disabled = coalesce($5, disabled), updated_at = now() WHERE id = $1`,
      values,
    )
    .catch(explainTaken);
  if (disabled !== undefined) await endSignIns(tx, id);
  return getUser(tx, id);
}

async function setPassword(
  database: Database,
  changes: Changes,
  id: string,
  password: string,
  keepSignIn: string | undefined,
): Promise<void> {
  checkPassword(password);
  const { email } = await getUser(database, id);
  const passwordHash = await hashPassword(password);
  await changes.commit(async (tx) => {
    await putPassword(tx, id, passwordHash);
    await endSignIns(tx, id, keepSignIn);
    await forgive(tx, email);
  });
}

async function putPassword(tx: Queryable, userId: string, passwordHash: string): Promise<void> {
  await tx.query(
    `INSERT INTO accounts (id, user_id, provider_id, account_id, password) VALUES ($1, $2, 'credential', $2, $3)
     ON CONFLICT (user_id, provider_id) DO UPDATE SET password = excluded.password, updated_at = now()`,
    [newId(), userId, passwordHash],
  );
}

async function endSignIns(tx: Queryable, userId: string, except?: string): Promise<void> {
  await tx.query('DELETE FROM sign_ins WHERE user_id = $1 AND id IS DISTINCT FROM $2', [
    userId,
    except ?? null,
  ]);
}

function noUser(): GantryError {
  return new GantryError('NOT_FOUND', 'There is no such user.');
}

function explainTaken(error: Error & { code?: string }): never {
  if (error.code !== '23505') throw error;
  const message = 'Another user has this e-mail address.';
  throw new GantryError('CONFLICT', message, { cause: error, problems: [{ path: 'email', message }] });
}

function toUser(row: UserRow): User {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    lockedUntil: row.lockedUntil?.toISOString() ?? null,
  };
}
