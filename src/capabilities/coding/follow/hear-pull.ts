import { GantryError } from '../../../base/errors.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Heard } from '../../capability-module.ts';
import { branchOf } from '../prepare.ts';

const mostRuns = 100;

/**
 * Wakes the sessions that wait for news of their pull request: the one whose branch it is where the delivery says so, else
 * all of the repository. They look for themselves; what was delivered decides nothing.
 */
export async function hearPull({ id, delivery, repository }: Heard, kernel: Kernel): Promise<void> {
  if (delivery.kind === 'issue-labelled' || delivery.kind === 'issue-commented') return;
  // Gantry's own answers are delivered as well.
  if (delivery.byBot && (delivery.kind === 'pull-commented' || delivery.kind === 'pull-reviewed')) return;
  const { branch, kind } = delivery;
  if (branch !== null && !branch.startsWith('gantry/')) return;
  const filter = { capability: 'coding', repository: repository.name, status: 'waiting' } as const;
  const { items } = await kernel.list({ ...filter, limit: mostRuns });
  const waiting = items.filter((run) => run.waitingFor === 'forge');
  const own = waiting.filter((run) => branchOf(run.id) === branch);
  for (const run of own.length > 0 ? own : waiting)
    await kernel.signal(run.id, 'forge', { kind }, null, `delivery ${id}`).catch(ignoreEnded);
}

function ignoreEnded(error: unknown): void {
  if (error instanceof GantryError && ['RUN_FINISHED', 'NOT_FOUND'].includes(error.code)) return;
  throw error;
}
