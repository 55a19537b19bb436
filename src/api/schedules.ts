import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { prioritySchema } from '../contract/run.ts';
import { scheduleSchema, type Schedule } from '../contract/schedule.ts';
import { seesAll, type Actor } from '../contract/user.ts';
import type { Kernel } from '../kernel/kernel.ts';

const tag = 'schedules';
const params = z.strictObject({ id: z.string().describe('Id of the schedule.') });
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');

/** Runs that start by the clock. Members see and change their own, admins all. */
export function scheduleRoutes(kernel: Kernel): ApiRoute[] {
  return [listSchedules(kernel), createSchedule(kernel), changeSchedule(kernel), removeSchedule(kernel)];
}

function listSchedules(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/schedules',
    summary: 'List schedules',
    tag,
    role: 'viewer',
    replies: { 200: z.object({ items: z.array(scheduleSchema) }) },
    handle: async ({ actor }) => ({ body: { items: await visibleSchedules(kernel, actor) } }),
  });
}

function createSchedule(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/schedules',
    summary: 'Start a run again and again by the clock',
    tag,
    role: 'member',
    audit: { keep: ['name', 'capability', 'cron', 'timeZone', 'priority'] },
    body: z.strictObject({
      name: line(100),
      capability: line(100),
      input: z.unknown(),
      cron: line(100).describe('Five or six fields, as crontab(5) has them.'),
      timeZone: line(64).default('UTC').describe('IANA name, for example Europe/Berlin.'),
      priority: prioritySchema.optional(),
    }),
    replies: { 201: scheduleSchema },
    handle: async ({ actor, body }) => {
      const { priority, ...rest } = body;
      const schedule = await kernel.schedules.create({
        ...rest,
        userId: actor.userId,
        ...(priority && { priority }),
      });
      return { headers: { location: `/api/v1/schedules/${schedule.id}` }, body: schedule };
    },
  });
}

function changeSchedule(kernel: Kernel): ApiRoute {
  return route({
    method: 'PATCH',
    path: '/schedules/:id',
    summary: 'Turn a schedule on or off',
    tag,
    role: 'member',
    audit: { keep: ['enabled'] },
    params,
    body: z.strictObject({ enabled: z.boolean() }),
    replies: { 200: scheduleSchema },
    handle: async ({ actor, params: { id }, body }) => {
      const schedule = await visibleSchedule(kernel, id, actor);
      return { body: await kernel.schedules.enable(schedule.id, body.enabled) };
    },
  });
}

function removeSchedule(kernel: Kernel): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/schedules/:id',
    summary: 'Delete a schedule; its runs stay',
    tag,
    role: 'member',
    params,
    replies: { 204: z.undefined() },
    handle: async ({ actor, params: { id } }) => {
      const schedule = await visibleSchedule(kernel, id, actor);
      await kernel.schedules.remove(schedule.id);
      return { status: 204 };
    },
  });
}

async function visibleSchedules(kernel: Kernel, actor: Actor): Promise<Schedule[]> {
  const all = await kernel.schedules.list();
  return seesAll(actor) ? all : all.filter((schedule) => schedule.userId === actor.userId);
}

async function visibleSchedule(kernel: Kernel, id: string, actor: Actor): Promise<Schedule> {
  const found = (await visibleSchedules(kernel, actor)).find((schedule) => schedule.id === id);
  if (found) return found;
  throw new GantryError('NOT_FOUND', 'There is no such schedule.');
}
