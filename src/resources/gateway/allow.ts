import { GantryError } from '../../base/errors.ts';
import { mayAllow } from '../../contract/budget.ts';
import { localUserId } from '../../contract/user.ts';
import type { Database, Queryable } from '../../store/database.ts';
import type { Gateway } from './gateway.ts';

interface Person {
  readonly owns: boolean;
  readonly role: string | null;
}

/**
 * Writes down what a person allowed a run beyond a budget. Who started the run may raise its own budget; beyond the
 * budgets of others only an admin lets it go. FORBIDDEN, or NOT_FOUND without the run.
 */
export function createAllow(db: Database, day: () => string | undefined): Gateway['allow'] {
  return async (runId, over, amount, by, key) => {
    if (!Number.isFinite(amount) || amount <= 0) {
      throw new GantryError('INPUT_INVALID', 'What is allowed beyond a budget must be more than nothing.');
    }
    await db.transaction(async (tx) => {
      await assertMay(tx, runId, over, by);
      await tx.query(
        `INSERT INTO budget_allowances (run_id, key, scope, subject, unit, amount, allowed_by, day)
         VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce($8::date, (now() AT TIME ZONE 'UTC')::date))
         ON CONFLICT (run_id, key) DO NOTHING`,
        [runId, key, over.scope, over.subject, over.unit, amount, by, day() ?? null],
      );
    });
  };
}

async function assertMay(
  tx: Queryable,
  runId: string,
  over: Parameters<typeof mayAllow>[0],
  by: string | null,
): Promise<void> {
  const [person] = await tx.query<Person>(
    `SELECT r.user_id IS NOT DISTINCT FROM $2 AS owns, u.role FROM runs r
     LEFT JOIN users u ON u.id = $2 AND NOT u.disabled WHERE r.id = $1`,
    [runId, by],
  );
  if (!person) throw new GantryError('NOT_FOUND', 'There is no such run.');
  const mayAll = by === localUserId || person.role === 'admin';
  if (mayAll || (person.owns && mayAllow(over) === 'owner')) return;
  const whose = over.scope === 'run' ? 'the bound of all runs' : `the budget of the ${over.scope}`;
  const message =
    mayAllow(over) === 'owner'
      ? 'Only who started the run, or an admin, may raise its budget.'
      : `Only an admin may let a run go beyond ${whose}. Ask one, or wait for the next day (UTC) if it is a budget per day.`;
  throw new GantryError('FORBIDDEN', message);
}
