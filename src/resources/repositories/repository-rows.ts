import { GantryError } from '../../base/errors.ts';
import type { Repository } from '../../contract/repository.ts';
import type { Database, Queryable } from '../../store/database.ts';
import type { ForgeKind } from '../ports/forge.ts';

/** A row: what people see, and how the driver is asked. */
export interface RepositoryRow extends Omit<Repository, 'checkedAt' | 'createdAt'> {
  readonly forge: ForgeKind;
  readonly baseUrl: string | null;
  readonly remote: string;
  readonly checkedAt: Date;
  readonly createdAt: Date;
}

const columns = `id, name, forge, base_url AS "baseUrl", remote, url, web_url AS "webUrl",
  default_branch AS "defaultBranch", is_private AS "isPrivate", auth, status, problem,
  checked_at AS "checkedAt", created_at AS "createdAt", created_by AS "createdBy"`;

export async function listRows(db: Queryable): Promise<RepositoryRow[]> {
  return db.query<RepositoryRow>(`SELECT ${columns} FROM repositories ORDER BY lower(name)`);
}

/** NOT_FOUND says how to connect one. */
export async function findRow(db: Queryable, name: string): Promise<RepositoryRow> {
  const [row] = await db.query<RepositoryRow>(
    `SELECT ${columns} FROM repositories WHERE lower(name) = lower($1)`,
    [name],
  );
  if (row) return row;
  const message = `No repository is connected as ${name}. An admin connects it with \`gantry repos add\`, or on the page Repositories.`;
  throw new GantryError('NOT_FOUND', message);
}

/** Those that a forge of this kind calls so, wherever it is. */
export async function findRemote(db: Database, forge: string, remote: string): Promise<RepositoryRow[]> {
  return db.query<RepositoryRow>(
    `SELECT ${columns} FROM repositories WHERE forge = $1 AND lower(remote) = lower($2)`,
    [forge, remote],
  );
}

export type NewRow = Omit<RepositoryRow, 'checkedAt' | 'createdAt'>;

/** CONFLICT when the name or the remote is taken. */
export async function insertRow(db: Database, row: NewRow): Promise<RepositoryRow> {
  const [found] = await db.query<RepositoryRow>(
    `INSERT INTO repositories (id, name, forge, base_url, remote, url, web_url, default_branch, is_private, auth,
         status, problem, checked_at, created_at, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now(), now(), $13)
       ON CONFLICT DO NOTHING RETURNING ${columns}`,
    [
      row.id,
      row.name,
      row.forge,
      row.baseUrl,
      row.remote,
      row.url,
      row.webUrl,
      row.defaultBranch,
      row.isPrivate,
      row.auth,
      row.status,
      row.problem,
      row.createdBy,
    ],
  );
  if (found) return found;
  throw await taken(db, row);
}

/** Says which of the two is taken. */
export async function taken(
  db: Queryable,
  row: Pick<NewRow, 'name' | 'forge' | 'baseUrl' | 'remote'>,
): Promise<GantryError> {
  const [same] = await db.query<{ name: string }>(
    `SELECT name FROM repositories
      WHERE forge = $1 AND coalesce(base_url, '') = $2 AND lower(remote) = lower($3)`,
    [row.forge, row.baseUrl ?? '', row.remote],
  );
  return new GantryError(
    'CONFLICT',
    same
      ? `This repository is connected already, as ${same.name}. \`gantry repos token\` gives it another token.`
      : `Another repository is connected as ${row.name}. Connect this one under a name of its own (--name).`,
  );
}

export function toRepository({ baseUrl: _base, remote: _remote, ...row }: RepositoryRow): Repository {
  return { ...row, checkedAt: row.checkedAt.toISOString(), createdAt: row.createdAt.toISOString() };
}
