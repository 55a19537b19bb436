import { hash } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { GantryError } from '../../base/errors.ts';
import { isId, newId, newToken } from '../../base/ids.ts';
import type { Invitation, InvitationLook } from '../../contract/invitation.ts';
import type { Role } from '../../contract/role.ts';
import type { User } from '../../contract/user.ts';
import type { Database, Queryable } from '../../store/database.ts';
import type { Changes } from './changes.ts';
import type { Identity } from './identity.ts';
import { checkEmail, checkName, checkPassword } from './rules.ts';
import { insertUser } from './users.ts';

interface InvitationRow extends Omit<Invitation, 'createdAt' | 'expiresAt'> {
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const selectInvitations = `
  SELECT i.id, i.email, i.role, u.name AS "invitedBy", i.created_at AS "createdAt", i.expires_at AS "expiresAt",
         CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' WHEN i.revoked_at IS NOT NULL THEN 'revoked'
              WHEN i.expires_at <= now() THEN 'expired' ELSE 'open' END AS state
  FROM invitations i LEFT JOIN users u ON u.id = i.invited_by`;

export function createInvitations(database: Database): Identity['invitations'] {
  return {
    list: async () => {
      const rows = await database.query<InvitationRow>(`${selectInvitations} ORDER BY i.id`);
      return rows.map(toInvitation);
    },
    create: async ({ email, role, invitedBy }) => {
      const token = newToken();
      const wanted = { email: checkEmail(email), role, invitedBy, tokenHash: hash('sha256', token) };
      const invitation = await database.transaction((tx) => invite(tx, wanted));
      return { invitation, path: `/join?token=${token}` };
    },
    renew: async (id) => {
      const token = newToken();
      const invitation = await database.transaction((tx) => renew(tx, id, hash('sha256', token)));
      return { invitation, path: `/join?token=${token}` };
    },
    look: (token) => lookAt(database, token),
    revoke: async (id) => {
      const gone = isId(id)
        ? await database.query(
            `UPDATE invitations SET revoked_at = now(), expires_at = least(expires_at, now())
             WHERE id = $1 AND accepted_at IS NULL AND revoked_at IS NULL RETURNING id`,
            [id],
          )
        : [];
      if (gone.length === 0) throw noInvitation();
    },
  };
}

/** A new invitation to the same address takes the place of the old one, whose link ends. */
async function invite(
  tx: Queryable,
  wanted: { email: string; role: Role; invitedBy: string; tokenHash: string },
): Promise<Invitation> {
  const taken = await tx.query('SELECT FROM users WHERE email = $1', [wanted.email]);
  if (taken.length > 0) {
    const message = 'This address belongs to a user already.';
    throw new GantryError('CONFLICT', message, { problems: [{ path: 'email', message }] });
  }
  const id = newId();
  await tx.query(
    `INSERT INTO invitations (id, email, role, token_hash, invited_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + interval '7 days')
     ON CONFLICT (email) DO UPDATE SET id = excluded.id, role = excluded.role, token_hash = excluded.token_hash,
       invited_by = excluded.invited_by, accepted_at = NULL, revoked_at = NULL, created_at = now(),
       expires_at = excluded.expires_at`,
    [id, wanted.email, wanted.role, wanted.tokenHash, wanted.invitedBy],
  );
  return getInvitation(tx, id);
}

async function renew(tx: Queryable, id: string, tokenHash: string): Promise<Invitation> {
  if (!isId(id)) throw noInvitation();
  const renewed = await tx.query(
    `UPDATE invitations SET token_hash = $2, revoked_at = NULL, expires_at = now() + interval '7 days'
     WHERE id = $1 AND accepted_at IS NULL RETURNING id`,
    [id, tokenHash],
  );
  const invitation = await getInvitation(tx, id);
  if (renewed.length > 0) return invitation;
  throw new GantryError(
    'CONFLICT',
    `${invitation.email} has joined already. There is nothing to send again.`,
  );
}

async function getInvitation(tx: Queryable, id: string): Promise<Invitation> {
  const [row] = await tx.query<InvitationRow>(`${selectInvitations} WHERE i.id = $1`, [id]);
  if (!row) throw noInvitation();
  return toInvitation(row);
}

async function lookAt(database: Queryable, token: string): Promise<InvitationLook> {
  const [row] = await database.query<InvitationRow>(`${selectInvitations} WHERE i.token_hash = $1`, [
    hash('sha256', token),
  ]);
  if (!row) return { state: 'unknown', email: null, role: null, invitedBy: null, expiresAt: null };
  const { state, email, role, invitedBy, expiresAt } = toInvitation(row);
  return { state, email, role, invitedBy, expiresAt };
}

export interface SignUp {
  readonly name: string;
  readonly password: string;
  readonly email?: string | undefined;
  readonly invitation?: string | undefined;
}

/**
 * Makes the user: with an invitation's address and role, or, where registration is open, a viewer with the address given.
 * An invitation works once, also when two use it at the same moment. Throws FORBIDDEN, CONFLICT or INPUT_INVALID.
 */
export async function signUp(
  changes: Changes,
  { name, password, email, invitation }: SignUp,
  openRegistration: boolean,
): Promise<User> {
  if (invitation === undefined && !openRegistration) {
    throw new GantryError('FORBIDDEN', 'New users come by invitation here. Ask an admin for one.');
  }
  checkName(name);
  checkPassword(password);
  if (invitation === undefined) checkEmail(email ?? '');
  const passwordHash = await hashPassword(password);
  return changes.commit(async (tx) => {
    const grant =
      invitation === undefined ? { email: email ?? '', role: 'viewer' as const } : await take(tx, invitation);
    return insertUser(tx, { name, passwordHash, ...grant });
  });
}

async function take(tx: Queryable, token: string): Promise<{ email: string; role: Role }> {
  const [row] = await tx.query<{ email: string; role: Role }>(
    `UPDATE invitations SET accepted_at = now(), expires_at = now()
     WHERE token_hash = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now() RETURNING email, role`,
    [hash('sha256', token)],
  );
  if (!row) {
    throw new GantryError(
      'FORBIDDEN',
      'The invitation is not valid, was used or taken back, or is older than a week. Ask for a new one.',
    );
  }
  return row;
}

function noInvitation(): GantryError {
  return new GantryError('NOT_FOUND', 'There is no such invitation.');
}

function toInvitation(row: InvitationRow): Invitation {
  return { ...row, createdAt: row.createdAt.toISOString(), expiresAt: row.expiresAt.toISOString() };
}
