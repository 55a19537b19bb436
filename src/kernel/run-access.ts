import { GantryError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { RunSummary } from '../contract/run.ts';
import { seesAll, type Actor } from '../contract/user.ts';
import type { Kernel } from './kernel.ts';

/**
 * The run without its input and output, if this actor may see it: admins and viewers see all, members their own. NOT_FOUND
 * otherwise, also for a run of somebody else, so that ids tell nothing. Routes that steer ask for the role member, which
 * leaves admins all runs and members their own.
 */
export async function visibleRun(kernel: Kernel, runId: string, actor: Actor): Promise<RunSummary> {
  if (!isId(runId)) throw noRun();
  const run = await kernel.summary(runId);
  if (!seesAll(actor) && run.userId !== actor.userId) throw noRun();
  return run;
}

/** The run, if this actor may read it: those that `visibleRun` shows, and those that ask or have asked this actor. */
export async function readableRun(kernel: Kernel, runId: string, actor: Actor): Promise<RunSummary> {
  if (!isId(runId)) throw noRun();
  const run = await kernel.summary(runId);
  if (seesAll(actor) || run.userId === actor.userId) return run;
  if (await kernel.isAsked(run.id, actor.userId, actor.role)) return run;
  throw noRun();
}

function noRun(): GantryError {
  return new GantryError('NOT_FOUND', 'There is no such run.');
}
