import { GantryError } from '../base/errors.ts';
import { isTerminal } from '../contract/run-status.ts';
import type { Budget, BudgetChange } from '../contract/run.ts';
import type { Database } from '../store/database.ts';
import type { RunRow } from './run-row.ts';
import { changeRun } from './wake.ts';

/**
 * Sets bounds of a run under way, and takes away those that are null; the others stay. It holds from the next call of a
 * model on. RUN_FINISHED when it is over.
 */
export async function setBudget(
  db: Database,
  runId: string,
  change: BudgetChange,
  by: string | null,
): Promise<RunRow> {
  return db.transaction(async (tx) => {
    const [found] = await tx.query<RunRow>('SELECT * FROM runs WHERE id = $1 FOR UPDATE', [runId]);
    if (!found) throw new GantryError('NOT_FOUND', `There is no run ${runId}.`);
    if (isTerminal(found.status))
      throw new GantryError('RUN_FINISHED', `Run ${runId} has finished; its budget means nothing any more.`);
    const budget = changed(found.budget ?? {}, change);
    return changeRun(tx, runId, 'budget = $7', [JSON.stringify(budget)], {
      type: 'run.budget',
      data: { budget, by },
    });
  });
}

function changed(before: Budget, change: BudgetChange): Budget {
  const all: BudgetChange = { ...before, ...change };
  const { usd, tokens, wallMs } = all;
  return {
    ...(typeof usd === 'number' && { usd }),
    ...(typeof tokens === 'number' && { tokens }),
    ...(typeof wallMs === 'number' && { wallMs }),
  };
}
