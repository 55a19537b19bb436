import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import type { Identity } from '../resources/identity/identity.ts';

export function signInLinkRoutes(identity: Identity): ApiRoute[] {
  return [
    route({
      method: 'POST',
      path: '/sign-in-links',
      summary: 'Make a link that signs in once, as the first admin',
      tag: 'users',
      role: 'admin',
      replies: { 201: z.object({ path: z.string().describe('Valid for an hour.') }) },
      handle: async () => ({ body: { path: await identity.createSignInLink() } }),
    }),
  ];
}
