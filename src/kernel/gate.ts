/**
 * Whether an attempt may begin new steps: its worker closes it while the run is paused. Branches of the story that come to
 * a new step meanwhile park in front of it.
 */
export interface Gate {
  readonly closed: boolean;
  /** How many branches stand in front of it. */
  readonly parked: number;
  /** What holds as of the run's event `seq`; word that is older than what is known already counts for nothing. */
  set(closed: boolean, seq: number): void;
  /** Until `release`, nobody who is parked goes on, whatever is set: the run may just be going to rest. */
  hold(): void;
  release(): void;
  /** Resolves once it is open; `onParked` is called when that takes a while. Rejects when the gate fails. */
  pass(onParked: () => void): Promise<void>;
  /** Sends all that are parked away with an error. */
  fail(reason: unknown): void;
}

interface Parked {
  resolve(): void;
  reject(reason: unknown): void;
}

export function createGate(closed: boolean, seq: number): Gate {
  const state = { closed, seq, held: false };
  const parked: Parked[] = [];
  const settle = () => {
    if (!state.closed && !state.held) for (const each of parked.splice(0)) each.resolve();
  };
  return {
    get closed() {
      return state.closed;
    },
    get parked() {
      return parked.length;
    },
    set: (now, asOf) => {
      if (asOf < state.seq) return;
      Object.assign(state, { closed: now, seq: asOf });
      settle();
    },
    hold: () => void (state.held = true),
    release: () => {
      state.held = false;
      settle();
    },
    pass: async (onParked) => {
      while (state.closed || state.held) {
        await new Promise<void>((resolve, reject) => {
          parked.push({ resolve, reject });
          onParked();
        });
      }
    },
    fail: (reason) => {
      for (const each of parked.splice(0)) each.reject(reason);
    },
  };
}
