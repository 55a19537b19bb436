import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import { invitationLookSchema, invitationSchema, newInvitationSchema } from '../contract/invitation.ts';
import { pageOf, pageQuerySchema } from '../contract/problem.ts';
import { roleSchema } from '../contract/user.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { emailText, pageAfter } from './identity-input.ts';

const tag = 'invitations';
const params = z.strictObject({ id: z.string().describe('Id of the invitation.') });
export function invitationRoutes(identity: Identity): ApiRoute[] {
  return [
    listInvitations(identity),
    invite(identity),
    renewInvitation(identity),
    revokeInvitation(identity),
    lookAtInvitation(identity),
  ];
}

function listInvitations({ invitations }: Identity): ApiRoute {
  return route({
    method: 'GET',
    path: '/invitations',
    summary: 'List invitations',
    description: 'Those that were used, taken back or ran out stay in the list for a month.',
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
    audit: { keep: ['email', 'role'] },
    body: z.strictObject({ email: emailText, role: roleSchema }),
    replies: { 201: newInvitationSchema },
    handle: async ({ actor, body }) => {
      const { invitation, path } = await invitations.create({ ...body, invitedBy: actor.userId });
      return { body: { ...invitation, path } };
    },
  });
}

function renewInvitation({ invitations }: Identity): ApiRoute {
  return route({
    method: 'POST',
    path: '/invitations/:id/link',
    summary: 'Make a new link for an invitation',
    description: 'Works for a week; the link before it ends.',
    tag,
    role: 'admin',
    params,
    replies: { 201: newInvitationSchema },
    handle: async ({ params: { id } }) => {
      const { invitation, path } = await invitations.renew(id);
      return { body: { ...invitation, path } };
    },
  });
}

function lookAtInvitation({ invitations }: Identity): ApiRoute {
  return route({
    method: 'POST',
    path: '/invitations/look',
    summary: 'Show what the link of an invitation is good for',
    description: 'Changes nothing. It is a POST so that the token stands in no log of addresses.',
    tag,
    role: 'public',
    audit: { excused: 'It looks, and changes nothing.' },
    body: z.strictObject({ token: z.string().max(200) }),
    replies: { 200: invitationLookSchema },
    handle: async ({ body }) => ({ body: await invitations.look(body.token) }),
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
