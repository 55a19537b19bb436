import { GantryError } from '../../base/errors.ts';
import type { SecretGrant } from '../../contract/secret.ts';
import type { Database } from '../../store/database.ts';
import { ownerOf, type SecretScope } from './secret-scope.ts';

/** What of a run decides which secrets it may use. */
export interface SecretUser {
  readonly id: string;
  readonly userId: string | null;
  readonly repository: string | null;
  readonly capability: string;
}

/**
 * Lets runs use a secret: those on a repository, those of a capability, or all. Of a user's secret it is that user's runs
 * only. NOT_FOUND without the secret; INPUT_INVALID for a repository's, which its runs may use anyhow.
 */
export async function addGrant(
  db: Database,
  scope: SecretScope,
  name: string,
  grant: SecretGrant,
  by?: string,
): Promise<void> {
  if (scope.scope === 'repository') {
    const message = `A secret of a repository is for the runs on ${scope.owner}, and for no others. Keep it for the instance to grant it to more.`;
    throw new GantryError('INPUT_INVALID', message);
  }
  const rows = await db.query(
    `WITH found AS (SELECT scope, owner, name FROM secrets WHERE scope = $1 AND owner = $2 AND name = $3),
       added AS (INSERT INTO secret_grants (scope, owner, name, kind, subject, created_by)
         SELECT scope, owner, name, $4, $5, $6 FROM found ON CONFLICT DO NOTHING)
     SELECT FROM found`,
    [scope.scope, ownerOf(scope), name, grant.kind, subjectOf(grant), by ?? null],
  );
  if (rows.length === 0) throw new GantryError('NOT_FOUND', `There is no secret ${name}. Set it first.`);
}

/** NOT_FOUND when there is no such grant. Runs that hold the value keep it until they end. */
export async function removeGrant(
  db: Database,
  scope: SecretScope,
  name: string,
  grant: SecretGrant,
): Promise<void> {
  const gone = await db.query(
    `DELETE FROM secret_grants WHERE scope = $1 AND owner = $2 AND name = $3 AND kind = $4 AND subject = $5 RETURNING kind`,
    [scope.scope, ownerOf(scope), name, grant.kind, subjectOf(grant)],
  );
  if (gone.length === 0) throw new GantryError('NOT_FOUND', `The secret ${name} has no such grant.`);
}

/**
 * The scope whose secret of this name a run uses: its repository's, then its user's, then the instance's, the last two
 * only with a grant. NOT_FOUND says how to set one, FORBIDDEN how to grant one.
 */
export async function findUsable(
  db: Database,
  run: SecretUser,
  name: string,
  scopes: readonly ('repository' | 'user' | 'instance')[],
): Promise<SecretScope> {
  const rows = await db.query<{ scope: 'repository' | 'user' | 'instance'; granted: boolean }>(
    `SELECT s.scope, s.scope = 'repository' OR EXISTS (
         SELECT FROM secret_grants g WHERE g.scope = s.scope AND g.owner = s.owner AND g.name = s.name
           AND (g.kind = 'everyone' OR (g.kind = 'capability' AND g.subject = $5)
             OR (g.kind = 'repository' AND lower(g.subject) = lower($4)))) AS granted
       FROM secrets s
      WHERE s.name = $1 AND s.scope = ANY($2)
        AND ((s.scope = 'instance') OR (s.scope = 'user' AND s.owner = $3) OR (s.scope = 'repository' AND s.owner = $4))
      ORDER BY array_position(ARRAY['repository', 'user', 'instance'], s.scope)`,
    [name, scopes, run.userId, run.repository, run.capability],
  );
  const usable = rows.find(({ granted }) => granted);
  if (usable) return scopeFor(usable.scope, run);
  if (rows.length > 0) {
    const flag = run.repository === null ? `--capability ${run.capability}` : `--to ${run.repository}`;
    const message = `The secret ${name} is kept, but this run may not use it. Grant it with \`gantry secrets grant ${name} ${flag}\`, or on the page Secrets.`;
    throw new GantryError('FORBIDDEN', message);
  }
  const message = `There is no secret ${name} for this run. Seal it with \`gantry secrets set ${name}\`, or on the page Secrets.`;
  throw new GantryError('NOT_FOUND', message);
}

function scopeFor(scope: 'repository' | 'user' | 'instance', run: SecretUser): SecretScope {
  if (scope === 'instance') return { scope };
  return { scope, owner: (scope === 'user' ? run.userId : run.repository) ?? '' };
}

function subjectOf(grant: SecretGrant): string {
  return grant.kind === 'everyone' ? '' : grant.subject;
}
