import type { BudgetScope, OverBudget } from '../../contract/budget.ts';
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
  readonly unit: OverBudget['unit'];
  readonly amount: number;
}

const units = ['usd', 'tokens'] as const;

/** What is read before the counters are locked: a change of it holds for the next call. */
export interface Bounds {
  readonly rules: readonly Rule[];
  readonly allowances: readonly Allowance[];
}

/**
 * SQL: the columns `rules` and `allowances`, for the counters of `$1` (scopes) and `$2` (subjects), a run and a day. What was
 * allowed beyond a budget per day holds for that day.
 */
export const boundsSql = (run: string, day: string) => `(
    SELECT coalesce(json_agg(json_build_object('scope', r.scope, 'subject', r.subject, 'usd', r.usd, 'tokens', r.tokens)), '[]')
    FROM unnest($1::text[], $2::text[]) AS k (scope, subject)
    JOIN budget_rules r ON r.scope = k.scope AND r.subject IN (k.subject, '')
  ) AS rules, (
    SELECT coalesce(json_agg(json_build_object('scope', scope, 'subject', subject, 'unit', unit, 'amount', amount)), '[]')
    FROM budget_allowances WHERE run_id = ${run} AND (scope = 'run' OR day = ${day})
  ) AS allowances`;

/** Every bound that holds for a run's next call, with what has gone of it. */
export function limitsOf({ rules, allowances }: Bounds, payer: Payer, counters: readonly Counter[]): Limit[] {
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
