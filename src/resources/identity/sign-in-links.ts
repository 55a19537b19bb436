import { hash } from 'node:crypto';
import { GantryError } from '../../base/errors.ts';
import { newToken } from '../../base/ids.ts';
import type { Database } from '../../store/database.ts';
import { ensureFirstAdmin } from './admins.ts';
import type { Changes } from './changes.ts';

/** `/welcome?token=...`; the token itself is nowhere stored. */
export async function createSignInLink(database: Database): Promise<string> {
  const token = newToken();
  await database.query(
    `INSERT INTO sign_in_links (token_hash, expires_at) VALUES ($1, now() + interval '1 hour')`,
    [hash('sha256', token)],
  );
  return `/welcome?token=${token}`;
}

/** The id of the first admin, once per token: the row goes with the first use. Throws UNAUTHENTICATED. */
export async function takeSignInLink(changes: Changes, token: string): Promise<string> {
  return changes.commit(async (tx) => {
    const taken = await tx.query(
      'DELETE FROM sign_in_links WHERE token_hash = $1 AND expires_at > now() RETURNING token_hash',
      [hash('sha256', token)],
    );
    if (taken.length === 0) {
      throw new GantryError(
        'UNAUTHENTICATED',
        'The link is not valid, was used already, or is older than an hour. Make a new one on the server.',
      );
    }
    return ensureFirstAdmin(tx);
  });
}
