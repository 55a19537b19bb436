import type { Event } from '../../contract/event.ts';
import { eventTypes } from '../../contract/event-types.ts';
import { applyEvent, createRunView, hasEnded, type RunView } from '../../contract/run-view.ts';
import { get } from '../api/client.ts';
import { followStream, type StreamState } from '../live/server-stream.ts';

interface EventPage {
  readonly items: readonly Event[];
  readonly next: string | null;
}

/** What the page shows of a run's events, at one moment; another object at each change. */
export interface RunMoment {
  readonly view: RunView;
  /** False before the first answer of the server. */
  readonly loaded: boolean;
  /** Events that are not in the log, because it begins with the run's latest; 0 when all are. */
  readonly missing: number;
  /** While earlier events are being fetched: how many are there. */
  readonly fetched: number | null;
  readonly stream: StreamState;
  /** When the last word of the server came. */
  readonly heardAt: Date;
  readonly error: unknown;
}

export interface RunFollower {
  /** Begins to fetch and to listen; again after `close`. */
  start(): void;
  moment(): RunMoment;
  subscribe(changed: () => void): () => void;
  /** Told of each event that happens while the page looks on. */
  onNews(told: (event: Event) => void): () => void;
  /** Fetches what is missing at the beginning of the log. */
  fetchAll(): void;
  /** After a failure of the first requests. */
  tryAgain(): void;
  close(): void;
}

const pageSize = 1000;
/** So many of the latest events are shown first; a run with no more is there at once. */
const tailSize = 500;
const highestSeq = 2_147_483_647;

function createListeners<Word>() {
  const all = new Set<(word: Word) => void>();
  return {
    tell: (word: Word) => {
      for (const each of all) each(word);
    },
    add: (told: (word: Word) => void) => {
      all.add(told);
      return () => void all.delete(told);
    },
  };
}

function firstMoment(runId: string): RunMoment {
  return {
    ...{ view: createRunView({ id: runId }), loaded: false, missing: 0, fetched: null },
    ...{ stream: 'connecting', heardAt: new Date(), error: undefined },
  };
}

type ReadPage = (query: Record<string, string | number>) => Promise<EventPage>;

/** The last events whole, and of those before only what the story is told with. */
async function readEnd(page: ReadPage): Promise<{ story: Event[]; tail: readonly Event[]; missing: number }> {
  const { items: tail } = await page({ before: highestSeq, limit: tailSize });
  const first = tail[0]?.seq ?? 1;
  const story: Event[] = [];
  for (let before: string | null = first > 1 ? String(first) : null; before !== null;) {
    const earlier: EventPage = await page({ before, without: 'output,log,usage', limit: pageSize });
    story.unshift(...earlier.items);
    before = earlier.next;
  }
  return { story, tail, missing: first - 1 };
}

/** Folds the run from its first event up to this one, a page at a time. */
async function foldUpTo(
  view: RunView,
  goal: number,
  page: ReadPage,
  told: (folded: number) => void,
): Promise<void> {
  while (view.lastSeq < goal) {
    const { items } = await page({ after: view.lastSeq, limit: pageSize });
    if (items.length === 0) return;
    for (const event of items) applyEvent(view, event);
    told(Math.min(view.lastSeq, goal));
  }
}

/**
 * Holds the events of one run, folded, for as long as its page is open. The end comes first: the last events whole and
 * of those before only what the story is told with; the log's beginning is fetched when it is looked at.
 */
export function followRun(runId: string): RunFollower {
  let abort = new AbortController();
  const watchers = createListeners<void>();
  const news = createListeners<Event>();
  let stopStream = () => {};
  let frame: number | undefined;
  /** Since the log's first event; let go of when nothing is missing. */
  let recent: Event[] = [];
  let moment = firstMoment(runId);

  const change = (to: Partial<RunMoment> = {}) => {
    moment = { ...moment, ...to };
    // One drawing however many events come; a timer, because a hidden tab has no frames.
    frame ??= window.setTimeout(() => {
      frame = undefined;
      watchers.tell();
    }, 50);
  };
  const page = (query: Record<string, string | number>) =>
    get<EventPage>(`/runs/${runId}/events`, query, abort.signal);

  async function load(): Promise<void> {
    const { story, tail, missing } = await readEnd(page);
    for (const event of [...story, ...tail]) applyEvent(moment.view, event);
    recent = missing > 0 ? [...tail] : [];
    const ended = hasEnded(moment.view);
    change({ loaded: true, missing, heardAt: new Date(), ...(ended && { stream: 'ended' }) });
    if (!ended) listen();
  }

  function listen(): void {
    stopStream = followStream({
      url: () => `/api/v1/runs/${runId}/events?after=${moment.view.lastSeq}`,
      types: eventTypes,
      onState: (stream) => {
        // Connecting again is still being broken, to who looks on.
        if (stream === 'live') change({ stream, heardAt: new Date() });
        else if (stream !== 'connecting') change({ stream });
      },
      onEvent: (data) => hear(data as Event),
    });
  }

  function hear(event: Event): void {
    if (!applyEvent(moment.view, event)) return;
    if (moment.missing > 0) recent.push(event);
    news.tell(event);
    change({ heardAt: new Date() });
    if (hasEnded(moment.view)) stopStream();
  }

  /** Folds the run again from its first event, beside the log that is shown, and shows that when it has caught up. */
  async function fetchRest(): Promise<void> {
    const whole = createRunView({ id: runId });
    await foldUpTo(whole, moment.missing, page, (fetched) => change({ fetched }));
    for (const event of recent) applyEvent(whole, event);
    recent = [];
    change({ view: whole, missing: 0, fetched: null });
  }

  const failed = (error: unknown) => {
    if (!abort.signal.aborted) change({ error, fetched: null });
  };
  return {
    start: () => {
      abort = new AbortController();
      load().catch(failed);
    },
    moment: () => moment,
    subscribe: watchers.add,
    onNews: news.add,
    fetchAll: () => {
      if (moment.missing === 0 || moment.fetched !== null) return;
      change({ fetched: 0, error: undefined });
      fetchRest().catch(failed);
    },
    tryAgain: () => {
      change({ error: undefined });
      if (!moment.loaded) load().catch(failed);
    },
    close: () => {
      abort.abort();
      stopStream();
      window.clearTimeout(frame);
      frame = undefined;
    },
  };
}
