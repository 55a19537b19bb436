import { meQuery } from '../api/me.ts';
import { queryClient } from '../api/query-client.ts';
import { onVisible } from './visibility.ts';

export type StreamState = 'connecting' | 'live' | 'broken' | 'ended';

interface StreamOptions {
  /** The address; called at each connection, so that it can say where to go on. */
  url(): string;
  /** Names of the events that are listened for. */
  readonly types: readonly string[];
  onEvent(data: unknown, type: string, id: string): void;
  onState(state: StreamState): void;
}

const hiddenLimitMs = 60_000;
const firstPauseMs = 1000;
const longestPauseMs = 15_000;

/**
 * Follows server-sent events for as long as it takes: connects again with growing pauses, lets go of the connection
 * when the tab has been hidden for a minute (browsers allow six to one server), and comes back when it is seen.
 * Returns how to stop.
 */
export function followStream({ url, types, onEvent, onState }: StreamOptions): () => void {
  let source: EventSource | undefined;
  let pause = firstPauseMs;
  let timer: number | undefined;
  let over = false;

  function open(): void {
    window.clearTimeout(timer);
    source?.close();
    onState('connecting');
    source = new EventSource(url());
    let opened = false;
    source.addEventListener('open', () => {
      opened = true;
      pause = firstPauseMs;
      onState('live');
    });
    source.addEventListener('error', () => {
      // A 204 or the end of a stream closes an EventSource as an error does; whoever listens knows which it was.
      source?.close();
      source = undefined;
      if (over) return;
      onState('broken');
      // An EventSource doesn't tell why it was refused; if nobody is signed in any more, this request does. Not after
      // one that was open: a new password ends it, too, and the cookie that follows may still be on its way.
      if (!opened) void queryClient.invalidateQueries({ queryKey: meQuery.queryKey, exact: true });
      timer = window.setTimeout(open, pause);
      pause = Math.min(pause * 2, longestPauseMs);
    });
    for (const type of types) {
      source.addEventListener(type, (event) => {
        const message = event as MessageEvent<string>;
        onEvent(JSON.parse(message.data), type, message.lastEventId);
      });
    }
  }

  function stop(): void {
    over = true;
    window.clearTimeout(timer);
    source?.close();
    forget();
    onState('ended');
  }

  const forget = onVisible(hiddenLimitMs, {
    hidden: () => {
      window.clearTimeout(timer);
      source?.close();
      source = undefined;
    },
    visible: () => {
      if (!over && source === undefined) open();
    },
  });
  open();
  return stop;
}
