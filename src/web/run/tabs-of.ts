import type { RunSummary } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';

export const runTabs = ['timeline', 'log', 'diff', 'result', 'events'] as const;
export type RunTab = (typeof runTabs)[number];

/** The tabs that this run has: what it can be compared with decides on one. */
export function tabsOf(run: Pick<RunSummary, 'origin'>): readonly RunTab[] {
  return runTabs.filter((tab) => tab !== 'diff' || run.origin !== null);
}

/** The one that opens first: what it waits for, what it does now, or what came of it. */
export function firstTab(run: Pick<RunSummary, 'status'>): RunTab {
  if (isTerminal(run.status)) return 'result';
  return run.status === 'waiting' ? 'timeline' : 'log';
}
