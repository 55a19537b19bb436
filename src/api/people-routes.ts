import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import type { Identity } from '../resources/identity/identity.ts';

const mostIds = 100;

/** What to call those whose ids stand in runs and events. */
export function peopleRoutes({ users }: Identity): ApiRoute[] {
  return [
    route({
      method: 'GET',
      path: '/people',
      summary: 'Name people by their ids',
      description:
        'Who knows the id of a person, from a run or an event, may know the name. Unknown ids are left out.',
      tag: 'users',
      role: 'viewer',
      query: z.strictObject({
        ids: z
          .string()
          .max(mostIds * 40)
          .transform((text) => text.split(',').filter((id) => id !== ''))
          .refine((ids) => ids.length <= mostIds, `must name at most ${mostIds} people`)
          .describe('Ids, with commas between.'),
      }),
      replies: { 200: z.object({ names: z.record(z.string(), z.string()) }) },
      handle: async ({ query }) => ({ body: { names: await users.names(query.ids) } }),
    }),
  ];
}
