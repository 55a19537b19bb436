import type { OverBudget } from '../../contract/budget.ts';
import type { Budget } from '../../contract/run.ts';
import type { Bounds } from './limits.ts';
import type { Payer } from './gateway.ts';

/** What the run says of itself at the time of a call: people may have changed its budget since its worker took it up. */
export interface RunNow {
  /** Null when there is no such run, or it has none. */
  readonly budget: Budget | null;
  /** How long its steps worked, in milliseconds; 0 when nothing bounds that. */
  readonly activeMs: number;
}

/**
 * SQL: the columns `budget` and `activeMs` of a run. Steps that work beside each other count once, what it waits for people,
 * timers and other runs doesn't, nor do the steps that a fork has kept.
 */
export const runNowSql = (run: string) => `(SELECT budget FROM runs WHERE id = ${run}) AS budget, (
    SELECT coalesce(sum(extract(epoch FROM upper(worked) - lower(worked))) * 1000, 0)::float
    FROM (
      SELECT unnest(range_agg(tstzrange(s.started_at, greatest(s.started_at, s.finished_at)))) AS worked
      FROM runs r JOIN steps s ON s.run_id = r.id
      WHERE r.id = ${run} AND r.budget ->> 'wallMs' IS NOT NULL AND s.kind = 'step' AND s.finished_at IS NOT NULL
        AND s.started_at >= r.created_at
    ) AS stretches
  ) AS "activeMs"`;

/** The payer with the budget that its run has now. */
export function withBudgetNow(payer: Payer, { budget }: RunNow): Payer {
  return budget === null ? payer : { ...payer, budget };
}

/** The run's own bound of active time, when it is reached. */
export function overTime(
  { runId }: Payer,
  { budget, activeMs }: RunNow,
  { allowances }: Bounds,
): OverBudget | null {
  if (budget?.wallMs === undefined) return null;
  const allowed = allowances
    .filter(({ scope, subject, unit }) => scope === 'run' && subject === runId && unit === 'wallMs')
    .reduce((sum, { amount }) => sum + amount, 0);
  const limit = budget.wallMs + allowed;
  if (activeMs < limit) return null;
  return { scope: 'run', subject: runId, unit: 'wallMs', limit, spent: Math.round(activeMs), needs: 0 };
}
