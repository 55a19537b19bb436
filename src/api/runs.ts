import { z } from 'zod';
import { route, type ApiReply, type ApiRoute } from '../contract/api.ts';
import { budgetChangeSchema, budgetSchema, prioritySchema, runSchema, type Run } from '../contract/run.ts';
import { shownRunSchema } from '../contract/queued-because.ts';
import { triggerOf } from '../contract/trigger.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { setRunBudget } from './run-budget.ts';
import { prioritise } from './run-priority.ts';
import { runParams } from './run-params.ts';
import { readableRun, visibleRun } from '../kernel/run-access.ts';

const tag = 'runs';

/** Starting, finding and changing runs of any capability. */
export function runRoutes(kernel: Kernel): ApiRoute[] {
  return [startRun(kernel), showRun(kernel), changeRun(kernel), discardRun(kernel)];
}

function startRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/runs',
    summary: 'Start a run',
    description: 'With an `Idempotency-Key` the same request answers the same run again.',
    tag,
    role: 'member',
    audit: { excused: 'The run says who started what, and when.' },
    body: z.strictObject({
      capability: z.string().min(1).max(100),
      input: z.unknown(),
      priority: prioritySchema.optional(),
      budget: budgetSchema.optional(),
    }),
    replies: { 202: runSchema },
    handle: async ({ actor, body, idempotencyKey }) => {
      const { capability, input, priority, budget } = body;
      const trigger = triggerOf(actor);
      const started = await kernel.start({
        capability,
        input,
        trigger,
        userId: actor.userId,
        idempotencyKey,
        ...(priority && { priority }),
        ...(budget && { budget }),
      });
      return accepted(started);
    },
  });
}

/** A run that was started: where it is, and whether the idempotency key had started it before. */
export function accepted({ run, replayed }: { run: Run; replayed: boolean }): ApiReply {
  const headers = {
    location: `/api/v1/runs/${run.id}`,
    ...(replayed && { 'idempotency-replayed': 'true' }),
  };
  return { status: 202, headers, body: run };
}

function showRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/:id',
    summary: 'Show a run',
    tag,
    role: 'viewer',
    params: runParams,
    replies: { 200: shownRunSchema },
    handle: async ({ actor, params }) => {
      const { id } = await readableRun(kernel, params.id, actor);
      const run = await kernel.get(id);
      return { body: { ...run, queuedBecause: await kernel.queuedBecause(run) } };
    },
  });
}

function changeRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'PATCH',
    path: '/runs/:id',
    summary: 'Change the priority or the budget of a run',
    description:
      'Admins set any priority; members lower that of their own runs. Who started a run and admins set its own budget, ' +
      'which holds from the next call of a model on; a run that waits to be allowed more of it looks again.',
    tag,
    role: 'member',
    audit: { keep: ['priority', 'budget'] },
    params: runParams,
    body: z
      .strictObject({ priority: prioritySchema.optional(), budget: budgetChangeSchema.optional() })
      .refine((change) => Object.keys(change).length > 0, 'name a priority or a budget'),
    replies: { 200: runSchema },
    handle: async ({ actor, params, body }) => {
      const run = await visibleRun(kernel, params.id, actor);
      const { priority, budget } = body;
      if (priority) await prioritise(kernel, run, priority, actor);
      if (budget) await setRunBudget(kernel, run, budget, actor);
      return { body: await kernel.get(run.id) };
    },
  });
}

function discardRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/runs/:id',
    summary: 'Delete a finished run and all that belongs to it',
    tag,
    role: 'member',
    params: runParams,
    replies: { 204: z.undefined() },
    handle: async ({ actor, params }) => {
      const run = await visibleRun(kernel, params.id, actor);
      await kernel.discard(run.id);
      return { status: 204 };
    },
  });
}
