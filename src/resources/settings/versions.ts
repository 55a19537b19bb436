import { GantryError } from '../../base/errors.ts';
import type { SettingChange, SettingsVersion } from '../../contract/settings.ts';
import type { Database, Queryable } from '../../store/database.ts';

/** What belongs to one place: `instance`, or `user:<id>`. */
export interface Scope {
  readonly name: string;
  /** The person with whom the versions go; null for the instance's. */
  readonly userId: string | null;
}

export type Overrides = Readonly<Record<string, unknown>>;

export interface Latest {
  readonly version: number;
  readonly overrides: Overrides;
}

/** Who makes a change, by the name of the time. */
export interface Author {
  readonly userId: string;
  readonly name: string;
}

export interface NewVersion {
  readonly by: Author;
  readonly note: string;
  /** The version that the change was made on; CONFLICT when it is not the latest. Undefined: on whatever is there. */
  readonly expected: number | undefined;
  readonly restored?: number;
  /** What is to be set, given what is. */
  readonly change: (latest: Latest, tx: Queryable) => Promise<Overrides> | Overrides;
}

/** Of a person, only so many are kept: a script could make one each second. */
const keptOfPerson = 500;

export async function readLatest(db: Queryable, scope: string): Promise<Latest> {
  const [row] = await db.query<Latest>(
    'SELECT version, overrides FROM settings_versions WHERE scope = $1 ORDER BY version DESC LIMIT 1',
    [scope],
    'settings_latest',
  );
  return row ?? { version: 0, overrides: {} };
}

/** What version `version` had set; nothing in version 0. NOT_FOUND when there is no such version. */
export async function readVersion(db: Queryable, scope: string, version: number): Promise<Overrides> {
  if (version === 0) return {};
  const [row] = await db.query<{ overrides: Overrides }>(
    'SELECT overrides FROM settings_versions WHERE scope = $1 AND version = $2',
    [scope, version],
  );
  if (!row) throw new GantryError('NOT_FOUND', `These settings have no version ${version}.`);
  return row.overrides;
}

/**
 * Adds a version, announced with its commit; one that would change nothing is not made. Changes of a scope happen one
 * after the other, so that none is lost.
 */
export async function addVersion(db: Database, scope: Scope, made: NewVersion): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7070004))', [scope.name]);
    const latest = await readLatest(tx, scope.name);
    if (made.expected !== undefined && made.expected !== latest.version) {
      throw await overtaken(tx, scope.name, latest.version, made.expected);
    }
    const overrides = await made.change(latest, tx);
    const changes = difference(latest.overrides, overrides);
    if (changes.length === 0) return;
    const version = latest.version + 1;
    await tx
      .query(
        `INSERT INTO settings_versions (scope, version, user_id, by_id, by_name, note, overrides, changes, restored)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          scope.name,
          version,
          scope.userId,
          made.by.userId,
          made.by.name,
          made.note,
          JSON.stringify(overrides),
          JSON.stringify(changes),
          made.restored ?? null,
        ],
      )
      .catch(explainMissing);
    if (scope.userId !== null) {
      await tx.query('DELETE FROM settings_versions WHERE scope = $1 AND version <= $2', [
        scope.name,
        version - keptOfPerson,
      ]);
    }
    await tx.query(`SELECT pg_notify('gantry_settings', $1)`, [scope.name]);
  });
}

function explainMissing(error: Error & { code?: string }): never {
  if (error.code !== '23503') throw error;
  throw new GantryError('NOT_FOUND', 'There is no such user any more, so there is nothing to set.', {
    cause: error,
  });
}

async function overtaken(
  tx: Queryable,
  scope: string,
  version: number,
  expected: number,
): Promise<GantryError> {
  const [row] = await tx.query<{ name: string }>(
    'SELECT by_name AS name FROM settings_versions WHERE scope = $1 AND version = $2',
    [scope, version],
  );
  const by = row ? ` by ${row.name}` : '';
  const message =
    version < expected
      ? `There is no version ${expected}; the latest is ${version}. Load the settings again.`
      : `The settings were changed meanwhile${by}: they are at version ${version}, and yours was made on ${expected}. Load them again, then decide.`;
  return new GantryError('CONFLICT', message);
}

function difference(from: Overrides, to: Overrides): SettingChange[] {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted();
  return keys
    .map((key) => ({ key, from: from[key] ?? null, to: to[key] ?? null }))
    .filter((change) => JSON.stringify(change.from) !== JSON.stringify(change.to));
}

interface VersionRow {
  version: number;
  at: Date;
  by_id: string;
  by_name: string;
  note: string;
  changes: SettingChange[];
  restored: number | null;
}

/** Newest first; `before` is the last version of the page before. */
export async function listVersions(
  db: Queryable,
  scope: string,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<{ items: SettingsVersion[]; next: string | null }> {
  const rows = await db.query<VersionRow>(
    `SELECT version, at, by_id, by_name, note, changes, restored FROM settings_versions
     WHERE scope = $1 AND version < $2 ORDER BY version DESC LIMIT $3`,
    [scope, before ?? 2_147_483_647, limit + 1],
  );
  const items = rows.slice(0, limit).map(({ at, by_id, by_name, ...row }) => ({
    ...row,
    at: at.toISOString(),
    by: { userId: by_id, name: by_name },
  }));
  return { items, next: rows.length > limit ? String(items.at(-1)?.version) : null };
}

interface LastChange {
  readonly version: number;
  readonly at: string;
  readonly by: Author;
}

/** The last change of each setting that was ever changed. */
export async function lastChanges(db: Queryable, scope: string): Promise<Record<string, LastChange>> {
  const rows = await db.query<VersionRow & { key: string }>(
    `SELECT DISTINCT ON (key) change ->> 'key' AS key, version, at, by_id, by_name
     FROM settings_versions, json_array_elements(changes) AS change
     WHERE scope = $1 ORDER BY key, version DESC`,
    [scope],
  );
  return Object.fromEntries(
    rows.map(({ key, version, at, by_id, by_name }) => [
      key,
      { version, at: at.toISOString(), by: { userId: by_id, name: by_name } },
    ]),
  );
}
