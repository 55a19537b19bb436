import type { RunSummary } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';

const runTabs = ['conversation', 'timeline', 'log', 'diff', 'result', 'events'] as const;
/** The tabs that runs of every capability have. */
export type RunTab = (typeof runTabs)[number];

interface OwnTab {
  readonly name: string;
  readonly after?: RunTab;
}

export function isRunTab(name: string): name is RunTab {
  return (runTabs as readonly string[]).includes(name);
}

/**
 * The tabs that this run has: whether agents speak in it and what it can be compared with decide on one each, and its
 * capability's own stand where they ask to.
 */
export function tabsOf(
  run: Pick<RunSummary, 'origin'>,
  converses: boolean,
  own: readonly OwnTab[] = [],
): readonly string[] {
  const names = (all: readonly OwnTab[]) => all.map(({ name }) => name);
  const ofHouse = runTabs.flatMap((tab) => {
    const isThere = tab === 'conversation' ? converses : tab !== 'diff' || run.origin !== null;
    const isTaken = own.some(({ name }) => name === tab);
    return [...(isThere && !isTaken ? [tab] : []), ...names(own.filter(({ after }) => after === tab))];
  });
  return [...names(own.filter(({ after }) => after === undefined)), ...ofHouse];
}

/** The one that opens first: what it waits for, what it does now, or what came of it. */
export function firstTab(run: Pick<RunSummary, 'status'>, converses: boolean): RunTab {
  if (isTerminal(run.status)) return 'result';
  if (converses) return 'conversation';
  return run.status === 'waiting' ? 'timeline' : 'log';
}
