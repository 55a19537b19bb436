import { hash } from 'node:crypto';
import { GantryError } from '../base/errors.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import {
  bulkReplySchema,
  bulkRequestSchema,
  mostInBulk,
  type BulkRequest,
  type BulkResult,
} from '../contract/run-bulk.ts';
import type { Priority, Run, RunSummary } from '../contract/run.ts';
import { triggerOf } from '../contract/trigger.ts';
import type { Actor } from '../contract/user.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { visibleRun } from '../kernel/run-access.ts';
import { visibleFilter } from './run-filter.ts';
import { prioritise } from './run-priority.ts';

type Act = (run: RunSummary) => Promise<Run | void>;

/**
 * One act on many runs. Each is judged by itself, by the same rules as the act on a single run; one that is refused
 * keeps no other from being done. Repeating it does nothing twice; a retry needs an idempotency key for that.
 */
export function bulkRoute(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/runs/bulk',
    summary: 'Cancel, pause, resume, retry, delete or reprioritise several runs',
    description:
      `On the runs named in \`ids\`, or on the latest that \`filter\` means, ${mostInBulk} at most at a time. Says of ` +
      'each run whether it was done, or why not. With an `Idempotency-Key` a retry that is sent again starts nothing again.',
    tag: 'runs',
    role: 'member',
    audit: { keep: ['action', 'priority', 'ids', 'filter'] },
    body: bulkRequestSchema,
    replies: { 200: bulkReplySchema },
    handle: async ({ actor, body, idempotencyKey }) => {
      const act = actOf(kernel, actor, body.action, body.priority, idempotencyKey);
      const { ids, more } = body.ids
        ? { ids: [...new Set(body.ids.map((id) => id.toLowerCase()))], more: false }
        : await matching(kernel, visibleFilter(body.filter ?? {}, actor));
      const results: BulkResult[] = [];
      for (const id of ids) results.push(await attempt(kernel, actor, id, act));
      return { body: { results, more } };
    },
  });
}

async function matching(
  kernel: Kernel,
  filter: ReturnType<typeof visibleFilter>,
): Promise<{ ids: string[]; more: boolean }> {
  const page = await kernel.list({ ...filter, limit: mostInBulk });
  return { ids: page.items.map((run) => run.id), more: page.next !== null };
}

function actOf(
  kernel: Kernel,
  actor: Actor,
  action: BulkRequest['action'],
  priority: Priority | undefined,
  key: string | undefined,
): Act {
  const acts: Readonly<Record<typeof action, Act>> = {
    cancel: (run) => kernel.cancel(run.id, actor.userId),
    pause: (run) => kernel.pause(run.id, actor.userId),
    resume: (run) => kernel.resume(run.id, actor.userId),
    discard: (run) => kernel.discard(run.id),
    priority: (run) => prioritise(kernel, run, priority ?? run.priority, actor),
    retry: async (run) => {
      const ownKey = key === undefined ? undefined : `${hash('sha256', key)} ${run.id}`;
      return (await kernel.retry(run.id, triggerOf(actor), actor.userId, ownKey)).run;
    },
  };
  return acts[action];
}

async function attempt(kernel: Kernel, actor: Actor, id: string, act: Act): Promise<BulkResult> {
  try {
    const run = await visibleRun(kernel, id, actor);
    const result = await act(run);
    const isNew = result !== undefined && result.id !== run.id;
    return { outcome: 'done', id, ...(isNew && { runId: result.id }) };
  } catch (error) {
    if (!(error instanceof GantryError) || error.code === 'DATABASE_UNREACHABLE') throw error;
    return { outcome: 'refused', id, code: error.code, reason: error.message };
  }
}
