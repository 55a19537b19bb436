import { route, type ApiRoute, type ServerSentEvent } from '../contract/api.ts';
import { pageQuerySchema } from '../contract/problem.ts';
import { runChangeSchema, type RunChange } from '../contract/run-change.ts';
import { runCountsSchema, runFilterSchema, runPageSchema } from '../contract/run-filter.ts';
import { seesAll } from '../contract/user.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { z } from 'zod';
import { exportRuns } from './run-export.ts';
import { visibleFilter } from './run-filter.ts';

const tag = 'runs';

/** Many runs at once: as pages, as counts, live, and as a file. */
export function runListRoutes(kernel: Kernel): ApiRoute[] {
  return [listRuns(kernel), countRuns(kernel), followRuns(kernel), exportRuns(kernel)];
}

function listRuns(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs',
    summary: 'List runs, the latest first',
    description:
      'Members see their own runs, admins and viewers all. What went in and came out is shown by each run. A page is ' +
      'answered within a bounded time: when few runs match, it may hold less than `limit` and say in `searchedTo` how ' +
      'far back it has looked; `next` goes on from there.',
    tag,
    role: 'viewer',
    query: runFilterSchema.extend(pageQuerySchema.shape),
    replies: { 200: runPageSchema },
    handle: async ({ actor, query }) => {
      const { cursor, limit, ...asked } = query;
      return { body: await kernel.list({ ...visibleFilter(asked, actor), cursor, limit }) };
    },
  });
}

function countRuns(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/counts',
    summary: 'Count runs by status',
    description:
      'Counts what the other filters mean, whatever `status` says. What is under way is counted exactly up to 10,000; ' +
      'large figures are told as at least so many (`exact` is false).',
    tag,
    role: 'viewer',
    query: runFilterSchema,
    replies: { 200: runCountsSchema },
    handle: async ({ actor, query }) => ({ body: await kernel.count(visibleFilter(query, actor)) }),
  });
}

function followRuns(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/changes',
    summary: 'Follow the list of runs',
    description:
      'With `Accept: text/event-stream`: each run that is new or has changed, as a list shows it (`run`), each that was ' +
      'deleted (`gone`), at most a few times a second. `reset` asks to read the list again: it comes first for whoever ' +
      'comes back with `Last-Event-ID`, and whenever changes may have been missed. Otherwise 204.',
    tag,
    role: 'viewer',
    replies: { 200: z.undefined(), 204: z.undefined() },
    stream: runChangeSchema,
    handle: async ({ actor, lastEventId, wantsStream, signal }) => {
      if (!wantsStream) return { status: 204 };
      const changes = kernel.changes(seesAll(actor) ? undefined : actor.userId, signal);
      return { stream: asServerSent(changes, lastEventId !== undefined) };
    },
  });
}

/** Numbered from 1 in each connection: no change can be had again, so who comes back is told to read anew. */
async function* asServerSent(
  changes: AsyncIterable<RunChange>,
  isBack: boolean,
): AsyncGenerator<ServerSentEvent> {
  let sent = 0;
  const next = (change: RunChange) => ({ id: String((sent += 1)), event: change.kind, data: change });
  if (isBack) yield next({ kind: 'reset' });
  for await (const change of changes) yield next(change);
}
