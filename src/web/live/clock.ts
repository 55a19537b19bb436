import { useSyncExternalStore } from 'react';

const watchers = new Set<() => void>();
let timer: number | undefined;
let now = Date.now();

/** One clock for the page: everything that counts seconds ticks together, and only while it is seen. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}

function watch(changed: () => void): () => void {
  watchers.add(changed);
  timer ??= window.setInterval(tick, 1000);
  return () => {
    watchers.delete(changed);
    if (watchers.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  if (document.hidden) return;
  now = Date.now();
  for (const changed of watchers) changed();
}
