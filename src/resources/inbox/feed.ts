import { setTimeout as pause } from 'node:timers/promises';
import type { Listener } from '../../store/listen.ts';

/** Tells who follows an inbox that something in it changed: one LISTEN for all of them. */
export interface InboxFeed {
  /** Yields at once, and after changes for any of these names (a user's id, `role:admin`), at most four times a second. */
  follow(names: readonly string[], signal: AbortSignal): AsyncGenerator<void>;
  close(): void;
}

const pauseMs = 250;

export function createInboxFeed(listener: Listener): InboxFeed {
  const followers = new Set<(name: string | null) => void>();
  const tell = (name: string | null) => {
    for (const follower of followers) follower(name);
  };
  // After a lost connection anything may have changed.
  const stop = listener.on('gantry_inbox', tell, () => tell(null));
  return {
    follow: (names, signal) => follow(followers, names, signal),
    close: stop,
  };
}

async function* follow(
  followers: Set<(name: string | null) => void>,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<void> {
  let changed = true;
  let wake = () => {};
  const follower = (name: string | null) => {
    if (name !== null && !names.includes(name)) return;
    changed = true;
    wake();
  };
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  followers.add(follower);
  try {
    while (!signal.aborted) {
      if (changed) {
        changed = false;
        yield;
        await pause(pauseMs, undefined, { signal }).catch(() => undefined);
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (changed || signal.aborted) resolve();
      });
    }
  } finally {
    followers.delete(follower);
    signal.removeEventListener('abort', onAbort);
  }
}
