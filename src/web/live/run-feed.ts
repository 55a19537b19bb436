import { useSyncExternalStore } from 'react';
import type { RunChange } from '../../contract/run-change.ts';
import { followStream, type StreamState } from './server-stream.ts';

type Told = (change: RunChange) => void;

const listeners = new Set<Told>();
const stateWatchers = new Set<() => void>();
let stop: (() => void) | undefined;
let feed: { readonly state: StreamState; readonly at: Date } = { state: 'connecting', at: new Date() };

/**
 * Tells which runs are new, changed or deleted, over one connection for the whole tab, however many listen. `reset` asks
 * to read lists again: it comes with each connection, since changes may have been missed before. Returns how to stop.
 */
export function onRunChange(told: Told): () => void {
  listeners.add(told);
  stop ??= connect();
  return () => {
    listeners.delete(told);
    if (listeners.size > 0) return;
    stop?.();
    stop = undefined;
  };
}

/** How the connection is, and when that was last so; for `<LiveWord>`. */
export function useFeedState(): { readonly state: StreamState; readonly at: Date } {
  return useSyncExternalStore(
    (changed) => {
      stateWatchers.add(changed);
      return () => void stateWatchers.delete(changed);
    },
    () => feed,
  );
}

function connect(): () => void {
  return followStream({
    url: () => '/api/v1/runs/changes',
    types: ['run', 'gone', 'reset'],
    onEvent: (data) => tell(data as RunChange),
    onState: (state) => {
      // What is shown stays true up to the moment at which the line broke.
      const at = feed.state === 'live' || state === 'live' ? new Date() : feed.at;
      feed = { state, at };
      for (const changed of stateWatchers) changed();
      if (state === 'live') tell({ kind: 'reset' });
    },
  });
}

function tell(change: RunChange): void {
  for (const told of listeners) told(change);
}
