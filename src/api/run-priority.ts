import { GantryError } from '../base/errors.ts';
import type { Priority, Run, RunSummary } from '../contract/run.ts';
import { priorities } from '../contract/priority.ts';
import type { Actor } from '../contract/user.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** Admins set any priority; members only lower it. FORBIDDEN otherwise. */
export async function prioritise(
  kernel: Kernel,
  run: RunSummary,
  priority: Priority,
  actor: Actor,
): Promise<Run> {
  const raises = priorities.indexOf(priority) < priorities.indexOf(run.priority);
  if (raises && actor.role !== 'admin') {
    throw new GantryError('FORBIDDEN', `Only an admin raises a run's priority; it is "${run.priority}" now.`);
  }
  return kernel.prioritise(run.id, priority, actor.userId);
}
