import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import type { Event } from '../contract/event.ts';
import { eventPageBytes, highestSeq } from '../contract/event-cursor.ts';
import { logTextOf } from '../contract/log-text.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { readableRun } from '../kernel/run-access.ts';
import { runParams } from './run-params.ts';

/** The log of a run as a text file. */
export function runLogRoutes(kernel: Kernel, { users }: Identity): ApiRoute[] {
  return [
    route({
      method: 'GET',
      path: '/runs/:id/log',
      summary: 'Download the log of a run',
      description:
        'Plain text: time, source and text of each line, what Gantry says among what the programs wrote. Control ' +
        'characters and sequences are dropped or shown as escapes. A run that still goes on gives what there is.',
      tag: 'runs',
      role: 'viewer',
      params: runParams,
      replies: { 200: z.string() },
      handle: async ({ actor, params, signal }) => {
        const run = await readableRun(kernel, params.id, actor);
        const content = logTextOf(run, pagesOf(kernel, run.id, signal), users.names);
        return { headers: headersOf(run.id), download: content };
      },
    }),
  ];
}

const headersOf = (runId: string) => ({
  'content-type': 'text/plain; charset=utf-8',
  'content-disposition': `attachment; filename="run-${runId}.log"`,
});

/** All events so far, a page at a time. */
async function* pagesOf(kernel: Kernel, runId: string, signal: AbortSignal): AsyncGenerator<Event[]> {
  let after = 0;
  while (!signal.aborted) {
    const range = { after, before: highestSeq, from: 'start', types: [], without: [] } as const;
    const { items, more } = await kernel.eventRange(runId, { ...range, limit: 1000, bytes: eventPageBytes });
    yield items;
    after = items.at(-1)?.seq ?? after;
    if (!more) return;
  }
}
