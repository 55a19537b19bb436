import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import { pageOf, pageQuerySchema } from '../contract/problem.ts';
import { roleSchema } from '../contract/user.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { emailText, pageAfter } from './identity-input.ts';

const tag = 'invitations';
const params = z.strictObject({ id: z.string().describe('Id of the invitation.') });
const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: roleSchema,
  expiresAt: z.string(),
  createdAt: z.string(),
});

export function invitationRoutes(identity: Identity): ApiRoute[] {
  return [listInvitations(identity), invite(identity), revokeInvitation(identity)];
}

function listInvitations({ invitations }: Identity): ApiRoute {
  return route({
    method: 'GET',
    path: '/invitations',
    summary: 'List open invitations',
    tag,
    role: 'admin',
    query: pageQuerySchema,
    replies: { 200: pageOf(invitationSchema) },
    handle: async ({ query }) => ({ body: pageAfter(await invitations.list(), query) }),
  });
}

function invite({ invitations }: Identity): ApiRoute {
  return route({
    method: 'POST',
    path: '/invitations',
    summary: 'Invite somebody',
    description: 'Works once, for a week. Another invitation to the same address takes its place.',
    tag,
    role: 'admin',
    body: z.strictObject({ email: emailText, role: roleSchema }),
    replies: {
      201: invitationSchema.extend({
        path: z.string().describe('Shown once: send it, after the address of this server, to the guest.'),
      }),
    },
    handle: async ({ actor, body }) => {
      const { invitation, path } = await invitations.create({ ...body, invitedBy: actor.userId });
      return { body: { ...invitation, path } };
    },
  });
}

function revokeInvitation({ invitations }: Identity): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/invitations/:id',
    summary: 'Take an invitation back',
    tag,
    role: 'admin',
    params,
    replies: { 204: z.undefined() },
    handle: async ({ params: { id } }) => {
      await invitations.revoke(id);
      return {};
    },
  });
}
