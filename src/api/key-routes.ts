import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { apiKeySchema, newApiKeySchema } from '../contract/api-key.ts';
import { pageOf, pageQuerySchema } from '../contract/problem.ts';
import { atLeast } from '../contract/role.ts';
import { isAdmin, roleSchema, type Actor } from '../contract/user.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { nameText, pageAfter } from './identity-input.ts';

const tag = 'keys';
const params = z.strictObject({ id: z.string().describe('Id of the key.') });
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
    query: pageQuerySchema.extend({
      userId: z.string().max(100).optional().describe('Only those of this user.'),
    }),
    replies: { 200: pageOf(apiKeySchema) },
    handle: async ({ actor, query }) => {
      const owner = isAdmin(actor) ? (query.userId ?? null) : actor.userId;
      const none = query.userId !== undefined && owner !== query.userId;
      return { body: pageAfter(none ? [] : await keys.list(owner), query) };
    },
  });
}

function createKey({ keys }: Identity): ApiRoute {
  return route({
    method: 'POST',
    path: '/keys',
    summary: 'Create an API key',
    description:
      'A key does no more than its role, nor than its owner may at the time. Its text is stored nowhere: with the ' +
      'Idempotency-Key of an earlier request the answer is that key again, with status 200 and `key` null. Should the ' +
      'text have been lost on its way, revoke the key and make another.',
    tag,
    role: 'viewer',
    audit: { keep: ['name', 'role', 'expiresInDays', 'userId'] },
    body: z.strictObject({
      name: nameText,
      role: roleSchema,
      expiresInDays: z.int().min(1).max(3650).optional(),
      userId: z.string().optional().describe('Owner, when an admin makes it for somebody else.'),
    }),
    replies: { 200: newApiKeySchema, 201: newApiKeySchema },
    handle: async ({ actor, body, idempotencyKey }) => {
      const userId = body.userId ?? actor.userId;
      if (userId !== actor.userId && !isAdmin(actor)) {
        throw new GantryError('NOT_FOUND', 'There is no such user.');
      }
      if (!atLeast(actor.role, body.role)) {
        throw new GantryError('FORBIDDEN', `You have the role "${actor.role}", and a key can't have more.`);
      }
      const wanted = { ...body, userId, madeWith: actor.keyId };
      const made =
        idempotencyKey === undefined
          ? { ...(await keys.create(wanted)), replayed: false }
          : await keys.createOnce(wanted, idempotencyKey);
      return {
        status: made.replayed ? 200 : 201,
        headers: { ...(made.replayed && { 'idempotency-replayed': 'true' }) },
        body: { ...made.apiKey, key: made.key },
      };
    },
  });
}

function revokeKey({ keys }: Identity): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/keys/:id',
    summary: 'Revoke an API key',
    description: 'With an API key, one that has no greater role than that.',
    tag,
    role: 'viewer',
    params,
    replies: { 204: z.undefined() },
    handle: async ({ actor, params: { id } }) => {
      if (actor.keyId !== undefined && !isAdmin(actor)) await assertNoGreater(keys, actor, id);
      await keys.revoke(id, isAdmin(actor) ? null : actor.userId);
      return {};
    },
  });
}

/** A key that is only to look around, and leaked, must not stop its owner's other programs. */
async function assertNoGreater(keys: Identity['keys'], actor: Actor, id: string): Promise<void> {
  const wanted = (await keys.list(actor.userId)).find((key) => key.id === id);
  if (!wanted || atLeast(actor.role, wanted.role)) return;
  throw new GantryError(
    'FORBIDDEN',
    `This key has the role "${actor.role}", and the other "${wanted.role}". Revoke that one signed in, or with a key of its role.`,
  );
}
