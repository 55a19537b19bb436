import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import { userLimitsSchema } from '../contract/settings.ts';
import type { UserLimitsStore } from '../resources/settings/user-limits.ts';

const tag = 'users';
const params = z.strictObject({ id: z.string().describe('Id of the user.') });

/** Limits of single users, over the instance's. */
export function userLimitRoutes(limits: UserLimitsStore): ApiRoute[] {
  return [
    route({
      method: 'GET',
      path: '/users/:id/limits',
      summary: 'Show the limits of a user',
      description: 'Null is: as for everybody.',
      tag,
      role: 'admin',
      params,
      replies: { 200: userLimitsSchema },
      handle: async ({ params: { id } }) => ({ body: await limits.read(id) }),
    }),
    route({
      method: 'PUT',
      path: '/users/:id/limits',
      summary: 'Set the limits of a user',
      description: 'They hold at once, for all keys of the user together. Null is: as for everybody.',
      tag,
      role: 'admin',
      audit: { keep: ['requestsPerMinute', 'running', 'queued'] },
      params,
      body: userLimitsSchema,
      replies: { 200: userLimitsSchema },
      handle: async ({ actor, params: { id }, body }) => {
        await limits.put(id, body, actor.userId);
        return { body: await limits.read(id) };
      },
    }),
  ];
}
