import { GantryError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { Queryable } from '../../store/database.ts';
import { seal, unseal } from './envelope.ts';
import type { MasterKey } from './master-key.ts';

/** Whose secret it is: the whole instance's, a user's (by id) or a repository's (by its full name). */
export type SecretScope =
  | { readonly scope: 'instance' }
  | { readonly scope: 'user' | 'repository'; readonly owner: string };

/** What people see of a secret: everything but its value. */
export interface SecretEntry {
  readonly id: string;
  readonly scope: 'instance' | 'user' | 'repository';
  readonly owner: string;
  readonly name: string;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Secrets {
  /** Stores or replaces a secret. `name` is 1-128 of `A-Z a-z 0-9 _ . -`; `value` 1 byte to 64 KiB. Throws INPUT_INVALID. */
  putSecret(scope: SecretScope, name: string, value: string, createdBy?: string): Promise<SecretEntry>;
  /** The secrets of one scope, or of all, by name; never their values. */
  listSecrets(scope?: SecretScope): Promise<SecretEntry[]>;
  /** Throws NOT_FOUND when there is none. */
  deleteSecret(scope: SecretScope, name: string): Promise<void>;
  /** The value, or undefined when there is none. Throws SECRET_UNREADABLE. Use it at once; never store or log it. */
  openSecret(scope: SecretScope, name: string): Promise<string | undefined>;
}

interface SealedRow {
  readonly id: string;
  readonly sealed: Buffer;
  readonly key_id: string;
}

const largestValueBytes = 65_536;
const shown = `id, scope, owner, name, created_by AS "createdBy", created_at AS "createdAt", updated_at AS "updatedAt"`;

/** The secret store on `database`, sealed under `masterKey`. */
export function createSecrets(database: Queryable, masterKey: MasterKey): Secrets {
  return {
    putSecret: async (scope, name, value, createdBy) => {
      requireValid(scope, name, value);
      const id = newId();
      const sealed = seal(masterKey.bytes, value, contextOf(scope, name, id));
      const rows = await database.query<SecretEntry>(
        `INSERT INTO secrets (id, scope, owner, name, sealed, key_id, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (scope, owner, name) DO UPDATE
           SET id = excluded.id, sealed = excluded.sealed, key_id = excluded.key_id, updated_at = now()
         RETURNING ${shown}`,
        [id, scope.scope, ownerOf(scope), name, sealed, masterKey.id, createdBy ?? null],
      );
      const [entry] = rows;
      if (!entry) throw new GantryError('INTERNAL', `The secret ${name} was not stored. Try again.`);
      return entry;
    },
    listSecrets: async (scope) => {
      const where = scope ? 'WHERE scope = $1 AND owner = $2' : '';
      const values = scope ? [scope.scope, ownerOf(scope)] : [];
      return database.query<SecretEntry>(
        `SELECT ${shown} FROM secrets ${where} ORDER BY scope, owner, name`,
        values,
      );
    },
    deleteSecret: async (scope, name) => {
      const gone = await database.query(
        'DELETE FROM secrets WHERE scope = $1 AND owner = $2 AND name = $3 RETURNING id',
        [scope.scope, ownerOf(scope), name],
      );
      if (gone.length === 0)
        throw new GantryError('NOT_FOUND', `There is no secret ${name} ${describe(scope)}.`);
    },
    openSecret: async (scope, name) => {
      const [row] = await database.query<SealedRow>(
        'SELECT id, sealed, key_id FROM secrets WHERE scope = $1 AND owner = $2 AND name = $3',
        [scope.scope, ownerOf(scope), name],
      );
      return row && open(row, scope, name, masterKey);
    },
  };
}

function open(row: SealedRow, scope: SecretScope, name: string, masterKey: MasterKey): string {
  if (row.key_id !== masterKey.id) {
    const message = `The secret ${name} was sealed under the master key ${row.key_id}; this Gantry has ${masterKey.id} (${masterKey.source}). Bring the right key back (GANTRY_MASTER_KEY_FILE), or set the secret again.`;
    throw new GantryError('SECRET_UNREADABLE', message);
  }
  try {
    return unseal(masterKey.bytes, row.sealed, contextOf(scope, name, row.id));
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

function contextOf(scope: SecretScope, name: string, id: string): string[] {
  return [scope.scope, ownerOf(scope), name, id];
}

function ownerOf(scope: SecretScope): string {
  return scope.scope === 'instance' ? '' : scope.owner;
}

function describe(scope: SecretScope): string {
  return scope.scope === 'instance' ? 'of this instance' : `of the ${scope.scope} ${scope.owner}`;
}
