import { z } from 'zod';
import { csvLine } from '../base/csv.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { runFilterSchema } from '../contract/run-filter.ts';
import type { RunSummary } from '../contract/run.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { RunFilter } from '../kernel/run-filter.ts';
import { visibleFilter } from './run-filter.ts';

const pageSize = 500;

/** All runs that a filter means, as a file that is written page by page while it is sent. */
export function exportRuns(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/export',
    summary: 'Export runs as CSV or JSON',
    description:
      'All that match, the latest first, without what went in and came out. Takes the filters of the list.',
    tag: 'runs',
    role: 'viewer',
    file: 'text/csv',
    query: runFilterSchema.extend({ format: z.enum(['csv', 'json']).default('csv') }),
    replies: { 200: z.string() },
    handle: async ({ actor, query, signal }) => {
      const { format, ...asked } = query;
      const runs = everyRun(kernel, visibleFilter(asked, actor), signal);
      return {
        headers: fileHeaders('runs', format),
        download: format === 'csv' ? csvOf(runs) : jsonOf(runs),
      };
    },
  });
}

/** What makes a browser save an answer under a name with the day in it, and never show it. */
export function fileHeaders(name: string, format: 'csv' | 'json'): Readonly<Record<string, string>> {
  const day = new Date().toISOString().slice(0, 10);
  return {
    'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
    'content-disposition': `attachment; filename="gantry-${name}-${day}.${format}"`,
    'content-security-policy': "default-src 'none'; sandbox",
  };
}

async function* everyRun(
  kernel: Kernel,
  filter: RunFilter,
  signal: AbortSignal,
): AsyncGenerator<readonly RunSummary[]> {
  let cursor: string | undefined;
  do {
    const page = await kernel.list({ ...filter, cursor, limit: pageSize });
    yield page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && !signal.aborted);
}

async function* jsonOf(pages: AsyncIterable<readonly RunSummary[]>): AsyncGenerator<string> {
  let before = '[';
  for await (const runs of pages) {
    if (runs.length === 0) continue;
    yield `${before}\n${runs.map((run) => JSON.stringify(run)).join(',\n')}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

const columns = {
  id: (run) => run.id,
  status: (run) => run.status,
  outcome: (run) => run.outcome,
  title: (run) => run.title,
  capability: (run) => run.capability,
  repository: (run) => run.repository,
  user: (run) => run.userId,
  origin: (run) => run.trigger.kind,
  priority: (run) => run.priority,
  created: (run) => run.createdAt,
  started: (run) => run.startedAt,
  finished: (run) => run.finishedAt,
  attempt: (run) => run.attempt,
  error: (run) => run.error?.code,
  message: (run) => run.error?.message,
  parent: (run) => run.parentId,
  wall_ms: (run) => run.usage.wallMs,
  cpu_ms: (run) => run.usage.cpuMs,
  peak_memory_bytes: (run) => run.usage.peakMemoryBytes,
  tokens: (run) => run.usage.tokens,
  usd: (run) => run.usage.usd,
} satisfies Readonly<Record<string, (run: RunSummary) => string | number | null | undefined>>;

async function* csvOf(pages: AsyncIterable<readonly RunSummary[]>): AsyncGenerator<string> {
  yield csvLine(Object.keys(columns));
  for await (const runs of pages) {
    yield runs.map((run) => csvLine(Object.values(columns).map((column) => column(run)))).join('');
  }
}
