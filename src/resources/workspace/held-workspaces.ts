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
  /** When something was done with it last, in milliseconds of `performance.now()`. */
  usedAt: number;
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
  /** Closes those that nobody has used for some seconds, because others wait for their room; they open again when needed. */
  makeRoom(): void;
  /** Closes all whose keys begin so. */
  close(start: string): Promise<void>;
}

/** Between two things that a step does with its workspace there is less. */
const quietMs = 3000;

export function holdWorkspaces(idleMs: number, log: Logger): HeldWorkspaces {
  const held = new Map<string, Held>();
  const tell = (): void =>
    metrics.workspacesOpen([...held.values()].filter(({ ready }) => ready !== undefined).length);
  const inTurn: HeldWorkspaces['inTurn'] = (key, work) => {
    const fresh = { turn: Promise.resolve(), ready: undefined, idle: undefined, uses: 0, usedAt: 0 };
    const entry: Held = held.get(key) ?? fresh;
    held.set(key, entry);
    entry.usedAt = performance.now();
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
    entry.idle = setTimeout(() => letGo(key), idleMs).unref();
  };
  const letGo = (key: string): void =>
    void closeOne(key).catch((error: unknown) =>
      log.warn({ err: error, workspace: key }, 'an idle workspace could not be closed'),
    );
  return {
    inTurn,
    change,
    rest,
    use: (key, entry) => {
      clearTimeout(entry.idle);
      entry.uses += 1;
      return () => {
        entry.uses -= 1;
        entry.usedAt = performance.now();
        rest(key, entry);
      };
    },
    makeRoom: () => {
      const before = performance.now() - quietMs;
      for (const [key, { ready, uses, usedAt }] of held)
        if (ready !== undefined && uses === 0 && usedAt < before) letGo(key);
    },
    close: async (start) => {
      await Promise.all([...held.keys()].filter((key) => key.startsWith(start)).map(closeOne));
    },
  };
}
