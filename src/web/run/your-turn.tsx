import type { Run } from '../../contract/run.ts';
import type { Step } from '../../contract/step.ts';

/** What waits for a person, between the beam and the tabs. */
export function YourTurn(_: { run: Run; steps: readonly Step[] | undefined }) {
  return null;
}
