import { GantryError } from '../base/errors.ts';
import { budgetChanged, budgetSubject, overBudgetSchema } from '../contract/budget.ts';
import type { BudgetChange, Run, RunSummary } from '../contract/run.ts';
import type { Actor } from '../contract/user.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** Sets a run's own budget. Where the run waits to be allowed more of it, it looks again: with enough it goes on. */
export async function setRunBudget(
  kernel: Kernel,
  run: RunSummary,
  change: BudgetChange,
  actor: Actor,
): Promise<Run> {
  const now = await kernel.setBudget(run.id, change, actor.userId);
  for (const { name, ordinal, status, question } of await kernel.outline(run.id)) {
    if (status !== 'waiting' || question?.subject?.kind !== budgetSubject) continue;
    const over = overBudgetSchema.safeParse(question.subject.value);
    if (!over.success || over.data.subject !== run.id) continue;
    await kernel
      .signal(run.id, name, { answer: budgetChanged, ordinal }, actor.userId)
      .catch((error: unknown) => {
        // Somebody else has answered meanwhile.
        if (!(error instanceof GantryError) || error.code !== 'CONFLICT') throw error;
      });
  }
  return now;
}
