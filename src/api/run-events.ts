import { z } from 'zod';
import { route, type ApiRoute, type ServerSentEvent } from '../contract/api.ts';
import { eventSchema, type Event } from '../contract/event.ts';
import { eventPageBytes, highestSeq, seqOfLastEventId, seqSchema } from '../contract/event-cursor.ts';
import { pageOf } from '../contract/problem.ts';
import { isTerminal } from '../contract/run-status.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { readableRun } from '../kernel/run-access.ts';
import { runParams } from './run-params.ts';

const tag = 'runs';
const typesSchema = z
  .string()
  .max(2000)
  .default('')
  .transform((text) => text.split(',').filter((type) => type !== ''));

/** What happened in a run: its events, as a page or live. */
export function runEventRoutes(kernel: Kernel): ApiRoute[] {
  return [eventsOfRun(kernel)];
}

function eventsOfRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/:id/events',
    summary: 'Show or follow the events of a run',
    description:
      'With `Accept: text/event-stream`, replays what came after `Last-Event-ID` (or `after`), follows live, and ends ' +
      'with the last event of the run; a client that has them all gets 204, which tells a browser to stop. Otherwise a ' +
      'page of at most `limit` events and about 1 MiB; `next` goes back as `after`, or as `before` where that was given.',
    tag,
    role: 'viewer',
    params: runParams,
    query: z.strictObject({
      after: seqSchema.default(0).describe('Only events with a higher `seq`.'),
      before: seqSchema
        .optional()
        .describe('Only events with a lower `seq`; the page is then the last before it.'),
      types: typesSchema.describe('Only events of these types, with commas between.'),
      without: typesSchema.describe('No events of these types, with commas between.'),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    replies: { 200: pageOf(eventSchema), 204: z.undefined() },
    stream: eventSchema,
    handle: async ({ actor, params, query, lastEventId, wantsStream, signal }) => {
      const run = await readableRun(kernel, params.id, actor);
      const after = wantsStream && lastEventId ? seqOfLastEventId(lastEventId) : query.after;
      if (!wantsStream) {
        const from = query.before === undefined ? 'start' : 'end';
        const range = {
          ...query,
          after,
          before: query.before ?? highestSeq,
          from,
          bytes: eventPageBytes,
        } as const;
        const { items, more } = await kernel.eventRange(run.id, range);
        const edge = from === 'start' ? items.at(-1) : items[0];
        return { body: { items, next: more ? String(edge?.seq) : null } };
      }
      const complete = isTerminal(run.status) && (await kernel.events(run.id, after, 1)).length === 0;
      if (complete) return { status: 204 };
      return { stream: asServerSent(kernel.follow(run.id, after, signal)) };
    },
  });
}

async function* asServerSent(events: AsyncIterable<Event>): AsyncGenerator<ServerSentEvent> {
  for await (const event of events) yield { id: String(event.seq), event: event.type, data: event };
}
