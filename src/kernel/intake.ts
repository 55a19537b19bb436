import type { Logger } from '../base/logger.ts';

/** Takes work in whenever poked: one look at a time, and one more if a poke came during the last. */
export interface Intake {
  poke(): void;
  stop(): void;
}

export function createIntake(take: () => Promise<void>, log: Logger): Intake {
  const state = { asked: false, looking: false, stopped: false };

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
      if (!state.looking && !state.stopped) void look();
    },
    stop: () => {
      state.stopped = true;
    },
  };
}
