import { GantryError } from '../../base/errors.ts';
import type { BudgetBounds, BudgetRule, BudgetScope, BudgetStates } from '../../contract/budget.ts';
import type { Database } from '../../store/database.ts';
import type { Counter } from './counters.ts';
import { ruleFor } from './limits.ts';

/** What may be spent on models, and what has been today. Changes hold for the next call, on every worker. */
export interface Budgets {
  list(): Promise<BudgetRule[]>;
  /** Sets a rule, in place of an earlier one. INPUT_INVALID without any bound; NOT_FOUND for an unknown user. */
  put(bounds: BudgetBounds, by: string): Promise<BudgetRule>;
  /** NOT_FOUND when there is no such rule. */
  remove(scope: BudgetScope, subject: string): Promise<void>;
  /** Today's spending of all, or of one user only. */
  state(userId?: string): Promise<BudgetStates>;
}

interface RuleRow extends Omit<BudgetRule, 'updatedAt'> {
  readonly updatedAt: Date;
}

const shown = `scope, subject, usd, tokens, updated_at AS "updatedAt", updated_by AS "updatedBy"`;
const mostShown = 500;

export function createBudgets(db: Database): Budgets {
  return {
    list: () => list(db),
    put: (bounds, by) => put(db, bounds, by),
    remove: async (scope, subject) => {
      const gone = await db.query(
        'DELETE FROM budget_rules WHERE scope = $1 AND subject = $2 RETURNING scope',
        [scope, subject],
      );
      if (gone.length === 0)
        throw new GantryError('NOT_FOUND', `There is no such budget (${scope} ${subject}).`);
    },
    state: (userId) => state(db, userId),
  };
}

async function list(db: Database): Promise<BudgetRule[]> {
  const rows = await db.query<RuleRow>(`SELECT ${shown} FROM budget_rules ORDER BY scope, subject`);
  return rows.map(asRule);
}

function asRule(row: RuleRow): BudgetRule {
  return { ...row, updatedAt: row.updatedAt.toISOString() };
}

async function put(
  db: Database,
  { scope, subject, usd, tokens }: BudgetBounds,
  by: string,
): Promise<BudgetRule> {
  if (subject === '' && usd === null && tokens === null) {
    throw new GantryError(
      'INPUT_INVALID',
      'A budget bounds money, tokens or both. To have none, remove it.',
      {
        problems: [{ path: 'usd', message: 'must be given, or tokens' }],
      },
    );
  }
  if (scope === 'user' && subject !== '') {
    const [user] = await db.query('SELECT id FROM users WHERE id = $1', [subject]);
    if (!user) throw new GantryError('NOT_FOUND', 'There is no such user.');
  }
  const [row] = await db.query<RuleRow>(
    `INSERT INTO budget_rules (scope, subject, usd, tokens, updated_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (scope, subject) DO UPDATE SET usd = $3, tokens = $4, updated_by = $5, updated_at = now()
     RETURNING ${shown}`,
    [scope, subject, usd, tokens, by],
  );
  if (!row) throw new GantryError('INTERNAL', 'The budget was not stored. Try again.');
  return asRule(row);
}

async function state(db: Database, userId: string | undefined): Promise<BudgetStates> {
  const rules = await list(db);
  const [today] = await db.query<{ day: string; ends: Date }>(
    `SELECT day::text AS day, (day + 1)::timestamp AT TIME ZONE 'UTC' AS ends
     FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS day) AS d`,
  );
  const day = today?.day ?? '';
  const counters = await db.query<Counter & { scope: 'instance' | 'user' | 'repository' }>(
    `SELECT scope, subject, day::text AS day, spent_usd AS "spentUsd", spent_tokens AS "spentTokens",
       reserved_usd AS "reservedUsd", reserved_tokens AS "reservedTokens"
     FROM budget_counters
     WHERE day = $1::date AND scope <> 'run' AND ($2::text IS NULL OR (scope = 'user' AND subject = $2))
     ORDER BY spent_usd DESC, spent_tokens DESC LIMIT ${mostShown}`,
    [day, userId ?? null],
  );
  const known = new Set(counters.map(({ scope, subject }) => `${scope} ${subject}`));
  const untouched = userId === undefined ? subjectsOf(rules) : [{ scope: 'user', subject: userId } as const];
  const items = [
    ...counters,
    ...untouched
      .filter(({ scope, subject }) => !known.has(`${scope} ${subject}`))
      .map((key) => ({ ...key, spentUsd: 0, spentTokens: 0, reservedUsd: 0, reservedTokens: 0 })),
  ].map(({ scope, subject, spentUsd, spentTokens, reservedUsd, reservedTokens }) => {
    const rule = ruleFor(rules, { scope, subject });
    const bounds = { usd: rule?.usd ?? null, tokens: rule?.tokens ?? null };
    return { scope, subject, spentUsd, spentTokens, reservedUsd, reservedTokens, ...bounds };
  });
  const run = ruleFor(rules, { scope: 'run', subject: '' });
  return {
    day,
    endsAt: (today?.ends ?? new Date()).toISOString(),
    items,
    run: { usd: run?.usd ?? null, tokens: run?.tokens ?? null },
  };
}

/** Whose spending is shown also while there is none: the instance's, and of all that have a rule of their own. */
function subjectsOf(rules: readonly BudgetRule[]) {
  const own = rules.flatMap(({ scope, subject }) =>
    subject !== '' && (scope === 'user' || scope === 'repository') ? [{ scope, subject }] : [],
  );
  return [{ scope: 'instance', subject: '' } as const, ...own];
}
