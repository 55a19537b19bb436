import type { Logger } from '../../base/logger.ts';
import { metrics } from '../../base/metrics.ts';
import type { ReadyWorkspace } from './ready-workspace.ts';

/** A place for one workspace: open, or not at the moment. */
export interface Held {
  /** The last thing that was asked of it; things of one place happen one after another. */
  turn: Promise<unknown>;
  ready: ReadyWorkspace | undefined;
  idle: NodeJS.Timeout | undefined;
  /** What is being done with it now. */
  uses: number;
}

/** What is open in this process, by keys. */
export interface HeldWorkspaces {
  /** Does something with a place when all that was asked before is done. */
  inTurn<T>(key: string, work: (entry: Held) => Promise<T>): Promise<T>;
  /** Puts a workspace into its place; undefined closes what is there. */
  change(entry: Held, open?: () => Promise<ReadyWorkspace>): Promise<void>;
  /** Closes it when nobody uses it for long. */
  rest(key: string, entry: Held): void;
  /** Keeps it open until what it answers is called. */
  use(key: string, entry: Held): () => void;
  /** Closes all whose keys begin so. */
  close(start: string): Promise<void>;
}

export function holdWorkspaces(idleMs: number, log: Logger): HeldWorkspaces {
  const held = new Map<string, Held>();
  const tell = (): void =>
    metrics.workspacesOpen([...held.values()].filter(({ ready }) => ready !== undefined).length);
  const inTurn: HeldWorkspaces['inTurn'] = (key, work) => {
    const entry = held.get(key) ?? { turn: Promise.resolve(), ready: undefined, idle: undefined, uses: 0 };
    held.set(key, entry);
    clearTimeout(entry.idle);
    const done = entry.turn.then(() => work(entry));
    entry.turn = done.catch(() => undefined);
    return done;
  };
  const change: HeldWorkspaces['change'] = async (entry, open) => {
    const { ready } = entry;
    entry.ready = undefined;
    await ready?.close();
    entry.ready = await open?.();
    tell();
  };
  const closeOne = async (key: string): Promise<void> => {
    if (!held.has(key)) return;
    await inTurn(key, async (entry) => {
      await change(entry);
      held.delete(key);
    });
  };
  const rest: HeldWorkspaces['rest'] = (key, entry) => {
    clearTimeout(entry.idle);
    if (entry.uses > 0 || held.get(key) !== entry) return;
    const close = (): void =>
      void closeOne(key).catch((error: unknown) =>
        log.warn({ err: error, workspace: key }, 'an idle workspace could not be closed'),
      );
    entry.idle = setTimeout(close, idleMs).unref();
  };
  return {
    inTurn,
    change,
    rest,
    use: (key, entry) => {
      clearTimeout(entry.idle);
      entry.uses += 1;
      return () => {
        entry.uses -= 1;
        rest(key, entry);
      };
    },
    close: async (start) => {
      await Promise.all([...held.keys()].filter((key) => key.startsWith(start)).map(closeOne));
    },
  };
}
