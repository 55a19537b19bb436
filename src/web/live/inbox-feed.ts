import { useSyncExternalStore } from 'react';
import type { InboxCount } from '../../contract/inbox.ts';
import { meQuery, type Me } from '../api/me.ts';
import { queryClient } from '../api/query-client.ts';
import type { StreamState } from './server-stream.ts';
import { followShared } from './shared-stream.ts';

interface Feed {
  /** Undefined before the first word of the server. */
  readonly waiting: number | undefined;
  readonly state: StreamState;
  /** When what is shown was last sure to be true. */
  readonly at: Date;
}

const watchers = new Set<() => void>();
const listeners = new Set<() => void>();
let stop: (() => void) | undefined;
let feed: Feed = { waiting: undefined, state: 'connecting', at: new Date() };

/** The count of what waits for the person, live, over one connection of all tabs. */
export function useInboxFeed(): Feed {
  return useSyncExternalStore(watch, () => feed);
}

/** Calls `changed` whenever something in the inbox may be different. Returns how to stop. */
export function onInboxChange(changed: () => void): () => void {
  listeners.add(changed);
  return () => void listeners.delete(changed);
}

function watch(changed: () => void): () => void {
  watchers.add(changed);
  stop ??= connect();
  return () => {
    watchers.delete(changed);
    if (watchers.size > 0) return;
    stop?.();
    stop = undefined;
  };
}

function connect(): () => void {
  const me = queryClient.getQueryData<Me>(meQuery.queryKey);
  return followShared({
    name: `gantry-inbox-${me?.userId ?? ''}`,
    url: '/api/v1/inbox/count',
    type: 'inbox',
    onEvent: (data) => {
      show({ waiting: (data as InboxCount).waiting, state: 'live', at: new Date() });
      for (const changed of listeners) changed();
    },
    onState: (state) => show({ ...feed, state, at: feed.state === 'live' ? new Date() : feed.at }),
  });
}

function show(next: Feed): void {
  feed = next;
  for (const changed of watchers) changed();
}
