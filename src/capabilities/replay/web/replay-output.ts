import type { Run } from '../../../contract/run.ts';
import type { ReplayOutput } from '../schema.ts';

/** What came of a replay; null when it did not get as far. Its schema was checked when it was stored. */
export function replayOutput(run: Run): ReplayOutput | null {
  return run.output as ReplayOutput | null;
}
