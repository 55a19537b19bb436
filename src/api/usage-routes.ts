import { z } from 'zod';
import { csvLine } from '../base/csv.ts';
import { GantryError } from '../base/errors.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { usageQuerySchema, usageReportSchema, type UsageReport } from '../contract/usage.ts';
import { seesAll, type Actor } from '../contract/user.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { fileHeaders } from './run-export.ts';

const day = 86_400_000;
const description =
  'Counts runs on the UTC day on which they ended; the sums outlive the runs. Members see their own use, admins and ' +
  'viewers that of all.';

/** What runs used, as sums and as a file. */
export function usageRoutes(kernel: Kernel): ApiRoute[] {
  return [
    route({
      method: 'GET',
      path: '/usage',
      summary: 'Show runs, time, tokens and money by day, capability, repository or user',
      description,
      tag: 'usage',
      role: 'viewer',
      query: usageQuerySchema,
      replies: { 200: usageReportSchema },
      handle: async ({ actor, query }) => ({ body: await reportOf(kernel, actor, query) }),
    }),
    route({
      method: 'GET',
      path: '/usage/export',
      summary: 'Export the same as CSV',
      description,
      tag: 'usage',
      role: 'viewer',
      file: 'text/csv',
      query: usageQuerySchema,
      replies: { 200: z.string() },
      handle: async ({ actor, query }) => {
        const report = await reportOf(kernel, actor, query);
        return { headers: fileHeaders(`usage-by-${report.by}`, 'csv'), download: csvOf(report) };
      },
    }),
  ];
}

function reportOf(
  kernel: Kernel,
  actor: Actor,
  asked: z.output<typeof usageQuerySchema>,
): Promise<UsageReport> {
  const to = asked.to ?? isoDay(Date.now());
  const from = asked.from ?? isoDay(Date.parse(to) - 29 * day);
  if (from > to) {
    throw new GantryError('INPUT_INVALID', `The first day (${from}) comes after the last (${to}).`, {
      problems: [{ path: 'from', message: 'comes after "to"' }],
    });
  }
  return kernel.usage({ from, to, by: asked.by, userId: seesAll(actor) ? undefined : actor.userId });
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

async function* csvOf({ by, items }: UsageReport): AsyncGenerator<string> {
  yield csvLine([by, 'runs', 'failed', 'wall_ms', 'cpu_ms', 'tokens', 'usd']);
  for (const { key, runs, failed, wallMs, cpuMs, tokens, usd } of items) {
    yield csvLine([key, runs, failed, wallMs, cpuMs, tokens, usd]);
  }
}
