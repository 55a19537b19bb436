import { z } from 'zod';
import { route, type ApiRoute } from '../../contract/api.ts';
import { languageSchema } from '../../contract/language.ts';
import { budgetSchema, prioritySchema } from '../../contract/run.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { executionInputSchema, executionRunSchema } from './schema.ts';
import { startExecution } from './start-execution.ts';
import type { Toolchains } from './toolchains.ts';

/** What HTTP callers can do with executions. `isWarm` tells whether a language is kept warm. */
export function executionRoutes(
  kernel: Kernel,
  toolchains: Toolchains,
  isWarm: (language: string) => boolean,
): readonly ApiRoute[] {
  return [startRoute(kernel), languagesRoute(toolchains, isWarm)];
}

function startRoute(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/executions',
    summary: 'Run a program',
    description:
      'With `wait=true` the answer is the finished run; should the client go away, the run goes on. Otherwise it is the ' +
      'run as it was queued, and `Location` is where to follow it.',
    tag: 'executions',
    role: 'member',
    audit: { excused: 'The run says who started what, and when.' },
    query: z.strictObject({
      wait: z.enum(['true', 'false']).optional().describe('Answer when the run has finished.'),
      priority: prioritySchema.optional(),
    }),
    body: executionInputSchema.safeExtend({
      budget: budgetSchema.optional().describe('What its models may cost.'),
    }),
    replies: { 200: executionRunSchema, 202: executionRunSchema },
    handle: async ({ actor, query, body: { budget, ...input }, idempotencyKey, signal }) => {
      const waits = query.wait === 'true';
      const call = { actor, input, budget, priority: query.priority, idempotencyKey, waits, signal };
      return startExecution(kernel, call);
    },
  });
}

function languagesRoute(toolchains: Toolchains, isWarm: (language: string) => boolean): ApiRoute {
  return route({
    method: 'GET',
    path: '/languages',
    summary: 'List the languages that workers offer',
    tag: 'executions',
    role: 'viewer',
    replies: { 200: z.object({ items: z.array(languageSchema) }) },
    async handle() {
      const groups = Map.groupBy(toolchains.known() ?? [], ({ language }) => language);
      const items = [...groups].map(([language, versions]) => ({
        name: language.name,
        aliases: [...language.aliases],
        versions: versions.map(({ version }) => version),
        extensions: [...language.extensions],
        compiled: language.compile !== undefined,
        warm: language.warmth !== undefined && isWarm(language.name),
        highlight: language.highlight ?? language.name,
        fileName: language.examples?.[0]?.files[0]?.name ?? `main${language.extensions[0]}`,
        examples: [...(language.examples ?? [])],
      }));
      return { body: { items } };
    },
  });
}
