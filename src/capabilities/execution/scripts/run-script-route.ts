import { z } from 'zod';
import { GantryError } from '../../../base/errors.ts';
import { route, type ApiRoute } from '../../../contract/api.ts';
import { prioritySchema } from '../../../contract/run.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Documents } from '../../../resources/documents/documents.ts';
import { executionInputSchema, executionRunSchema } from '../schema.ts';
import { startExecution } from '../start-execution.ts';
import { scriptKind } from './script-kind.ts';
import { scriptParams as params, tag } from './script-params.ts';
import { versionNumberSchema } from './script-schema.ts';

const { stdin, args, env, limits } = executionInputSchema.shape;

export function runScriptRoute(kernel: Kernel, documents: Documents): ApiRoute {
  return route({
    method: 'POST',
    path: '/scripts/:id/run',
    summary: 'Run a saved script',
    description:
      'What the body names takes the place of what was saved. `wait=true` answers the finished run.',
    tag,
    role: 'member',
    audit: { excused: 'The run says who started what, and when.' },
    params,
    query: z.strictObject({
      wait: z.enum(['true', 'false']).optional().describe('Answer when the run has finished.'),
      priority: prioritySchema.optional(),
    }),
    body: z.strictObject({
      version: versionNumberSchema.optional().describe('Another than the latest.'),
      stdin,
      args,
      env,
      limits,
    }),
    replies: { 200: executionRunSchema, 202: executionRunSchema },
    handle: async ({ actor, params, query, body, idempotencyKey, signal }) => {
      const { version, ...instead } = body;
      const script = await documents.open(actor, scriptKind, params.id, version);
      const saved = executionInputSchema.safeParse(script.content);
      if (!saved.success) {
        const message = `Version ${script.shown} of this script does not fit this Gantry. Open it in the playground and save it anew.`;
        throw new GantryError('CONFLICT', message, { cause: saved.error });
      }
      const input = { ...saved.data, ...instead };
      const waits = query.wait === 'true';
      return startExecution(kernel, {
        actor,
        input,
        priority: query.priority,
        idempotencyKey,
        waits,
        signal,
      });
    },
  });
}
