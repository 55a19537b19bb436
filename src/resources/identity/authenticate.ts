import { hash } from 'node:crypto';
import { GantryError, toGantryError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Role } from '../../contract/role.ts';
import { localUserId, type Actor } from '../../contract/user.ts';
import type { Database } from '../../store/database.ts';
import type { ActorCache, Known } from './actor-cache.ts';
import { findFirstAdmin } from './admins.ts';
import { findKeyActor, isKey, markUsed } from './api-keys.ts';
import type { Auth } from './auth.ts';
import type { Credentials } from './identity.ts';
import { isLocalToken, localTokenPrefix } from './local-sign-in.ts';
import { markSignInSeen } from './sign-ins.ts';

interface Parts {
  readonly database: Database;
  readonly auth: Auth;
  readonly cache: ActorCache;
  readonly localTokenFile: string | undefined;
  readonly logger: Logger;
}

export interface Authenticator {
  authenticate(credentials: Credentials): Promise<Actor | null>;
  /** Waits for what is still being written down. */
  settle(): Promise<void>;
}

/** Reads who asks from the `Authorization` header, or else from the sign-in cookie. Throws nothing but GantryError. */
export function createAuthenticator(parts: Parts): Authenticator {
  const writing = new Set<Promise<void>>();

  function note(write: Promise<void>): void {
    const noted = write
      .catch((error: unknown) =>
        parts.logger.debug({ reason: String(error) }, 'could not note the use of a key or sign-in'),
      )
      .finally(() => writing.delete(noted));
    writing.add(noted);
  }

  return {
    authenticate: async ({ authorization, cookie }) => {
      try {
        if (authorization?.trim()) return await fromHeader(parts, authorization.trim(), note);
        return await fromCookie(parts, cookie ?? '', note);
      } catch (error) {
        throw toGantryError(error);
      }
    },
    settle: async () => void (await Promise.all(writing)),
  };
}

type Note = (write: Promise<void>) => void;

async function fromHeader(parts: Parts, header: string, note: Note): Promise<Actor> {
  const token = /^bearer +(\S+)$/i.exec(header)?.[1];
  if (token === undefined) {
    throw new GantryError('UNAUTHENTICATED', 'The Authorization header must read "Bearer" and an API key.');
  }
  if (token.startsWith(localTokenPrefix)) return fromLocalToken(parts, token);
  const actor = isKey(token) ? await fromKey(parts, token, note) : null;
  if (!actor)
    throw new GantryError(
      'UNAUTHENTICATED',
      'The API key is not known here: it is wrong, expired or revoked.',
    );
  return actor;
}

function fromKey({ database, cache }: Parts, key: string, note: Note): Promise<Actor | null> {
  const keyHash = hash('sha256', key);
  return cache.through(keyHash, () => findKeyActor(database, keyHash, (id) => note(markUsed(database, id))));
}

async function fromLocalToken({ database, localTokenFile }: Parts, token: string): Promise<Actor> {
  if (localTokenFile === undefined || !(await isLocalToken(localTokenFile, token))) {
    throw new GantryError(
      'UNAUTHENTICATED',
      'The local sign-in is not of this server. Is another one running?',
    );
  }
  return { userId: (await findFirstAdmin(database)) ?? localUserId, name: 'local', role: 'admin' };
}

async function fromCookie(
  { database, auth, cache }: Parts,
  header: string,
  note: Note,
): Promise<Actor | null> {
  const { name } = (await auth.$context).authCookies.sessionToken;
  const value = readCookie(header, name);
  if (value === undefined) return null;
  const actor = await cache.through(hash('sha256', value), () =>
    findSignInActor(database, auth, `${name}=${value}`, note),
  );
  if (!actor) throw new GantryError('UNAUTHENTICATED', 'The sign-in has ended. Sign in again.');
  return actor;
}

/** The first cookie of that name, as it stands. */
function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const pair = part.trim();
    if (pair.startsWith(`${name}=`)) return pair.slice(name.length + 1);
  }
  return undefined;
}

interface SignInRow {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: Date;
  readonly stale: boolean;
}

async function findSignInActor(
  database: Database,
  auth: Auth,
  cookie: string,
  note: Note,
): Promise<Known | null> {
  // Headers refuse other characters, and no cookie of ours holds any.
  if (!/^[\x21-\x7e]+$/.test(cookie)) return null;
  const { token } = await auth.api.readSignInToken({ headers: new Headers({ cookie }) });
  if (token === null) return null;
  const [row] = await database.query<SignInRow>(
    `SELECT s.id, s.user_id AS "userId", u.name, u.role, s.expires_at AS "expiresAt",
       s.last_seen_at IS NULL OR s.last_seen_at < now() - interval '1 minute' AS stale
     FROM sign_ins s JOIN users u ON u.id = s.user_id
     WHERE s.token = $1 AND s.expires_at > now() AND NOT u.disabled`,
    [token],
    'identity_sign_in_actor',
  );
  if (!row) return null;
  const { id, userId, name, role, expiresAt, stale } = row;
  if (stale) note(markSignInSeen(database, id));
  return { actor: { userId, name, role, signInId: id }, expiresAt };
}
