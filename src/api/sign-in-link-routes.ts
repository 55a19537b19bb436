import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import type { Readiness } from '../contract/instance.ts';
import { newSignInLinkSchema, signInLinkLookSchema } from '../contract/sign-in.ts';
import type { Identity } from '../resources/identity/identity.ts';

const tag = 'users';

export function signInLinkRoutes(identity: Identity, ready: () => Promise<Readiness>): ApiRoute[] {
  return [createAdminLink(identity), createUserLink(identity), lookAtLink(identity, ready)];
}

function createAdminLink({ links }: Identity): ApiRoute {
  return route({
    method: 'POST',
    path: '/sign-in-links',
    summary: 'Make a link that signs in once, as the first admin',
    tag,
    role: 'admin',
    replies: { 201: newSignInLinkSchema },
    handle: async () => ({ body: await links.create() }),
  });
}

function createUserLink({ links }: Identity): ApiRoute {
  return route({
    method: 'POST',
    path: '/users/:id/sign-in-link',
    summary: 'Make a link by which a user chooses a new password',
    description: 'Works once, for a day. Another link for the same user takes its place.',
    tag,
    role: 'admin',
    params: z.strictObject({ id: z.string().describe('Id of the user.') }),
    replies: { 201: newSignInLinkSchema },
    handle: async ({ params: { id } }) => ({ body: await links.create(id) }),
  });
}

function lookAtLink({ links }: Identity, ready: () => Promise<Readiness>): ApiRoute {
  return route({
    method: 'POST',
    path: '/sign-in-links/look',
    summary: 'Show what a one-time link is good for',
    description: 'Changes nothing. It is a POST so that the token stands in no log of addresses.',
    tag,
    role: 'public',
    audit: { excused: 'It looks, and changes nothing.' },
    body: z.strictObject({ token: z.string().max(200) }),
    replies: { 200: signInLinkLookSchema },
    handle: async ({ body }) => {
      const { ofAdmin, ...look } = await links.look(body.token);
      return { body: { ...look, ready: ofAdmin ? await ready() : null } };
    },
  });
}
