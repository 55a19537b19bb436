import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import { isId } from '../../base/ids.ts';
import { route, type ApiRoute } from '../../contract/api.ts';
import { runSchema, type Run } from '../../contract/run.ts';
import { triggerOf } from '../../contract/trigger.ts';
import { seesAll, type Actor } from '../../contract/user.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { replayInputSchema, replayOutputSchema, type ReplayAct } from './schema.ts';

const tag = 'replays';
const params = z.strictObject({ id: z.string().describe('Id of the replay, which is a run.') });
const replayRunSchema = runSchema.extend({
  input: replayInputSchema,
  output: replayOutputSchema.nullable(),
});

/** What HTTP callers can do with replays; what comes of one is in its run. */
export function replayRoutes(kernel: Kernel): readonly ApiRoute[] {
  return [
    startReplay(kernel),
    route({
      method: 'GET',
      path: '/replays/:id',
      summary: 'Show a replay',
      tag,
      role: 'viewer',
      params,
      replies: { 200: replayRunSchema },
      handle: async ({ actor, params: { id } }) => ({ body: await visibleReplay(kernel, id, actor) }),
    }),
    control(kernel, 'pause', 'Pause a replay after the runs that it is just starting'),
    control(kernel, 'resume', 'Go on with a paused replay'),
    control(kernel, 'stop', 'End a replay; what it has started goes on'),
  ];
}

function startReplay(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/replays',
    summary: 'Start finished runs again as new ones',
    description:
      'Admins replay everybody’s runs, members their own. With `dryRun` the answer is the finished run, whose output says ' +
      'which runs it would be. Otherwise it is the run as it was queued; when there are more than a few it asks first, ' +
      'unless `expected` says as many.',
    tag,
    role: 'member',
    audit: { keep: ['filter', 'dryRun', 'ratePerMinute', 'expected'] },
    body: replayInputSchema,
    replies: { 200: replayRunSchema, 202: replayRunSchema },
    handle: async ({ actor, body, idempotencyKey, signal }) => {
      const request = {
        capability: 'replay',
        input: body,
        trigger: triggerOf(actor),
        userId: actor.userId,
        priority: 'high' as const,
        idempotencyKey,
      };
      const { run } = await (body.dryRun ? kernel.run(request, signal) : kernel.start(request));
      const headers = { location: `/api/v1/runs/${run.id}` };
      return { status: run.finishedAt === null ? 202 : 200, headers, body: run };
    },
  });
}

function control(kernel: Kernel, act: ReplayAct, summary: string): ApiRoute {
  return route({
    method: 'POST',
    path: `/replays/:id/${act}`,
    summary,
    tag,
    role: 'member',
    audit: { keep: [] },
    params,
    replies: { 204: z.undefined() },
    handle: async ({ actor, params: { id }, idempotencyKey }) => {
      const run = await visibleReplay(kernel, id, actor);
      await kernel.signal(run.id, 'control', { act }, actor.userId, idempotencyKey);
      return { status: 204 };
    },
  });
}

async function visibleReplay(kernel: Kernel, id: string, actor: Actor): Promise<Run> {
  const run = isId(id) ? await kernel.get(id) : undefined;
  const visible = run && run.capability === 'replay' && (seesAll(actor) || run.userId === actor.userId);
  if (!visible) throw new GantryError('NOT_FOUND', 'There is no such replay.');
  return run;
}
