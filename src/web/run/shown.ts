import type { RunSummary } from '../../contract/run.ts';
import type { Step } from '../../contract/step.ts';
import type { Me } from '../api/me.ts';
import type { RunFollower, RunMoment } from './run-follower.ts';

/** What the parts of the page show. */
export interface Shown {
  readonly run: RunSummary;
  readonly moment: RunMoment;
  /** Undefined until they are there. */
  readonly steps: readonly Step[] | undefined;
  readonly me: Me | undefined;
  readonly nameOf: (userId: string) => string;
}

/** The same for a tab, which may have the follower fetch what is missing. */
export interface FollowedRun extends Shown {
  readonly follower: RunFollower;
}
