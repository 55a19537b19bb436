import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { route, type ApiRoute, type ServerSentEvent } from '../contract/api.ts';
import { eventSchema, type Event } from '../contract/event.ts';
import { pageOf } from '../contract/problem.ts';
import { isTerminal } from '../contract/run.ts';
import { stepSchema } from '../contract/step.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { visibleRun } from './run-access.ts';
import { runParams } from './run-params.ts';

const tag = 'runs';
const seq = z.coerce.number().int().min(0).max(2_147_483_647);

/** What happened in a run: its events, as a page or live, and its steps. */
export function runEventRoutes(kernel: Kernel): ApiRoute[] {
  return [
    eventsOfRun(kernel),
    route({
      method: 'GET',
      path: '/runs/:id/steps',
      summary: 'Show the recorded steps of a run',
      tag,
      role: 'viewer',
      params: runParams,
      replies: { 200: z.object({ items: z.array(stepSchema) }) },
      handle: async ({ actor, params }) => {
        const run = await visibleRun(kernel, params.id, actor);
        return { body: { items: await kernel.steps(run.id) } };
      },
    }),
  ];
}

function eventsOfRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/:id/events',
    summary: 'Show or follow the events of a run',
    description:
      'With `Accept: text/event-stream`, replays what came after `Last-Event-ID` (or `after`), follows live, and ends ' +
      'with the last event of the run; a client that has them all gets 204, which tells a browser to stop. Otherwise a ' +
      'page; `next` goes back as `after`.',
    tag,
    role: 'viewer',
    params: runParams,
    query: z.strictObject({
      after: seq.default(0).describe('Only events with a higher `seq`.'),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    replies: { 200: pageOf(eventSchema), 204: z.undefined() },
    stream: eventSchema,
    handle: async ({ actor, params, query, lastEventId, wantsStream, signal }) => {
      const run = await visibleRun(kernel, params.id, actor);
      const after = wantsStream && lastEventId ? parseCursor(lastEventId) : query.after;
      if (!wantsStream) {
        const items = await kernel.events(run.id, after, query.limit);
        const next = items.length === query.limit ? String(items.at(-1)?.seq) : null;
        return { body: { items, next } };
      }
      const complete = isTerminal(run.status) && (await kernel.events(run.id, after, 1)).length === 0;
      if (complete) return { status: 204 };
      return { stream: asServerSent(kernel.follow(run.id, after, signal)) };
    },
  });
}

function parseCursor(text: string): number {
  const parsed = seq.safeParse(text);
  if (parsed.success) return parsed.data;
  const message = 'must be the number of an event';
  throw new GantryError('INPUT_INVALID', `The header Last-Event-ID ${message}.`, {
    problems: [{ path: 'Last-Event-ID', message }],
  });
}

async function* asServerSent(events: AsyncIterable<Event>): AsyncGenerator<ServerSentEvent> {
  for await (const event of events) yield { id: String(event.seq), event: event.type, data: event };
}
