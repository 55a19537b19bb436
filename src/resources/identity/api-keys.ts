import { localUserId } from '../../contract/user.ts';
import { hash } from 'node:crypto';
import { GantryError } from '../../base/errors.ts';
import { isId, newId, newToken } from '../../base/ids.ts';
import type { ApiKey } from '../../contract/api-key.ts';
import { atLeast, type Role } from '../../contract/role.ts';
import type { Database, Queryable } from '../../store/database.ts';
import type { Known } from './actor-cache.ts';
import { ensureFirstAdmin } from './admins.ts';
import type { Changes } from './changes.ts';
import type { Identity, NewKey, WantedKey } from './identity.ts';
import { checkName } from './rules.ts';

const keyPattern = /^gtr_[A-Za-z0-9_-]{43}$/;

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly userId: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
}

const columns = `id, name, role, user_id AS "userId", created_at AS "createdAt",
  last_used_at AS "lastUsedAt", expires_at AS "expiresAt"`;

export function isKey(text: string): boolean {
  return keyPattern.test(text);
}

export function createKeys(database: Database, changes: Changes): Identity['keys'] {
  return {
    list: async (userId) => {
      const rows = await database.query<KeyRow>(
        `SELECT ${columns} FROM api_keys WHERE $1::text IS NULL OR user_id = $1 ORDER BY id`,
        [userId],
      );
      return rows.map(toApiKey);
    },
    create: async (wanted) => {
      const { apiKey, key } = await createKey(database, wanted);
      if (key === null) throw new GantryError('INTERNAL', 'The database did not return the new key.');
      return { apiKey, key };
    },
    createOnce: (wanted, idempotencyKey) => createKey(database, { ...wanted, idempotencyKey }),
    revoke: async (id, userId) => {
      const gone = await changes.commit(async (tx) =>
        isId(id)
          ? tx.query(
              'DELETE FROM api_keys WHERE id = $1 AND ($2::text IS NULL OR user_id = $2) RETURNING id',
              [id, userId],
            )
          : [],
      );
      if (gone.length === 0) throw new GantryError('NOT_FOUND', 'There is no such key.');
    },
  };
}

interface Wanted extends WantedKey {
  readonly idempotencyKey?: string;
}

async function createKey(database: Database, wanted: Wanted): Promise<NewKey> {
  const name = checkName(wanted.name);
  const key = `gtr_${newToken(32)}`;
  return database.transaction(async (tx) => {
    // The command line works before anyone has opened the sign-in link: its keys need an owner.
    const userId = wanted.userId === localUserId ? await ensureFirstAdmin(tx) : wanted.userId;
    const [owner] = await tx.query<{ role: Role }>('SELECT role FROM users WHERE id = $1 FOR KEY SHARE', [
      userId,
    ]);
    if (!owner) throw new GantryError('NOT_FOUND', 'There is no such user.');
    if (!atLeast(owner.role, wanted.role)) throw tooPowerful(owner.role);
    const asked = { ...wanted, name, userId };
    const made = await insertKey(tx, asked, key);
    if (made) return { apiKey: toApiKey(made), key, replayed: false };
    return { apiKey: await findMade(tx, asked), key: null, replayed: true };
  });
}

/** Undefined when the idempotency key of this owner has made one before. */
async function insertKey(tx: Queryable, wanted: Wanted, key: string): Promise<KeyRow | undefined> {
  const [row] = await tx.query<KeyRow>(
    `INSERT INTO api_keys (id, user_id, name, role, hash, idempotency_key, request_hash, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7,
       least(now() + make_interval(days => $8), (SELECT expires_at FROM api_keys WHERE id = $9)))
     ON CONFLICT (user_id, idempotency_key) DO NOTHING RETURNING ${columns}`,
    [
      newId(),
      wanted.userId,
      wanted.name,
      wanted.role,
      hash('sha256', key),
      wanted.idempotencyKey ?? null,
      wanted.idempotencyKey === undefined ? null : requestHash(wanted),
      wanted.expiresInDays ?? null,
      wanted.madeWith ?? null,
    ],
  );
  return row;
}

async function findMade(tx: Queryable, wanted: Wanted): Promise<ApiKey> {
  const [row] = await tx.query<KeyRow & { readonly requestHash: string | null }>(
    `SELECT ${columns}, request_hash AS "requestHash" FROM api_keys WHERE user_id = $1 AND idempotency_key = $2`,
    [wanted.userId, wanted.idempotencyKey],
  );
  if (!row) throw new GantryError('CONFLICT', 'The key was revoked at this moment. Ask again.');
  const { requestHash: made, ...found } = row;
  if (made === requestHash(wanted)) return toApiKey(found);
  throw new GantryError(
    'IDEMPOTENCY_MISMATCH',
    'This Idempotency-Key has made another API key. Send a new one for a new key.',
  );
}

function requestHash({ name, role, expiresInDays }: Wanted): string {
  return hash('sha256', JSON.stringify([name, role, expiresInDays ?? null]));
}

/**
 * The hot path: one query on the unique index of hashes. better-auth's own check would write to the row on each request.
 * `touch` is called when the last use on record is older than a minute.
 */
export async function findKeyActor(
  database: Database,
  keyHash: string,
  touch: (id: string) => void,
): Promise<Known | null> {
  const [row] = await database.query<KeyActorRow>(keyActorQuery, [keyHash], 'identity_key_actor');
  if (!row) return null;
  if (row.stale) touch(row.id);
  const role = atLeast(row.role, row.ownerRole) ? row.ownerRole : row.role;
  return {
    actor: { userId: row.userId, name: row.userName, role, keyId: row.id, ownerRole: row.ownerRole },
    expiresAt: row.expiresAt,
  };
}

interface KeyActorRow {
  readonly id: string;
  readonly role: Role;
  readonly ownerRole: Role;
  readonly userId: string;
  readonly userName: string;
  readonly expiresAt: Date | null;
  readonly stale: boolean;
}

const keyActorQuery = `
  SELECT k.id, k.role, u.role AS "ownerRole", k.user_id AS "userId", u.name AS "userName", k.expires_at AS "expiresAt",
         k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute' AS stale
  FROM api_keys k JOIN users u ON u.id = k.user_id
  WHERE k.hash = $1 AND NOT u.disabled AND (k.expires_at IS NULL OR k.expires_at > now())`;

/** Writes down that the key, and with it its user, was seen, at most once a minute however many processes see it. */
export async function markUsed(database: Database, id: string): Promise<void> {
  await database.query(
    `WITH used AS (
       UPDATE api_keys SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute') RETURNING user_id
     )
     UPDATE users SET last_seen_at = now() FROM used WHERE users.id = used.user_id`,
    [id],
    'identity_key_used',
  );
}

function tooPowerful(role: Role): GantryError {
  return new GantryError('FORBIDDEN', `The owner of the key is ${role}; a key can't do more than its owner.`);
}

function toApiKey(row: KeyRow): ApiKey {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}
