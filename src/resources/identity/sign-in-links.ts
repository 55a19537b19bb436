import { hash } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { GantryError } from '../../base/errors.ts';
import { newToken } from '../../base/ids.ts';
import type { NewSignInLink } from '../../contract/sign-in.ts';
import type { Database, Queryable } from '../../store/database.ts';
import { ensureFirstAdmin, findFirstAdmin } from './admins.ts';
import type { Changes } from './changes.ts';
import type { LinkDetails, LinkLook } from './identity.ts';
import { checkPassword } from './rules.ts';
import { getUser, setUp } from './users.ts';

/** `/welcome?token=...`; the token itself is nowhere stored. */
export async function createSignInLink(database: Database, userId?: string): Promise<NewSignInLink> {
  const token = newToken();
  if (userId !== undefined) await getUser(database, userId);
  const [row] = await database.transaction(async (tx) => {
    if (userId !== undefined) await tx.query('DELETE FROM sign_in_links WHERE user_id = $1', [userId]);
    return tx.query<{ expiresAt: Date }>(
      `INSERT INTO sign_in_links (token_hash, user_id, expires_at)
       VALUES ($1, $2, now() + CASE WHEN $2::text IS NULL THEN interval '1 hour' ELSE interval '1 day' END)
       RETURNING expires_at AS "expiresAt"`,
      [userId === undefined ? adminHash(token) : userHash(token), userId ?? null],
    );
  });
  if (!row) throw new GantryError('INTERNAL', 'The database did not return the new link.');
  return { path: `/welcome?token=${token}`, expiresAt: row.expiresAt.toISOString() };
}

interface LinkRow {
  readonly userId: string | null;
  readonly usedAt: Date | null;
  readonly expiresAt: Date;
  readonly open: boolean;
}

export async function lookAtSignInLink(database: Database, token: string): Promise<LinkLook> {
  const [row] = await database.query<LinkRow>(
    `SELECT user_id AS "userId", used_at AS "usedAt", expires_at AS "expiresAt", expires_at > now() AS open
     FROM sign_in_links WHERE token_hash IN ($1, $2)`,
    [adminHash(token), userHash(token)],
  );
  const nothing = { purpose: null, name: null, email: null, expiresAt: null, ofAdmin: false };
  if (!row) return { state: 'unknown', ...nothing };
  if (!row.open) return { state: row.usedAt ? 'used' : 'expired', ...nothing };
  const expiresAt = row.expiresAt.toISOString();
  const userId = row.userId ?? (await findFirstAdmin(database));
  if (userId === null) {
    return { ...nothing, state: 'open', purpose: 'setup', expiresAt, ofAdmin: true };
  }
  const { name, email, role, hasPassword } = await getUser(database, userId);
  const ofAdmin = role === 'admin';
  // An admin whom the command line made has a name and an address that nobody chose.
  if (!hasPassword && row.userId === null) {
    return { ...nothing, state: 'open', purpose: 'setup', expiresAt, ofAdmin };
  }
  const purpose = row.userId === null ? 'sign-in' : 'reset';
  return { state: 'open', purpose, name, email, expiresAt, ofAdmin };
}

/** Uses the link up, once, and writes down what was typed beside; the id of whose link it is. */
export async function takeSignInLink(
  database: Database,
  changes: Changes,
  token: string,
  details: LinkDetails,
): Promise<string> {
  const { state, purpose } = await lookAtSignInLink(database, token);
  if (state !== 'open') throw ended(state);
  if (details.password !== undefined) checkPassword(details.password);
  else if (purpose === 'reset') checkPassword('');
  if (purpose !== 'setup' && (details.name !== undefined || details.email !== undefined)) {
    throw new GantryError(
      'INPUT_INVALID',
      'This account has a name and an address. Change them in the account.',
    );
  }
  const passwordHash = details.password === undefined ? undefined : await hashPassword(details.password);
  return changes.commit(async (tx) => {
    const userId = await take(tx, token);
    await setUp(tx, userId, { name: details.name, email: details.email, passwordHash });
    return userId;
  });
}

/* `used_at` decides: now() is when a transaction began, so another's expires_at can still lie ahead of it. */
async function take(tx: Queryable, token: string): Promise<string> {
  const [taken] = await tx.query<{ userId: string | null }>(
    `UPDATE sign_in_links SET used_at = now(), expires_at = now() WHERE token_hash IN ($1, $2) AND used_at IS NULL AND expires_at > now()
     RETURNING user_id AS "userId"`,
    [adminHash(token), userHash(token)],
  );
  if (!taken) throw ended('used');
  return taken.userId ?? ensureFirstAdmin(tx);
}

function ended(state: LinkLook['state']): GantryError {
  const what = { used: 'was used already', expired: 'is too old', unknown: 'is not valid', open: '' }[state];
  return new GantryError(
    'UNAUTHENTICATED',
    `The link ${what}. Make a new one on the server with \`gantry users link\`, or ask an admin for one.`,
  );
}

function adminHash(token: string): string {
  return hash('sha256', token);
}

/** Another hash than an admin's link has: a replica of an earlier version would sign anyone in as the first admin. */
function userHash(token: string): string {
  return hash('sha256', `user:${token}`);
}
