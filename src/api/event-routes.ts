import { z } from 'zod';
import { csvLine } from '../base/csv.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { pageQuerySchema } from '../contract/problem.ts';
import { eventFilterSchema, eventPageSchema, eventStatsSchema, type FoundEvent } from '../contract/system.ts';
import type { EventFilter } from '../kernel/system/event-windows.ts';
import type { System } from '../kernel/system/system.ts';
import { fileHeaders } from './run-export.ts';

const tag = 'system';
/** Longer data is cut in the list; the run's own events have it whole. */
const cutAt = 4000;

/** All that happened, over all runs. */
export function eventRoutes(system: System): ApiRoute[] {
  return [
    route({
      method: 'GET',
      path: '/events',
      summary: 'Look through the events of all runs',
      description:
        'The newest run first, and within a run the latest event first. A page is answered within a bounded time: `looked` ' +
        'says how far it got, `next` goes on from there. With `after`, runs that began more than a day before it are left ' +
        'out. Long data is cut to its beginning (`data.cut`); `/runs/:id/events` has it whole.',
      tag,
      role: 'admin',
      query: eventFilterSchema.extend(pageQuerySchema.shape),
      replies: { 200: eventPageSchema },
      handle: async ({ query: { cursor, limit, ...asked } }) => ({
        body: await system.events({ ...filterOf(asked), cursor, limit, cutAt }),
      }),
    }),
    route({
      method: 'GET',
      path: '/events/stats',
      summary: 'Count events by type',
      description:
        'Over the latest events that match, as far as about a second reaches; `complete` says whether that was all.',
      tag,
      role: 'admin',
      query: eventFilterSchema,
      replies: { 200: eventStatsSchema },
      handle: async ({ query }) => ({ body: await system.eventStats(filterOf(query)) }),
    }),
    route({
      method: 'GET',
      path: '/events/export',
      summary: 'Export events as CSV or JSON',
      description: 'All that match, with their whole data. Takes the filters of the list.',
      tag,
      role: 'admin',
      file: 'text/csv',
      query: eventFilterSchema.extend({ format: z.enum(['csv', 'json']).default('csv') }),
      replies: { 200: z.string() },
      handle: async ({ query: { format, ...asked }, signal }) => {
        const pages = system.everyEvent(filterOf(asked), signal);
        return {
          headers: fileHeaders('events', format),
          download: format === 'csv' ? csvOf(pages) : jsonOf(pages),
        };
      },
    }),
  ];
}

function filterOf({ run, q, type, after, before, ...rest }: z.output<typeof eventFilterSchema>): EventFilter {
  return {
    ...rest,
    runId: run,
    text: q === '' ? undefined : q,
    types: type,
    from: after === undefined ? undefined : new Date(after),
    to: before === undefined ? undefined : new Date(before),
  };
}

async function* csvOf(pages: AsyncIterable<readonly FoundEvent[]>): AsyncGenerator<string> {
  yield csvLine(['at', 'type', 'run', 'seq', 'capability', 'title', 'user', 'data']);
  for await (const events of pages) yield events.map(csvOfEvent).join('');
}

function csvOfEvent({ at, type, runId, seq, run, data }: FoundEvent): string {
  return csvLine([at, type, runId, seq, run.capability, run.title, run.userId, JSON.stringify(data)]);
}

async function* jsonOf(pages: AsyncIterable<readonly FoundEvent[]>): AsyncGenerator<string> {
  let before = '[';
  for await (const events of pages) {
    if (events.length === 0) continue;
    yield `${before}\n${events.map((event) => JSON.stringify(event)).join(',\n')}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}
