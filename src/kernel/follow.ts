import type { Logger } from '../base/logger.ts';
import type { Event } from '../contract/event.ts';
import { lastEventTypes } from '../contract/event-types.ts';
import type { Run } from '../contract/run.ts';
import type { Database } from '../store/database.ts';
import { readEvents } from '../store/event-log.ts';
import type { Listener } from '../store/listen.ts';
import { createRunFeed, type RunFeed } from './run-feed.ts';

const pageSize = 500;
const handedInMs = 50;

/** For events that this process has just stored, and for the run when they end it; saves reading them again. */
export type Publish = (events: readonly Event[], ended?: Run) => void;

/** Spreads what happens in runs to all that follow them in this process: one LISTEN, one read for any number of followers. */
export interface Hub {
  readonly publish: Publish;
  follow(runId: string, after: number, signal: AbortSignal): AsyncGenerator<Event>;
  /**
   * Resolves when the run has ended, with the run if that happened here; with nothing when it ended elsewhere, when a
   * message may have been missed, or when `signal` aborts.
   */
  untilEnd(runId: string, signal: AbortSignal): Promise<Run | undefined>;
  /** What changes in the list of runs. */
  readonly feed: RunFeed;
  /** Runs that have followers here, and the followers. */
  size(): { runs: number; followers: number };
  close(): void;
}

interface Topic {
  readonly followers: Set<(events: readonly Event[]) => void>;
  /** Highest number handed out here; null before the first. */
  seen: number | null;
  /** Messages heard, so that one that comes while a read is under way is not lost. */
  heard: number;
  reading: boolean;
  /** The run is worked on here: what is heard of it is handed out any moment. */
  here: boolean;
}

export function createHub(db: Database, listener: Listener, log: Logger): Hub {
  const topics = new Map<string, Topic>();
  const enders = new Map<string, Set<(run?: Run) => void>>();
  const feed = createRunFeed(db, listener, log);

  function hand(runId: string, events: readonly Event[], here = false): void {
    const topic = topics.get(runId);
    if (!topic) return;
    topic.here ||= here;
    topic.seen = Math.max(topic.seen ?? 0, events.at(-1)?.seq ?? 0);
    for (const follower of topic.followers) follower(events);
  }

  function end(runId: string, run?: Run): void {
    for (const ended of enders.get(runId) ?? []) ended(run);
  }

  async function read(runId: string, topic: Topic): Promise<void> {
    if (topic.reading || topic.seen === null) return;
    topic.reading = true;
    try {
      let events: Event[];
      let heard: number;
      do {
        heard = topic.heard;
        events = await readEvents(db, runId, topic.seen, pageSize);
        if (events.length > 0) hand(runId, events);
      } while ((events.length > 0 || topic.heard > heard) && topics.get(runId) === topic);
    } catch (error) {
      log.warn({ run: runId, err: error }, 'could not read new events; the next message tries again');
    } finally {
      topic.reading = false;
    }
  }

  /* The message may come before the answer to the statement that sent it. */
  function catchUp(runId: string, topic: Topic, lastSeq: number): void {
    if (topics.get(runId) !== topic || lastSeq <= (topic.seen ?? 0)) return;
    topic.here = false;
    void read(runId, topic);
  }

  const stop = listener.on(
    'gantry_events',
    (payload) => {
      const [runId = '', count = '1', lastSeq = '0', ended] = payload.split(' ');
      if (ended !== undefined) end(runId);
      const topic = topics.get(runId);
      if (!topic) return;
      topic.heard += 1;
      topic.seen ??= Number(lastSeq) - Number(count);
      if (Number(lastSeq) <= topic.seen) return;
      if (topic.here) setTimeout(catchUp, handedInMs, runId, topic, Number(lastSeq)).unref();
      else void read(runId, topic);
    },
    () => {
      for (const topic of topics.values()) for (const follower of topic.followers) follower([]);
      for (const runId of enders.keys()) end(runId);
    },
  );

  return {
    publish: (events, ended) => {
      const first = events[0];
      if (first) hand(first.runId, events, true);
      if (ended) end(ended.id, ended);
    },
    follow: (runId, after, signal) => followRun(db, subscribeTo(topics), runId, after, signal),
    untilEnd: (runId, signal) => untilEnd(enders, runId, signal),
    feed,
    size: () => ({
      runs: topics.size,
      followers: [...topics.values()].reduce((sum, topic) => sum + topic.followers.size, 0),
    }),
    close: () => {
      stop();
      feed.close();
    },
  };
}

/** A topic is there as long as it has followers. */
function subscribeTo(topics: Map<string, Topic>): Subscribe {
  return (runId, heard) => {
    const topic: Topic = topics.get(runId) ?? {
      ...{ followers: new Set(), seen: null, heard: 0 },
      ...{ reading: false, here: false },
    };
    topics.set(runId, topic);
    topic.followers.add(heard);
    return () => {
      topic.followers.delete(heard);
      if (topic.followers.size === 0 && topics.get(runId) === topic) topics.delete(runId);
    };
  };
}

/** `heard` gets new events in order, or none when some may have been missed. */
type Subscribe = (runId: string, heard: (events: readonly Event[]) => void) => () => void;

/* Subscribed before the first read: an event that is stored between reading and subscribing would never be seen. */
async function* followRun(
  db: Database,
  subscribe: Subscribe,
  runId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  let news: Event[] = [];
  let behind = true;
  let wake = () => {};
  const unsubscribe = subscribe(runId, (events) => {
    if (events.length === 0 || news.length + events.length > pageSize) behind = true;
    else news.push(...events);
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    let last = after;
    while (!signal.aborted) {
      const live = news.filter((event) => event.seq > last);
      news = [];
      const useLive = !behind && isGapless(live, last);
      behind = false;
      const page = useLive ? live : await readEvents(db, runId, last, pageSize);
      if (!useLive && page.length === 0 && (await isOver(db, runId, last))) return;
      if (!useLive && page.length === pageSize) behind = true;
      for (const event of page) {
        yield event;
        last = event.seq;
        if (lastEventTypes.has(event.type)) return;
      }
      if (behind || news.length > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (signal.aborted || behind || news.length > 0) resolve();
      });
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}

/** Whether nothing comes after `last`: the run has finished before, or was deleted. */
async function isOver(db: Database, runId: string, last: number): Promise<boolean> {
  const [run] = await db.query<{ over: boolean }>(
    'SELECT finished_at IS NOT NULL AND last_seq <= $2 AS over FROM runs WHERE id = $1',
    [runId, last],
    'is_over',
  );
  return run?.over ?? true;
}

function isGapless(events: readonly Event[], last: number): boolean {
  return events.every((event, index) => event.seq === last + 1 + index);
}

function untilEnd(
  enders: Map<string, Set<(run?: Run) => void>>,
  runId: string,
  signal: AbortSignal,
): Promise<Run | undefined> {
  return new Promise((resolve) => {
    const waiting = enders.get(runId) ?? new Set();
    const done = (run?: Run) => {
      waiting.delete(done);
      if (waiting.size === 0) enders.delete(runId);
      signal.removeEventListener('abort', abort);
      resolve(run);
    };
    const abort = () => done();
    enders.set(runId, waiting.add(done));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) done();
  });
}
