import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { pageOf, pageQuerySchema } from '../contract/problem.ts';
import { atLeast, roleSchema, seesAll } from '../contract/user.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { nameText, pageAfter } from './identity-input.ts';

const tag = 'keys';
const params = z.strictObject({ id: z.string().describe('Id of the key.') });
const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  userId: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable().describe('To within a minute.'),
  expiresAt: z.string().nullable(),
});

export function keyRoutes(identity: Identity): ApiRoute[] {
  return [listKeys(identity), createKey(identity), revokeKey(identity)];
}

function listKeys({ keys }: Identity): ApiRoute {
  return route({
    method: 'GET',
    path: '/keys',
    summary: 'List API keys',
    tag,
    role: 'viewer',
    query: pageQuerySchema,
    replies: { 200: pageOf(keySchema) },
    handle: async ({ actor, query }) => ({
      body: pageAfter(await keys.list(seesAll(actor) ? null : actor.userId), query),
    }),
  });
}

function createKey({ keys }: Identity): ApiRoute {
  return route({
    method: 'POST',
    path: '/keys',
    summary: 'Create an API key',
    description: 'A key does no more than its role, nor than its owner may at the time.',
    tag,
    role: 'viewer',
    body: z.strictObject({
      name: nameText,
      role: roleSchema,
      expiresInDays: z.int().min(1).max(3650).optional(),
      userId: z.string().optional().describe('Owner, when an admin makes it for somebody else.'),
    }),
    replies: { 201: keySchema.extend({ key: z.string().describe('Shown once.') }) },
    handle: async ({ actor, body }) => {
      const userId = body.userId ?? actor.userId;
      if (userId !== actor.userId && !seesAll(actor)) {
        throw new GantryError('NOT_FOUND', 'There is no such user.');
      }
      if (!atLeast(actor.role, body.role)) {
        throw new GantryError('FORBIDDEN', `You have the role "${actor.role}", and a key can't have more.`);
      }
      const { apiKey, key } = await keys.create({ ...body, userId, madeWith: actor.keyId });
      return { body: { ...apiKey, key } };
    },
  });
}

function revokeKey({ keys }: Identity): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/keys/:id',
    summary: 'Revoke an API key',
    tag,
    role: 'viewer',
    params,
    replies: { 204: z.undefined() },
    handle: async ({ actor, params: { id } }) => {
      await keys.revoke(id, seesAll(actor) ? null : actor.userId);
      return {};
    },
  });
}
