import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { pageOf, pageQuerySchema } from '../contract/problem.ts';
import { isAdmin, meSchema, roleSchema, userSchema } from '../contract/user.ts';
import type { Identity } from '../resources/identity/identity.ts';
import {
  assertOwnOrAdmin,
  emailText,
  nameText,
  pageAfter,
  passwordText,
  requireInPerson,
} from './identity-input.ts';

const tag = 'users';
const params = z.strictObject({ id: z.string().describe('Id of the user.') });

/** `/me` and `/users`. */
export function userRoutes(identity: Identity): ApiRoute[] {
  return [
    showMe(identity),
    listUsers(identity),
    createUser(identity),
    showUser(identity),
    changeUser(identity),
    removeUser(identity),
    unlockUser(identity),
    setPassword(identity),
  ];
}

function showMe({ users }: Identity): ApiRoute {
  return route({
    method: 'GET',
    path: '/me',
    summary: 'Show who asks',
    tag,
    role: 'viewer',
    replies: { 200: meSchema },
    handle: async ({ actor }) => {
      const { signInId: _, ...shown } = actor;
      return { body: { ...shown, user: await users.get(actor.userId).catch(nullWhenMissing) } };
    },
  });
}

function listUsers({ users }: Identity): ApiRoute {
  return route({
    method: 'GET',
    path: '/users',
    summary: 'List users',
    description: 'Who is no admin sees only themselves.',
    tag,
    role: 'viewer',
    query: pageQuerySchema,
    replies: { 200: pageOf(userSchema) },
    handle: async ({ actor, query }) => {
      const all = await users.list();
      return { body: pageAfter(isAdmin(actor) ? all : all.filter(({ id }) => id === actor.userId), query) };
    },
  });
}

function createUser({ users }: Identity): ApiRoute {
  return route({
    method: 'POST',
    path: '/users',
    summary: 'Create a user with a password',
    tag,
    role: 'admin',
    audit: { keep: ['name', 'email', 'role'] },
    body: z.strictObject({ name: nameText, email: emailText, role: roleSchema, password: passwordText }),
    replies: { 201: userSchema },
    handle: async ({ body }) => {
      const user = await users.create(body);
      return { headers: { location: `/api/v1/users/${user.id}` }, body: user };
    },
  });
}

function showUser({ users }: Identity): ApiRoute {
  return route({
    method: 'GET',
    path: '/users/:id',
    summary: 'Show a user',
    tag,
    role: 'viewer',
    params,
    replies: { 200: userSchema },
    handle: async ({ actor, params: { id } }) => {
      assertOwnOrAdmin(actor, id);
      return { body: await users.get(id) };
    },
  });
}

function changeUser({ users }: Identity): ApiRoute {
  return route({
    method: 'PATCH',
    path: '/users/:id',
    summary: 'Change a user',
    description: 'Everyone may change their own name and address; the rest is for admins.',
    tag,
    role: 'viewer',
    audit: { keep: ['name', 'email', 'role', 'disabled'] },
    params,
    body: z.strictObject({
      name: nameText.optional(),
      email: emailText.optional(),
      role: roleSchema.optional(),
      disabled: z.boolean().optional(),
    }),
    replies: { 200: userSchema },
    handle: async ({ actor, params: { id }, body }) => {
      assertOwnOrAdmin(actor, id);
      requireInPerson(actor);
      if (!isAdmin(actor) && (body.role !== undefined || body.disabled !== undefined)) {
        throw new GantryError('FORBIDDEN', 'Only admins change roles, and who is disabled.');
      }
      return { body: await users.update(id, body) };
    },
  });
}

function removeUser({ users }: Identity): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/users/:id',
    summary: 'Remove a user with all sign-ins and keys',
    tag,
    role: 'admin',
    params,
    replies: { 204: z.undefined() },
    handle: async ({ params: { id } }) => {
      await users.remove(id);
      return {};
    },
  });
}

function unlockUser({ users }: Identity): ApiRoute {
  return route({
    method: 'POST',
    path: '/users/:id/unlock',
    summary: 'End the lock that follows wrong passwords',
    tag,
    role: 'admin',
    params,
    replies: { 204: z.undefined() },
    handle: async ({ params: { id } }) => {
      await users.unlock(id);
      return {};
    },
  });
}

function setPassword({ users }: Identity): ApiRoute {
  return route({
    method: 'POST',
    path: '/users/:id/password',
    summary: 'Set the password of a user',
    description:
      'Ends the sign-ins of the user, but not the one that asks. Others change theirs at /api/auth/change-password.',
    tag,
    role: 'admin',
    params,
    body: z.strictObject({ password: passwordText }),
    replies: { 204: z.undefined() },
    handle: async ({ actor, params: { id }, body }) => {
      await users.setPassword(id, body.password, actor.signInId);
      return {};
    },
  });
}

function nullWhenMissing(error: unknown): null {
  if (error instanceof GantryError && error.code === 'NOT_FOUND') return null;
  throw error;
}
