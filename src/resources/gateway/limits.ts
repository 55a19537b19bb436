import type { BudgetScope } from '../../contract/budget.ts';
import type { Queryable } from '../../store/database.ts';
import type { Counter, CounterKey } from './counters.ts';
import type { Limit } from './decide.ts';
import type { Payer } from './gateway.ts';

interface Rule {
  readonly scope: BudgetScope;
  readonly subject: string;
  readonly usd: number | null;
  readonly tokens: number | null;
}

interface Allowance {
  readonly scope: BudgetScope;
  readonly subject: string;
  readonly unit: 'usd' | 'tokens';
  readonly amount: number;
}

const units = ['usd', 'tokens'] as const;

/** Every bound that holds for a run's next call, with what has gone of it. */
export async function limitsOf(
  tx: Queryable,
  payer: Payer,
  counters: readonly Counter[],
  day: string,
): Promise<Limit[]> {
  const [row] = await tx.query<{ rules: Rule[] | null; allowances: Allowance[] | null }>(
    boundsSql,
    [counters.map(({ scope }) => scope), counters.map(({ subject }) => subject), payer.runId, day],
    'budget_bounds',
  );
  const rules = row?.rules ?? [];
  const allowances = row?.allowances ?? [];
  const bounds = [
    ...counters.flatMap((counter) => {
      const rule = ruleFor(rules, counter);
      // The rule for runs bounds each of them, and is told from a run's own budget by its empty subject.
      const subject = counter.scope === 'run' ? '' : counter.subject;
      return rule ? [{ counter, subject, bound: rule }] : [];
    }),
    ...counters.flatMap((counter) =>
      counter.scope === 'run' && payer.budget ? [{ counter, subject: payer.runId, bound: payer.budget }] : [],
    ),
  ];
  return bounds.flatMap(({ counter, subject, bound }) =>
    units.flatMap((unit) => {
      const limit = bound[unit] ?? null;
      if (limit === null) return [];
      const { scope } = counter;
      const allowed = allowances
        .filter((each) => each.scope === scope && each.subject === subject && each.unit === unit)
        .reduce((sum, { amount }) => sum + amount, 0);
      return [{ scope, subject, unit, limit: limit + allowed, spent: goneOf(counter, unit) }];
    }),
  );
}

/** A rule of one's own holds in place of that for everybody. */
export function ruleFor<R extends Pick<Rule, 'scope' | 'subject'>>(
  rules: readonly R[],
  { scope, subject }: Pick<CounterKey, 'scope' | 'subject'>,
): R | undefined {
  const ofScope = rules.filter((rule) => rule.scope === scope);
  const own = scope === 'run' ? undefined : ofScope.find((rule) => rule.subject === subject);
  return own ?? ofScope.find((rule) => rule.subject === '');
}

function goneOf(counter: Counter, unit: 'usd' | 'tokens'): number {
  return unit === 'usd'
    ? counter.spentUsd + counter.reservedUsd
    : counter.spentTokens + counter.reservedTokens;
}

/* What was allowed beyond a budget per day holds for that day. */
const boundsSql = `
  SELECT (
    SELECT json_agg(json_build_object('scope', r.scope, 'subject', r.subject, 'usd', r.usd, 'tokens', r.tokens))
    FROM unnest($1::text[], $2::text[]) AS k (scope, subject)
    JOIN budget_rules r ON r.scope = k.scope AND r.subject IN (k.subject, '')
  ) AS rules, (
    SELECT json_agg(json_build_object('scope', scope, 'subject', subject, 'unit', unit, 'amount', amount))
    FROM budget_allowances WHERE run_id = $3 AND (scope = 'run' OR day = $4::date)
  ) AS allowances`;
