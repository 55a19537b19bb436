import type { Logger } from '../../base/logger.ts';
import type { Listener } from '../../store/listen.ts';

/** A value that lies in the database and is followed: at hand without a wait, and never older than a moment. */
export interface Live<Value> {
  current(): Value;
  /** Reads it anew; whoever has just changed it does so, to answer with what holds. */
  refresh(): Promise<Value>;
  /** Called after each new reading. */
  onChange(called: (value: Value) => void): () => void;
  close(): void;
}

interface Source<Value> {
  readonly listener: Listener;
  readonly logger: Logger;
  /** True for a word on `gantry_settings` that concerns this value. */
  readonly concerns: (word: string) => boolean;
  readonly read: () => Promise<Value>;
}

const againMs = 500;

/** Follows a value: read now, after each word that it has changed, and after each gap in which a word may have been lost. */
export async function follow<Value>({
  listener,
  logger,
  concerns,
  read,
}: Source<Value>): Promise<Live<Value>> {
  const watchers = new Set<(value: Value) => void>();
  let asked = 0;
  let shown = 0;
  let missed = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  // Readings may overtake one another: only one that was begun after the shown one counts.
  async function refresh(): Promise<Value> {
    asked += 1;
    const mine = asked;
    const value = await read();
    if (mine > shown && !closed) {
      shown = mine;
      current = value;
      for (const watcher of watchers) watcher(value);
    }
    return value;
  }

  function again(): void {
    refresh().catch((error: unknown) => {
      if (closed) return;
      logger.warn({ err: error }, 'could not read the settings anew; trying again');
      clearTimeout(timer);
      timer = setTimeout(again, againMs);
    });
  }

  // Listened for before it is read: a change in between is heard.
  const early = listener.on(
    'gantry_settings',
    () => (missed = true),
    () => (missed = true),
  );
  let current = await read().finally(early);
  const stop = listener.on('gantry_settings', (word) => concerns(word) && again(), again);
  if (missed) again();
  return {
    current: () => current,
    refresh,
    onChange: (called) => {
      watchers.add(called);
      return () => void watchers.delete(called);
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      stop();
    },
  };
}
