import type { RunSummary } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';

export const runTabs = ['conversation', 'timeline', 'log', 'diff', 'result', 'events'] as const;
export type RunTab = (typeof runTabs)[number];

/** The tabs that this run has: whether agents speak in it and what it can be compared with decide on one each. */
export function tabsOf(run: Pick<RunSummary, 'origin'>, converses: boolean): readonly RunTab[] {
  return runTabs.filter((tab) => {
    if (tab === 'conversation') return converses;
    return tab !== 'diff' || run.origin !== null;
  });
}

/** The one that opens first: what it waits for, what it does now, or what came of it. */
export function firstTab(run: Pick<RunSummary, 'status'>, converses: boolean): RunTab {
  if (isTerminal(run.status)) return 'result';
  if (converses) return 'conversation';
  return run.status === 'waiting' ? 'timeline' : 'log';
}
