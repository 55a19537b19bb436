import type { RunSummary } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';

const runTabs = ['conversation', 'timeline', 'log', 'diff', 'result', 'state', 'events'] as const;
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
 * The tabs that this run has: whether agents speak in it, what it can be compared with, and whether it tells of its state
 * decide on one each, and its capability's own stand where they ask to.
 */
export function tabsOf(
  run: Pick<RunSummary, 'origin'>,
  { converses, hasState }: { readonly converses: boolean; readonly hasState: boolean },
  own: readonly OwnTab[] = [],
): readonly string[] {
  const there: Partial<Record<RunTab, boolean>> = {
    conversation: converses,
    diff: run.origin !== null,
    state: hasState,
  };
  const names = (all: readonly OwnTab[]) => all.map(({ name }) => name);
  const ofHouse = runTabs.flatMap((tab) => {
    const isThere = there[tab] ?? true;
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
