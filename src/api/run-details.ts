import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import { relativesSchema } from '../contract/relatives.ts';
import { shownSummarySchema } from '../contract/queued-because.ts';
import { stepSchema } from '../contract/step.ts';
import { seesAll } from '../contract/user.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { readableRun } from '../kernel/run-access.ts';
import { runParams } from './run-params.ts';

const tag = 'runs';

/** What a run has recorded, and the runs that it is tied to. */
export function runDetailRoutes(kernel: Kernel): ApiRoute[] {
  return [summaryOfRun(kernel), stepsOfRun(kernel), stepOfRun(kernel), relativesOfRun(kernel)];
}

function summaryOfRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/:id/summary',
    summary: 'Show a run without its input and output',
    tag,
    role: 'viewer',
    params: runParams,
    replies: { 200: shownSummarySchema },
    handle: async ({ actor, params }) => {
      const run = await readableRun(kernel, params.id, actor);
      return { body: { ...run, queuedBecause: await kernel.queuedBecause(run) } };
    },
  });
}

function stepsOfRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/:id/steps',
    summary: 'Show the recorded steps of a run',
    tag,
    role: 'viewer',
    params: runParams,
    query: z.strictObject({
      outputs: z
        .enum(['true', 'false'])
        .default('true')
        .describe('`false` leaves out what the steps returned, which can be large.'),
    }),
    replies: { 200: z.object({ items: z.array(stepSchema) }) },
    handle: async ({ actor, params, query }) => {
      const run = await readableRun(kernel, params.id, actor);
      const items = query.outputs === 'true' ? await kernel.steps(run.id) : await kernel.outline(run.id);
      return { body: { items } };
    },
  });
}

function stepOfRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/:id/steps/:position',
    summary: 'Show one recorded step and what it returned',
    tag,
    role: 'viewer',
    params: runParams.extend({ position: z.coerce.number().int().min(0).max(2_147_483_647) }),
    replies: { 200: stepSchema },
    handle: async ({ actor, params }) => {
      const run = await readableRun(kernel, params.id, actor);
      return { body: await kernel.stepAt(run.id, params.position) };
    },
  });
}

function relativesOfRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/:id/relatives',
    summary: 'Show the runs that a run is tied to',
    description:
      'The run that started it, the one that it retries or forks, those that retry or fork it, and its children.',
    tag,
    role: 'viewer',
    params: runParams,
    replies: { 200: relativesSchema },
    handle: async ({ actor, params }) => {
      const run = await readableRun(kernel, params.id, actor);
      return { body: await kernel.relatives(run.id, seesAll(actor) ? undefined : actor.userId) };
    },
  });
}
