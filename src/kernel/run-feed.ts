import type { Logger } from '../base/logger.ts';
import { firstIdAt, isId } from '../base/ids.ts';
import type { RunChange } from '../contract/run-change.ts';
import type { RunSummary } from '../contract/run.ts';
import type { Database } from '../store/database.ts';
import type { Listener } from '../store/listen.ts';
import { summariesOf } from './run-list.ts';

/** Tells every follower which runs changed: one database read for all of them, at most four in a second. */
export interface RunFeed {
  /** Changes of all runs, or of one user's, until `signal` aborts. A follower that is slow gets only the latest of each run. */
  follow(userId: string | undefined, signal: AbortSignal): AsyncGenerator<RunChange>;
  close(): void;
}

const pauseMs = 250;
/** More changes than this at once are not listed: who follows reads its page again. */
const mostAtOnce = 500;
const mostKnown = 5000;
/** A run can become visible after one with a later id; ids are made a moment before their rows. */
const overlapMs = 3000;

interface Follower {
  readonly userId: string | undefined;
  take(changes: readonly RunChange[]): void;
}

interface FeedState {
  readonly followers: Set<Follower>;
  readonly dirty: Set<string>;
  /** What was told of each run last. */
  readonly known: Map<string, { readonly text: string; readonly userId: string | null }>;
  started: boolean;
  missed: boolean;
}

export function createRunFeed(db: Database, listener: Listener, log: Logger): RunFeed {
  const state: FeedState = {
    followers: new Set(),
    dirty: new Set(),
    known: new Map(),
    started: false,
    missed: false,
  };
  let timer: NodeJS.Timeout | undefined;
  let reading = false;

  function soon(): void {
    if (state.followers.size === 0 || timer || reading) return;
    timer = setTimeout(() => {
      timer = undefined;
      reading = true;
      void round(db, state, log).finally(() => {
        reading = false;
        if (state.dirty.size > 0 || state.started || state.missed) soon();
      });
    }, pauseMs);
  }

  const hear = (change: () => void) => {
    if (state.followers.size === 0) return;
    change();
    soon();
  };
  const lost = () => hear(() => void (state.missed = true));
  const stops = [
    listener.on('gantry_events', (text) => hear(() => void state.dirty.add(text.slice(0, 36))), lost),
    listener.on('gantry_queue', () => hear(() => void (state.started = true)), lost),
  ];
  return {
    follow: (userId, signal) => followFeed(state, userId, signal),
    close: () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    },
  };
}

async function round(db: Database, state: FeedState, log: Logger): Promise<void> {
  const { dirty, started, missed } = { ...state, dirty: new Set([...state.dirty].filter(isId)) };
  state.dirty.clear();
  Object.assign(state, { started: false, missed: false });
  try {
    if (started) for (const id of await newRuns(db)) if (!state.known.has(id)) dirty.add(id);
    if (missed || dirty.size > mostAtOnce) {
      for (const follower of state.followers) follower.take([{ kind: 'reset' }]);
      return;
    }
    const runs = new Map((await summariesOf(db, [...dirty])).map((run) => [run.id, run]));
    const changes = [...dirty].flatMap((id) => changeOf(state, id, runs.get(id)));
    for (const follower of state.followers) {
      const visible = changes.filter(
        ({ userId }) => follower.userId === undefined || userId === follower.userId,
      );
      if (visible.length > 0) follower.take(visible.map(({ change }) => change));
    }
  } catch (error) {
    state.missed = true;
    log.warn({ err: error }, 'could not read which runs changed; the next round tries again');
  }
}

async function newRuns(db: Database): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'SELECT id FROM runs WHERE id >= $1 ORDER BY id DESC LIMIT 1000',
    [firstIdAt(Date.now() - overlapMs)],
    'new_runs',
  );
  return rows.map((row) => row.id);
}

/** Nothing when what a list shows of the run is as it was. */
function changeOf(
  { known }: FeedState,
  id: string,
  run: RunSummary | undefined,
): { change: RunChange; userId: string | null }[] {
  const before = known.get(id);
  known.delete(id);
  if (run === undefined) {
    return before ? [{ change: { kind: 'gone', runId: id }, userId: before.userId }] : [];
  }
  const text = JSON.stringify(run);
  known.set(id, { text, userId: run.userId });
  for (const oldest of known.keys()) {
    if (known.size <= mostKnown) break;
    known.delete(oldest);
  }
  return before?.text === text ? [] : [{ change: { kind: 'run', run }, userId: run.userId }];
}

async function* followFeed(
  state: FeedState,
  userId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<RunChange> {
  const news = new Map<string, RunChange>();
  let wake = () => {};
  const follower: Follower = {
    userId,
    take: (changes) => {
      for (const change of changes) collect(news, change);
      wake();
    },
  };
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  state.followers.add(follower);
  try {
    while (!signal.aborted) {
      const changes = [...news.values()];
      news.clear();
      yield* changes;
      if (news.size > 0 || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    state.followers.delete(follower);
    if (state.followers.size === 0) state.known.clear();
  }
}

/** A reset makes all before it needless. */
function collect(news: Map<string, RunChange>, change: RunChange): void {
  if (change.kind === 'reset') news.clear();
  const key = change.kind === 'reset' ? '' : change.kind === 'gone' ? change.runId : change.run.id;
  news.set(key, change);
  if (news.size <= 2 * mostAtOnce) return;
  news.clear();
  news.set('', { kind: 'reset' });
}
