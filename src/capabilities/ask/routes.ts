import { route, type ApiRoute } from '../../contract/api.ts';
import { budgetSchema, runSchema } from '../../contract/run.ts';
import { triggerOf } from '../../contract/trigger.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { askInputSchema, askOutputSchema } from './schema.ts';

/** What HTTP callers can do with questions; what comes of one is in its run. */
export function askRoutes(kernel: Kernel): readonly ApiRoute[] {
  return [
    route({
      method: 'POST',
      path: '/asks',
      summary: 'Ask a question about a repository',
      description:
        'Starts a run of `ask`, and answers it as it was queued; `Location` is where to follow it. The same as `POST /runs` with this capability.',
      tag: 'asks',
      role: 'member',
      audit: { excused: 'The run says who started what, and when.' },
      body: askInputSchema.extend({ budget: budgetSchema.optional() }),
      replies: { 202: runSchema.extend({ input: askInputSchema, output: askOutputSchema.nullable() }) },
      handle: async ({ actor, body: { budget, ...input }, idempotencyKey }) => {
        const { run, replayed } = await kernel.start({
          capability: 'ask',
          input,
          trigger: triggerOf(actor),
          userId: actor.userId,
          idempotencyKey,
          ...(budget && { budget }),
        });
        const headers = {
          location: `/api/v1/runs/${run.id}`,
          ...(replayed && { 'idempotency-replayed': 'true' }),
        };
        return { status: 202, headers, body: run };
      },
    }),
  ];
}
