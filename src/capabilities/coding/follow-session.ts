import { z } from 'zod';
import { route, type ApiRoute, type ServerSentEvent } from '../../contract/api.ts';
import type { Event } from '../../contract/event.ts';
import { eventPageBytes, highestSeq, seqOfLastEventId, seqSchema } from '../../contract/event-cursor.ts';
import { pageOf } from '../../contract/problem.ts';
import { givenAnswerSchema } from '../../contract/question.ts';
import { isTerminal } from '../../contract/run-status.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { openQuestions, readableSession, sessionRun } from './read-session.ts';
import { sessionParams } from './show-session.ts';

const tag = 'sessions';
const place = { seq: z.int(), at: z.iso.datetime() };

const changeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('state'), ...place, key: z.string(), value: z.json() }),
  z.object({ kind: z.literal('decision'), ...place, name: z.string(), answer: givenAnswerSchema }),
]);
/** A state as it was from then on, or what a person decided. */
export type SessionChange = z.infer<typeof changeSchema>;

/** `GET /sessions/:id/history`: every state that it had, and who decided what. */
export function historyRoute(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/sessions/:id/history',
    summary: 'List the states that a session had, and what people decided, in order',
    description:
      'A state is the whole value of its key from then on: goal, plan, step <id>, branch, pull, baseline, follow-up. A page ' +
      'holds at most `limit` changes and about 1 MiB; `next` goes back as `after`.',
    tag,
    role: 'viewer',
    params: sessionParams,
    query: z.strictObject({
      after: seqSchema.default(0).describe('Only what has a higher `seq`.'),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    replies: { 200: pageOf(changeSchema) },
    handle: async ({ actor, params: { id }, query: { after, limit } }) => {
      const run = await readableSession(kernel, id, actor);
      const range = { after, limit, before: highestSeq, from: 'start', bytes: eventPageBytes } as const;
      const types = ['state', 'signal.received'];
      const { items, more } = await kernel.eventRange(run.id, { ...range, types, without: [] });
      return { body: { items: changesOf(items), next: more ? String(items.at(-1)?.seq) : null } };
    },
  });
}

function changesOf(events: readonly Event[]): SessionChange[] {
  const last = new Map<string, string>();
  return events.flatMap((event): SessionChange[] => {
    const { seq: number, at } = event;
    if (event.type === 'signal.received') {
      const { name, answer } = event.data;
      return answer ? [{ kind: 'decision', seq: number, at, name, answer }] : [];
    }
    if (event.type !== 'state') return [];
    const { key, value } = event.data;
    // A story that was told again after a crash says its last state again.
    const text = JSON.stringify(value);
    if (last.get(key) === text) return [];
    last.set(key, text);
    return [{ kind: 'state', seq: number, at, key, value }];
  });
}

const streamSchema = z.object({ at: z.iso.datetime() }).loose();

/** `GET /sessions/:id/stream`: what happens in it, in the words of sessions. */
export function streamRoute(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/sessions/:id/stream',
    summary: 'Follow a session live',
    description:
      'With `Accept: text/event-stream`, from its start or from behind `Last-Event-ID`, to its end: `status`, `phase`, `state`, ' +
      '`question`, `decision`, `tool`, `log`, and at last `complete` (with the output) or `error`. A client that has them all ' +
      'gets 204. Without that header, 204 as well: `GET /sessions/:id` shows where it stands.',
    tag,
    role: 'viewer',
    params: sessionParams,
    replies: { 200: z.undefined(), 204: z.undefined() },
    stream: streamSchema,
    handle: async ({ actor, params: { id }, lastEventId, wantsStream, signal }) => {
      const run = await readableSession(kernel, id, actor);
      if (!wantsStream) return { status: 204 };
      const after = lastEventId ? seqOfLastEventId(lastEventId) : 0;
      const complete = isTerminal(run.status) && (await kernel.events(run.id, after, 1)).length === 0;
      if (complete) return { status: 204 };
      return { stream: told(kernel, run.id, after, signal) };
    },
  });
}

async function* told(
  kernel: Kernel,
  id: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  const asked = new Set<string>();
  for await (const event of kernel.follow(id, after, signal)) {
    const words = await wordsOf(kernel, id, event, asked);
    for (const [index, { name, data }] of words.entries()) {
      // Who comes back with the number of one that isn't the event's last gets all of the event again.
      const seen = index === words.length - 1 ? event.seq : event.seq - 1;
      yield { id: String(seen), event: name, data: { at: event.at, ...data } };
    }
  }
}

interface Word {
  readonly name: string;
  readonly data: object;
}

async function wordsOf(kernel: Kernel, id: string, event: Event, asked: Set<string>): Promise<Word[]> {
  const word = wordOf(event);
  if (event.type === 'run.succeeded') {
    const { status, output } = await sessionRun(kernel, id);
    return [{ name: 'complete', data: { status, output } }];
  }
  if (!word) return [];
  if (event.type !== 'run.waiting') return [word];
  const open = (await openQuestions(kernel, id)).filter(
    ({ name, ordinal }) => !asked.has(`${name} ${ordinal}`),
  );
  for (const { name, ordinal } of open) asked.add(`${name} ${ordinal}`);
  return [word, ...open.map((data) => ({ name: 'question', data }))];
}

/** An event in the words of sessions; undefined for what its stream leaves out. */
function wordOf({ type, data }: Event): Word | undefined {
  switch (type) {
    case 'run.queued':
      return { name: 'status', data: { status: 'queued' } };
    case 'run.started':
      return { name: 'status', data: { status: 'running', attempt: data.attempt } };
    case 'run.waiting':
      return { name: 'status', data: { status: 'waiting', for: data.for, until: data.until } };
    case 'run.cancelling':
      return { name: 'status', data: { status: 'cancelling' } };
    case 'run.cancelled':
      return { name: 'complete', data: { status: 'cancelled', output: null } };
    case 'run.failed':
    case 'run.dead':
      return { name: 'error', data: { status: type.slice('run.'.length), error: data.error } };
    case 'progress':
      return { name: 'phase', data };
    case 'state':
      return { name: 'state', data };
    case 'signal.received':
      return data.answer && { name: 'decision', data: { name: data.name, answer: data.answer } };
    case 'tool.called':
      return { name: 'tool', data: { agent: data.agent, title: data.title } };
    case 'log':
      return { name: 'log', data };
    default:
      return undefined;
  }
}
