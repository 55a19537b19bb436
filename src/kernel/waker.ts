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
/* One that is due may be locked by somebody else just now; looking again at once would only heat the machine. */
const shortestMs = 5;

export function createWaker(db: Database, log: Logger, onWoken: () => void): Waker {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function check(): Promise<void> {
    const nextMs = await wakeDueRuns(db);
    onWoken();
    clearTimeout(timer);
    if (nextMs === null || stopped) return;
    const delayMs = Math.min(longestMs, Math.max(shortestMs, nextMs));
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
