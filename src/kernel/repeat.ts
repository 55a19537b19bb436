import type { Logger } from '../base/logger.ts';

/**
 * Does `work` now and then every `everyMs` after it is done, never two at a time; a failure is logged and the next round
 * tries again. The answer stops it and waits for the round under way.
 */
export function repeat(everyMs: number, log: Logger, work: () => Promise<void>): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round = Promise.resolve();

  function next(): void {
    round = work()
      .catch((error: unknown) => {
        if (!stopped) log.warn({ err: error }, 'a background round failed; the next one tries again');
      })
      .then(() => {
        if (!stopped) timer = setTimeout(next, everyMs);
      });
  }

  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await round;
  };
}
