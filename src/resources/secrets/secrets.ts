import { GantryError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { SecretGrant } from '../../contract/secret.ts';
import type { Database } from '../../store/database.ts';
import { seal, unseal } from './envelope.ts';
import { addGrant, findUsable, removeGrant, type SecretUser } from './grants.ts';
import type { KeyRing } from './key-ring.ts';
import { keepSealingKey, sealingKey } from './sealing-key.ts';
import { describeScope, ownerOf, type SecretScope } from './secret-scope.ts';

/** What people see of a secret: everything but its value. */
export interface SecretEntry {
  readonly id: string;
  readonly scope: SecretScope['scope'];
  readonly owner: string;
  readonly name: string;
  readonly grants: readonly SecretGrant[];
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastUsedAt: Date | null;
  readonly lastUsedBy: string | null;
}

/** What a run asks for. */
export interface SecretRequest {
  readonly run: SecretUser;
  readonly name: string;
  /** Where to look, the run's repository first; all three unless given. */
  readonly scopes?: readonly ('repository' | 'user' | 'instance')[];
}

export interface Secrets {
  /** Stores or replaces a secret. `name` is 1-128 of `A-Z a-z 0-9 _ . -`; `value` 1 byte to 64 KiB. Throws INPUT_INVALID. */
  putSecret(scope: SecretScope, name: string, value: string, createdBy?: string): Promise<SecretEntry>;
  /** The secrets of one scope, or of all but Gantry's own, by name; never their values. */
  listSecrets(scope?: SecretScope): Promise<SecretEntry[]>;
  /** With its grants. Throws NOT_FOUND when there is none. */
  deleteSecret(scope: SecretScope, name: string): Promise<void>;
  /**
   * The value, or undefined when there is none. Throws SECRET_UNREADABLE. Use it at once; never store or log it. `use`
   * says what for, and is noted with the secret.
   */
  openSecret(scope: SecretScope, name: string, use?: string): Promise<string | undefined>;
  /** The value for a run that may use it, noted as used by the run. FORBIDDEN without a grant, NOT_FOUND without a secret. */
  openFor(request: SecretRequest): Promise<string>;
  grant(scope: SecretScope, name: string, grant: SecretGrant, by?: string): Promise<void>;
  revoke(scope: SecretScope, name: string, grant: SecretGrant): Promise<void>;
}

interface SealedRow {
  readonly id: string;
  readonly sealed: Buffer;
  readonly key_id: string;
}

const largestValueBytes = 65_536;
const shown = `id, scope, owner, name, created_by AS "createdBy", created_at AS "createdAt", updated_at AS "updatedAt",
  last_used_at AS "lastUsedAt", last_used_by AS "lastUsedBy",
  (SELECT coalesce(json_agg(CASE g.kind WHEN 'everyone' THEN json_build_object('kind', g.kind)
      ELSE json_build_object('kind', g.kind, 'subject', g.subject) END ORDER BY g.kind, g.subject), '[]')
     FROM secret_grants g WHERE g.scope = secrets.scope AND g.owner = secrets.owner AND g.name = secrets.name) AS grants`;

/** The secret store on `database`, sealed under the keys of `keys`. */
export function createSecrets(database: Database, keys: KeyRing): Secrets {
  const openSecret: Secrets['openSecret'] = (scope, name, use) => openRow(database, keys, scope, name, use);
  return {
    putSecret: (scope, name, value, createdBy) =>
      putSecret(database, keys, { scope, name, value, createdBy: createdBy ?? null }),
    listSecrets: async (scope) =>
      database.query<SecretEntry>(
        `SELECT ${shown} FROM secrets WHERE ${scope ? 'scope = $1 AND owner = $2' : "scope <> 'system'"}
         ORDER BY scope, owner, name`,
        scope ? [scope.scope, ownerOf(scope)] : [],
      ),
    deleteSecret: async (scope, name) => {
      const gone = await database.query(
        `WITH grants AS (DELETE FROM secret_grants WHERE scope = $1 AND owner = $2 AND name = $3)
         DELETE FROM secrets WHERE scope = $1 AND owner = $2 AND name = $3 RETURNING id`,
        [scope.scope, ownerOf(scope), name],
      );
      if (gone.length === 0)
        throw new GantryError('NOT_FOUND', `There is no secret ${name} ${describeScope(scope)}.`);
    },
    openSecret,
    openFor: async ({ run, name, scopes = ['repository', 'user', 'instance'] }) => {
      const scope = await findUsable(database, run, name, scopes);
      const value = await openSecret(scope, name, run.id);
      if (value === undefined)
        throw new GantryError('NOT_FOUND', `The secret ${name} has just been deleted.`);
      return value;
    },
    grant: (scope, name, grant, by) => addGrant(database, scope, name, grant, by),
    revoke: (scope, name, grant) => removeGrant(database, scope, name, grant),
  };
}

interface NewSecret {
  readonly scope: SecretScope;
  readonly name: string;
  readonly value: string;
  readonly createdBy: string | null;
}

async function putSecret(database: Database, keys: KeyRing, secret: NewSecret): Promise<SecretEntry> {
  const { scope, name, value, createdBy } = secret;
  requireValid(scope, name, value);
  const id = newId();
  const rows = await database.transaction(async (tx) => {
    const key = await keepSealingKey(tx, keys);
    const sealed = seal(key.bytes, value, contextOf(scope, name, id));
    return tx.query<SecretEntry>(
      `INSERT INTO secrets (id, scope, owner, name, sealed, key_id, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (scope, owner, name) DO UPDATE
         SET id = excluded.id, sealed = excluded.sealed, key_id = excluded.key_id, updated_at = now()
       RETURNING ${shown}`,
      [id, scope.scope, ownerOf(scope), name, sealed, key.id, createdBy],
    );
  });
  const [entry] = rows;
  if (!entry) throw new GantryError('INTERNAL', `The secret ${name} was not stored. Try again.`);
  return entry;
}

async function openRow(
  database: Database,
  keys: KeyRing,
  scope: SecretScope,
  name: string,
  use: string | undefined,
): Promise<string | undefined> {
  const where = 'WHERE scope = $1 AND owner = $2 AND name = $3';
  const values = [scope.scope, ownerOf(scope), name];
  const [row] = await database.query<SealedRow>(`SELECT id, sealed, key_id FROM secrets ${where}`, values);
  if (!row) return undefined;
  const value = await open(row, scope, name, keys, database);
  if (use !== undefined) {
    await database.query(
      `UPDATE secrets SET last_used_at = now(), last_used_by = $4 ${where}
         AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute' OR last_used_by IS DISTINCT FROM $4)`,
      [...values, use],
    );
  }
  return value;
}

async function open(
  row: SealedRow,
  scope: SecretScope,
  name: string,
  keys: KeyRing,
  database: Database,
): Promise<string> {
  const key = await keys.find(row.key_id);
  if (!key) {
    const mine = await sealingKey(database, keys);
    const message = `The secret ${name} was sealed under the master key ${row.key_id}; this Gantry has ${mine.id} (${mine.source}). Bring the right key back (GANTRY_MASTER_KEY_FILE, or GANTRY_MASTER_KEY_OLD_FILE beside a new one), or set the secret again.`;
    throw new GantryError('SECRET_UNREADABLE', message);
  }
  try {
    return unseal(key.bytes, row.sealed, contextOf(scope, name, row.id));
  } catch (cause) {
    const message = `The secret ${name} was changed in the database outside Gantry and cannot be opened. Set it again.`;
    throw new GantryError('SECRET_UNREADABLE', message, { cause });
  }
}

function requireValid(scope: SecretScope, name: string, value: string): void {
  const problems = [];
  if (!/^[A-Za-z0-9_.-]{1,128}$/.test(name)) {
    problems.push({ path: 'name', message: 'must be 1 to 128 letters, digits, "_", "." or "-"' });
  }
  const bytes = Buffer.byteLength(value);
  if (bytes < 1 || bytes > largestValueBytes) {
    problems.push({ path: 'value', message: `must be 1 to ${largestValueBytes} bytes` });
  }
  if (scope.scope !== 'instance' && !scope.owner)
    problems.push({ path: 'owner', message: 'must say whose secret it is' });
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new GantryError('INPUT_INVALID', `The secret cannot be stored: ${lines}.`, { problems });
}

/** What a value is sealed for: it opens in no other place. */
function contextOf(scope: SecretScope, name: string, id: string): string[] {
  return [scope.scope, ownerOf(scope), name, id];
}
