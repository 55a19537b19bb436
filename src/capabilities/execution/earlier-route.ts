import { z } from 'zod';
import { route, type ApiRoute } from '../../contract/api.ts';
import { runSummarySchema } from '../../contract/run.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { executionOutputSchema, outcomes } from './schema.ts';

const earlierSchema = runSummarySchema.extend({
  result: z
    .object({ outcome: z.enum(outcomes), exitCode: z.int().nullable(), signal: z.string().nullable() })
    .nullable()
    .describe('How the program ended; null before.'),
});
export type EarlierExecution = z.infer<typeof earlierSchema>;

const resultSchema = executionOutputSchema.pick({ outcome: true, exitCode: true, signal: true });

/** One's own latest executions, with how each ended. */
export function earlierRoute(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/executions',
    summary: 'List your latest executions with how each ended',
    tag: 'executions',
    role: 'viewer',
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(20).default(8) }),
    replies: { 200: z.object({ items: z.array(earlierSchema) }) },
    handle: async ({ actor, query }) => {
      const page = await kernel.list({ capability: 'execution', userId: actor.userId, limit: query.limit });
      const items = await Promise.all(
        page.items.map(async (run) => {
          const output = run.status === 'succeeded' ? (await kernel.get(run.id)).output : null;
          const result = resultSchema.safeParse(output);
          return { ...run, result: result.success ? result.data : null };
        }),
      );
      return { body: { items } };
    },
  });
}
