import type { Run } from '../../contract/run.ts';
import type { Payer } from './gateway.ts';

/** The run pays for its calls, within its own budget and those of its user and repository. */
export function payerOf({ id, userId, repository, budget }: Run): Payer {
  return {
    runId: id,
    userId,
    repository,
    budget: budget && { usd: budget.usd, tokens: budget.tokens },
  };
}
