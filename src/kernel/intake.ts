import type { Logger } from '../base/logger.ts';

/** Takes work in whenever poked: one look at a time, and one more if a poke came during the last. */
export interface Intake {
  poke(): void;
  /** Resolves when the look under way is over, so that nothing is taken in afterwards. */
  stop(): Promise<void>;
}

export function createIntake(take: () => Promise<void>, log: Logger): Intake {
  const state = { asked: false, looking: false, stopped: false };
  let last = Promise.resolve();

  async function look(): Promise<void> {
    state.looking = true;
    try {
      while (state.asked && !state.stopped) {
        state.asked = false;
        await take();
      }
    } catch (error) {
      log.warn({ err: error }, 'could not look at the queue; trying again within a second');
    } finally {
      state.looking = false;
    }
  }

  return {
    poke: () => {
      state.asked = true;
      if (!state.looking && !state.stopped) last = look();
    },
    stop: () => {
      state.stopped = true;
      return last;
    },
  };
}
