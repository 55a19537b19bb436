import { z } from 'zod';
import { route, type ApiRoute } from '../../contract/api.ts';
import { seesAll } from '../../contract/user.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { readBranch, readPull } from './read-state.ts';
import { sessionStandingSchema, type SessionStanding } from './session-reply.ts';

const mostIds = 100;

/** `GET /sessions/standings`: what a list shows of sessions beside what it shows of any run. */
export function standingsRoute(kernel: Kernel): ApiRoute {
  return route({
    method: 'GET',
    path: '/sessions/standings',
    summary: 'Show where sessions stand: phase, commits and pull request of each',
    description: `Of at most ${mostIds} that a list has named. Those that you may not see are left out.`,
    tag: 'sessions',
    role: 'viewer',
    query: z.strictObject({
      ids: z
        .string()
        .max(mostIds * 40)
        .transform((text) => text.split(','))
        .pipe(z.array(z.uuid()).max(mostIds))
        .describe('Ids with commas between them.'),
    }),
    replies: { 200: z.object({ items: z.array(sessionStandingSchema) }) },
    handle: async ({ actor, query: { ids } }) => {
      const userId = seesAll(actor) ? undefined : actor.userId;
      const asked = { ids, capability: 'coding', keys: ['branch', 'pull'], userId };
      const items = (await kernel.standings(asked)).map(
        ({ runId, phase, message, states }): SessionStanding => ({
          ...{ id: runId, phase, message },
          commits: readBranch(states['branch'])?.commits.length ?? 0,
          pull: readPull(states['pull']) ?? null,
        }),
      );
      return { body: { items } };
    },
  });
}
