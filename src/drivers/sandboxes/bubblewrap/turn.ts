import { GantryError } from '../../../base/errors.ts';

/** One act at a time in a sandbox, and none after its end. */
export interface Turn {
  /** Throws CONFLICT while something is going on or after `close`, SANDBOX_FAILED when the sandbox was destroyed. */
  refuse(): void;
  /** Holds off everything else until it is done. */
  alone<Result>(act: () => Promise<Result>): Promise<Result>;
  /** The same, for what comes piece by piece; answers what ends it. */
  begin(): () => void;
  isBusy(): boolean;
  /** Nothing is done any more but destroying it. */
  close(): void;
  /** Refuses everything from now on, and resolves when what goes on has ended. */
  end(): { readonly idle: Promise<unknown> };
}

export function openTurn(): Turn {
  let running: Promise<unknown> | undefined;
  let closed = false;
  let destroyed = false;
  const refuse = (): void => {
    if (destroyed) throw new GantryError('SANDBOX_FAILED', 'The sandbox was destroyed already.');
    if (closed) throw new GantryError('CONFLICT', 'The sandbox was saved; destroy it and make another.');
    if (running)
      throw new GantryError('CONFLICT', 'A program is still running in the sandbox; wait for its end.');
  };
  return {
    refuse,
    alone: async (act) => {
      refuse();
      const acting = act().finally(() => (running = undefined));
      running = acting.catch(() => undefined);
      return acting;
    },
    begin: () => {
      refuse();
      const done = Promise.withResolvers<void>();
      running = done.promise;
      return () => {
        done.resolve();
        running = undefined;
      };
    },
    isBusy: () => running !== undefined,
    close: () => (closed = true),
    end: () => {
      destroyed = true;
      return { idle: running ?? Promise.resolve() };
    },
  };
}
