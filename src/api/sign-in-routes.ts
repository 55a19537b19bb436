import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import { signInSchema } from '../contract/sign-in.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { assertOwnOrAdmin, requireInPerson } from './identity-input.ts';

const tag = 'users';
const params = z.strictObject({ id: z.string().describe('Id of the user.') });

/** The browsers in which a user is signed in. Signing in itself is at `/api/auth`, because it sets cookies. */
export function signInRoutes(identity: Identity): ApiRoute[] {
  return [listSignIns(identity), endSignIn(identity), signUserOut(identity)];
}

function listSignIns({ signIns }: Identity): ApiRoute {
  return route({
    method: 'GET',
    path: '/users/:id/sign-ins',
    summary: 'List the browsers in which a user is signed in',
    tag,
    role: 'viewer',
    params,
    replies: { 200: z.object({ items: z.array(signInSchema) }) },
    handle: async ({ actor, params: { id } }) => {
      assertOwnOrAdmin(actor, id);
      return { body: { items: await signIns.list(id, actor.signInId) } };
    },
  });
}

function endSignIn({ signIns }: Identity): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/users/:id/sign-ins/:signInId',
    summary: 'Sign a user out in one browser',
    tag,
    role: 'viewer',
    params: params.extend({ signInId: z.string() }),
    replies: { 204: z.undefined() },
    handle: async ({ actor, params: { id, signInId } }) => {
      assertOwnOrAdmin(actor, id);
      requireInPerson(actor);
      await signIns.end(id, signInId);
      return {};
    },
  });
}

function signUserOut({ users }: Identity): ApiRoute {
  return route({
    method: 'POST',
    path: '/users/:id/sign-out',
    summary: 'Sign a user out in every browser',
    tag,
    role: 'viewer',
    audit: { keep: ['others'] },
    params,
    query: z.strictObject({
      others: z.enum(['true', 'false']).optional().describe('Leaves the browser that asks signed in.'),
    }),
    replies: { 204: z.undefined() },
    handle: async ({ actor, params: { id }, query }) => {
      assertOwnOrAdmin(actor, id);
      requireInPerson(actor);
      await users.signOutEverywhere(id, query.others === 'true' ? actor.signInId : undefined);
      return {};
    },
  });
}
