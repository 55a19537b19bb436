import { followStream, type StreamState } from './server-stream.ts';
import { onVisible } from './visibility.ts';

interface SharedStream {
  /** Of the stream, and of whom: tabs of other people must not hear it. */
  readonly name: string;
  readonly url: string;
  readonly type: string;
  onEvent(data: unknown): void;
  onState(state: StreamState): void;
}

type Word =
  | { readonly kind: 'event'; readonly data: unknown }
  | { readonly kind: 'state'; readonly state: StreamState }
  | { readonly kind: 'ask' };

const hiddenLimitMs = 60_000;

/**
 * One connection for all tabs, because browsers allow six to one server: the tab that holds the lock listens and passes
 * on what it hears; when it goes, or has been hidden for a minute, the next one takes over. Where there are no locks
 * (plain http), each tab listens by itself. Returns how to stop.
 */
export function followShared({ name, url, type, onEvent, onState }: SharedStream): () => void {
  const follow = (event: (data: unknown) => void, state: (state: StreamState) => void) =>
    followStream({ url: () => url, types: [type], onEvent: event, onState: state });
  // Not so in an insecure context, whatever the types say.
  if (!('locks' in navigator)) return follow(onEvent, onState);
  const channel = new BroadcastChannel(name);
  const send = (word: Word) => channel['postMessage'](word);
  const said = new Map<Word['kind'], Word>();
  let leads = false;
  const say = (word: Word) => {
    said.set(word.kind, word);
    send(word);
    take(word);
  };
  const take = (word: Word) => {
    if (word.kind === 'event') onEvent(word.data);
    else if (word.kind === 'state') onState(word.state);
    else if (leads) for (const each of said.values()) send(each);
  };
  channel.addEventListener('message', (message: MessageEvent<Word>) => take(message.data));
  const lead = (over: AbortSignal) => {
    if (over.aborted) return Promise.resolve();
    leads = true;
    const stop = follow(
      (data) => say({ kind: 'event', data }),
      (state) => {
        if (state !== 'ended') say({ kind: 'state', state });
      },
    );
    return new Promise<void>((resolve) => {
      over.addEventListener('abort', () => {
        leads = false;
        stop();
        resolve();
      });
    });
  };
  let turn = takeTurn(name, lead);
  const forget = onVisible(hiddenLimitMs, {
    hidden: () => turn.abort(),
    visible: () => {
      turn = takeTurn(name, lead);
      send({ kind: 'ask' } satisfies Word);
    },
  });
  send({ kind: 'ask' } satisfies Word);
  return () => {
    turn.abort();
    forget();
    channel.close();
  };
}

/** Leads once the lock is free, until it is aborted. */
function takeTurn(name: string, lead: (over: AbortSignal) => Promise<void>): AbortController {
  const over = new AbortController();
  navigator.locks.request(name, { signal: over.signal }, () => lead(over.signal)).catch(() => undefined);
  return over;
}
