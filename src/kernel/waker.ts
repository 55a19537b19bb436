import type { Logger } from '../base/logger.ts';
import type { Database } from '../store/database.ts';
import { wakeDueRuns } from './dispatch.ts';

/** Keeps the appointment of the next sleeper: one timer, armed anew whenever a run falls asleep. */
export interface Waker {
  /** Wakes who is due, then arms the timer for the next. */
  check(): Promise<void>;
  stop(): void;
}

const longestMs = 2 ** 31 - 1;

export function createWaker(db: Database, log: Logger, onWoken: () => void): Waker {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function check(): Promise<void> {
    const next = await wakeDueRuns(db);
    onWoken();
    clearTimeout(timer);
    if (!next || stopped) return;
    const delayMs = Math.min(longestMs, Math.max(0, next.getTime() - Date.now()));
    timer = setTimeout(() => {
      check().catch((error: unknown) =>
        log.warn({ err: error }, 'could not wake sleeping runs; the next round tries again'),
      );
    }, delayMs);
  }

  return {
    check,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
