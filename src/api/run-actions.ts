import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import { runSchema } from '../contract/run.ts';
import { triggerOf } from '../contract/trigger.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { readableRun, visibleRun } from '../kernel/run-access.ts';
import { runParams } from './run-params.ts';
import { accepted } from './runs.ts';

const tag = 'runs';

/** What people do to runs: pause, resume, cancel, retry, fork, answer. */
export function runActionRoutes(kernel: Kernel): ApiRoute[] {
  return [
    pauseRun(kernel),
    resumeRun(kernel),
    cancelRun(kernel),
    retryRun(kernel),
    forkRun(kernel),
    signalRun(kernel),
  ];
}

function pauseRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/runs/:id/pause',
    summary: 'Pause a run',
    description:
      'Answers at once. The step under way is finished and recorded; then the run gives its slot back and is `waiting` for ' +
      '`resume`, without a cost. What it asks can still be answered. Pausing a paused run changes nothing.',
    tag,
    role: 'member',
    params: runParams,
    replies: { 202: runSchema },
    handle: async ({ actor, params }) => {
      const run = await visibleRun(kernel, params.id, actor);
      return { body: await kernel.pause(run.id, actor.userId) };
    },
  });
}

function resumeRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/runs/:id/resume',
    summary: 'Let a paused run go on',
    description:
      'From where it rests, with everything that it has recorded. A run that is not paused is left as it is.',
    tag,
    role: 'member',
    params: runParams,
    replies: { 202: runSchema },
    handle: async ({ actor, params }) => {
      const run = await visibleRun(kernel, params.id, actor);
      return { body: await kernel.resume(run.id, actor.userId) };
    },
  });
}

function cancelRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/runs/:id/cancel',
    summary: 'Cancel a run',
    description: 'Answers at once; the run is cancelled when its worker has stopped and undone what it must.',
    tag,
    role: 'member',
    params: runParams,
    replies: { 202: runSchema },
    handle: async ({ actor, params }) => {
      const run = await visibleRun(kernel, params.id, actor);
      return { body: await kernel.cancel(run.id, actor.userId) };
    },
  });
}

function retryRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/runs/:id/retry',
    summary: 'Start a new run with the input of a finished one',
    tag,
    role: 'member',
    params: runParams,
    replies: { 202: runSchema },
    handle: async ({ actor, params, idempotencyKey }) => {
      const run = await visibleRun(kernel, params.id, actor);
      return accepted(await kernel.retry(run.id, triggerOf(actor), actor.userId, idempotencyKey));
    },
  });
}

function forkRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/runs/:id/fork',
    summary: 'Start a new run that keeps the first steps of this one',
    tag,
    role: 'member',
    audit: { keep: ['from'] },
    params: runParams,
    body: z.strictObject({
      from: z.int().min(0).max(2_147_483_647).describe('Position of the first step that is done again.'),
    }),
    replies: { 202: runSchema },
    handle: async ({ actor, params, body, idempotencyKey }) => {
      const run = await visibleRun(kernel, params.id, actor);
      return accepted(await kernel.fork(run.id, body.from, triggerOf(actor), actor.userId, idempotencyKey));
    },
  });
}

function signalRun(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/runs/:id/signals',
    summary: 'Send a run a message: an answer, an approval, a word',
    description:
      'Where the run asks a person under this name (`question` of its step), the payload is the answer: `{answer, comment, ' +
      'ordinal}`, one of the values that the question offers. Only who is asked answers, and admins; the first answer counts.',
    tag,
    role: 'member',
    audit: { keep: ['name'] },
    params: runParams,
    body: z.strictObject({
      name: z.string().regex(/^[\w.:-]{1,100}$/, 'must be 1 to 100 letters, digits, or any of _ . : -'),
      payload: z.unknown().optional(),
    }),
    replies: { 204: z.undefined() },
    handle: async ({ actor, params, body, idempotencyKey }) => {
      const run = await readableRun(kernel, params.id, actor);
      const onlyAnswers = run.userId !== actor.userId && actor.role !== 'admin';
      const as = { role: actor.role, onlyAnswers };
      await kernel.signal(run.id, body.name, body.payload ?? null, actor.userId, idempotencyKey, as);
      return { status: 204 };
    },
  });
}
