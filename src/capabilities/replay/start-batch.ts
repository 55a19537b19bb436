import { GantryError } from '../../base/errors.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { RunsOnBehalf } from '../../kernel/on-behalf.ts';
import type { Refusal } from './schema.ts';

/** What one step has started; `taken` is how many of its runs it came to. */
export interface Batch {
  readonly taken: number;
  readonly runs: readonly { readonly from: string; readonly to: string }[];
  readonly refusals: readonly Refusal[];
}

/** Only these are worth waiting for; whatever else a start is refused for will not pass. */
const passing = new Set(['QUEUE_FULL', 'DATABASE_UNREACHABLE', 'DISK_FULL', 'INTERNAL', 'RATE_LIMITED']);

/**
 * Starts these runs again, each under a key of its own, so that a step that is done twice starts none twice. Ends early
 * where the queue is full; the rest is for a later step.
 */
export async function startBatch(
  runs: RunsOnBehalf,
  replayId: string,
  ids: readonly string[],
  step: StepContext,
): Promise<Batch> {
  const started: { from: string; to: string }[] = [];
  const refusals: Refusal[] = [];
  for (const id of ids) {
    step.signal.throwIfAborted();
    try {
      const { runId } = await runs.retry(id, `replay ${replayId} ${id}`);
      started.push({ from: id, to: runId });
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
      if (error.code === 'QUEUE_FULL') break;
      if (passing.has(error.code) || error.code === 'FORBIDDEN') throw error;
      refusals.push({ runId: id, code: error.code, reason: error.message });
    }
  }
  return { taken: started.length + refusals.length, runs: started, refusals };
}
