import { useEffect, useSyncExternalStore } from 'react';
import type { Command } from './command.ts';

const groups = new Map<symbol, readonly Command[]>();
const watchers = new Set<() => void>();
let all: readonly Command[] = [];

function changed(): void {
  // What was added last comes first: a dialog's commands before its page's, a page's before the house's.
  all = [...groups.values()].reverse().flat();
  for (const watcher of watchers) watcher();
}

/** Offers these for as long as the component is shown. Memoise the list: a new one replaces the old. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => {
    const group = Symbol('commands');
    groups.set(group, commands);
    changed();
    return () => {
      groups.delete(group);
      changed();
    };
  }, [commands]);
}

/** Everything that can be done now; the first of two with the same keys has them. */
export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(watch, currentCommands);
}

export function currentCommands(): readonly Command[] {
  return all;
}

function watch(told: () => void): () => void {
  watchers.add(told);
  return () => void watchers.delete(told);
}
