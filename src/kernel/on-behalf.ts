import { GantryError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { RunSummary } from '../contract/run.ts';
import { atLeast, type Role } from '../contract/role.ts';
import { localUserId, roleSchema } from '../contract/user.ts';
import type { Database } from '../store/database.ts';
import { retryRun } from './again.ts';
import type { Capability } from './capability.ts';
import { getRun } from './list.ts';
import { listRuns, summariesOf, type ListRequest, type RunPage } from './run-list.ts';
import type { RunRow } from './run-row.ts';

/**
 * Other runs, as the user of a run may see and repeat them: admins everybody's, members their own. What the user, and
 * the key that the run was started with, may do is looked up at each call, because a run can outlive a right. A run that
 * no person or key has asked for, but a schedule or another run, acts on its user's own runs: nothing says with which
 * key that began.
 */
export interface RunsOnBehalf {
  list(request: Omit<ListRequest, 'userId'>): Promise<RunPage>;
  /** Those of these runs that the user may see. */
  find(runIds: readonly string[]): Promise<RunSummary[]>;
  /** A new run of the user with the input of a finished one; the same key starts it once. Throws what the kernel's does. */
  retry(runId: string, idempotencyKey: string): Promise<{ runId: string; replayed: boolean }>;
}

interface BehalfOptions {
  readonly db: Database;
  readonly row: RunRow;
  readonly capabilityNamed: (name: string) => Capability;
  readonly maxQueued: () => number;
}

export function createRunsOnBehalf({ db, row, capabilityNamed, maxQueued }: BehalfOptions): RunsOnBehalf {
  const scope = async () => ((await roleOf(db, row)) === 'admin' ? undefined : (row.user_id ?? undefined));
  return {
    list: async (request) => listRuns(db, { ...request, userId: await scope() }),
    find: async (runIds) => {
      const userId = await scope();
      const runs = await summariesOf(db, runIds.filter(isId));
      return runs.filter((run) => userId === undefined || run.userId === userId);
    },
    retry: async (runId, idempotencyKey) => {
      const userId = await scope();
      const earlier = await getRun(db, runId);
      if (userId !== undefined && earlier.user_id !== userId) {
        throw new GantryError('NOT_FOUND', `There is no run ${runId}.`);
      }
      const request = {
        trigger: { kind: 'run', runId: row.id } as const,
        userId: row.user_id,
        idempotencyKey,
      };
      const started = await retryRun(db, earlier, capabilityNamed(earlier.capability), request, maxQueued());
      return { runId: started.row.id, replayed: started.replayed };
    },
  };
}

/** What the run's user may do now, and no more than the key it was started with; what nobody started acts for the house. */
async function roleOf(db: Database, row: RunRow): Promise<Role> {
  if (row.user_id === null || row.user_id === localUserId) return 'admin';
  const keyId = row.trigger.kind === 'key' ? row.trigger.keyId : null;
  const [found] = await db.query<{ role: string; key_role: string | null }>(
    `SELECT u.role, k.role AS key_role FROM users u LEFT JOIN api_keys k ON k.id = $2 AND k.user_id = u.id
     WHERE u.id = $1 AND NOT u.disabled AND ($2::text IS NULL OR k.id IS NOT NULL)`,
    [row.user_id, keyId],
  );
  const roles = [found?.role, found?.key_role ?? found?.role].map((role) => roleSchema.safeParse(role).data);
  const isAskedFor = row.trigger.kind === 'user' || row.trigger.kind === 'key';
  const isAdmin = isAskedFor && roles.every((role) => role !== undefined && atLeast(role, 'admin'));
  if (roles.some((role) => role === undefined || !atLeast(role, 'member'))) {
    throw new GantryError(
      'FORBIDDEN',
      'Who started this run may start runs no more: the user or the key is gone, or has a smaller role.',
    );
  }
  return isAdmin ? 'admin' : 'member';
}
