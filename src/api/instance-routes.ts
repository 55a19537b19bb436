import { route, type ApiRoute } from '../contract/api.ts';
import { instanceSchema, type Readiness } from '../contract/instance.ts';
import { isAdmin } from '../contract/user.ts';
import type { Identity } from '../resources/identity/identity.ts';

export interface InstanceFacts {
  readonly version: string;
  readonly openRegistration: () => boolean;
  ready(): Promise<Readiness>;
}

/** What a page must know before anyone has signed in. */
export function instanceRoutes(identity: Identity, facts: InstanceFacts): ApiRoute[] {
  return [
    route({
      method: 'GET',
      path: '/instance',
      summary: 'Show what this server is',
      tag: 'instance',
      role: 'public',
      replies: { 200: instanceSchema },
      handle: async ({ actor }) => ({
        body: {
          version: facts.version,
          hasAdmin: await identity.hasAdmin(),
          openRegistration: facts.openRegistration(),
          ready: isAdmin(actor) ? await facts.ready() : null,
        },
      }),
    }),
  ];
}
