import { hash } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { GantryError } from '../../base/errors.ts';
import { isId, newId, newToken } from '../../base/ids.ts';
import type { Role } from '../../contract/user.ts';
import type { Database, Queryable } from '../../store/database.ts';
import type { Changes } from './changes.ts';
import type { Identity, Invitation, User } from './identity.ts';
import { checkEmail, checkName, checkPassword } from './rules.ts';
import { insertUser } from './users.ts';

interface InvitationRow extends Omit<Invitation, 'createdAt' | 'expiresAt'> {
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const columns = 'id, email, role, created_at AS "createdAt", expires_at AS "expiresAt"';

export function createInvitations(database: Database): Identity['invitations'] {
  return {
    list: async () => {
      const rows = await database.query<InvitationRow>(
        `SELECT ${columns} FROM invitations WHERE expires_at > now() ORDER BY id`,
      );
      return rows.map(toInvitation);
    },
    create: async ({ email, role, invitedBy }) => {
      const token = newToken();
      const invitation = await database.transaction((tx) =>
        invite(tx, { email: checkEmail(email), role, invitedBy, tokenHash: hash('sha256', token) }),
      );
      return { invitation, path: `/join?token=${token}` };
    },
    revoke: async (id) => {
      const gone = isId(id)
        ? await database.query('DELETE FROM invitations WHERE id = $1 RETURNING id', [id])
        : [];
      if (gone.length === 0) throw new GantryError('NOT_FOUND', 'There is no such invitation.');
    },
  };
}

/** A new invitation to the same address takes the place of the old one, whose link ends. */
async function invite(
  tx: Queryable,
  wanted: { email: string; role: Role; invitedBy: string; tokenHash: string },
): Promise<Invitation> {
  const taken = await tx.query('SELECT FROM users WHERE email = $1', [wanted.email]);
  if (taken.length > 0) throw new GantryError('CONFLICT', 'This address belongs to a user already.');
  const [row] = await tx.query<InvitationRow>(
    `INSERT INTO invitations (id, email, role, token_hash, invited_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + interval '7 days')
     ON CONFLICT (email) DO UPDATE SET id = excluded.id, role = excluded.role, token_hash = excluded.token_hash,
       invited_by = excluded.invited_by, created_at = now(), expires_at = excluded.expires_at
     RETURNING ${columns}`,
    [newId(), wanted.email, wanted.role, wanted.tokenHash, wanted.invitedBy],
  );
  if (!row) throw new GantryError('INTERNAL', 'The database did not return the new invitation.');
  return toInvitation(row);
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
    'DELETE FROM invitations WHERE token_hash = $1 AND expires_at > now() RETURNING email, role',
    [hash('sha256', token)],
  );
  if (!row) {
    throw new GantryError(
      'FORBIDDEN',
      'The invitation is not valid, was used, or is older than a week. Ask for a new one.',
    );
  }
  return row;
}

function toInvitation(row: InvitationRow): Invitation {
  return { ...row, createdAt: row.createdAt.toISOString(), expiresAt: row.expiresAt.toISOString() };
}
