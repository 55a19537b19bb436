import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { isAdmin, type Actor } from '../contract/user.ts';
import type { SecretEntry, Secrets, SecretScope } from '../resources/secrets/secrets.ts';

const tag = 'secrets';
const params = z.strictObject({ name: z.string().describe('1 to 128 letters, digits, or any of _ . -') });
const query = z.strictObject({
  scope: z
    .enum(['instance', 'user', 'repository'])
    .default('instance')
    .describe("Whose it is: everybody's, one's own, or a repository's."),
  repository: z.string().min(1).max(300).optional().describe('Full name, with the scope "repository".'),
});
const secretSchema = z.object({
  name: z.string(),
  scope: z.enum(['instance', 'user', 'repository']),
  owner: z.string().describe('Id of the user or name of the repository; empty for the instance.'),
  createdBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** Sealed secrets: written and deleted over HTTP, never read. Everyone keeps their own; the others are for admins. */
export function secretRoutes(secrets: Secrets): ApiRoute[] {
  return [listSecrets(secrets), putSecret(secrets), deleteSecret(secrets)];
}

function listSecrets(secrets: Secrets): ApiRoute {
  return route({
    method: 'GET',
    path: '/secrets',
    summary: 'List secrets, without their values',
    tag,
    role: 'member',
    replies: { 200: z.object({ items: z.array(secretSchema) }) },
    handle: async ({ actor }) => {
      const own: SecretScope = { scope: 'user', owner: actor.userId };
      const items = await secrets.listSecrets(isAdmin(actor) ? undefined : own);
      return { body: { items: items.map(shown) } };
    },
  });
}

function putSecret(secrets: Secrets): ApiRoute {
  return route({
    method: 'PUT',
    path: '/secrets/:name',
    summary: 'Seal a secret, or replace one',
    tag,
    role: 'member',
    audit: { keep: ['scope', 'repository'] },
    params,
    query,
    body: z.strictObject({ value: z.string().describe('1 byte to 64 KiB. It is never shown again.') }),
    replies: { 200: secretSchema },
    handle: async ({ actor, params: { name }, query, body }) => {
      const entry = await secrets.putSecret(scopeOf(query, actor), name, body.value, actor.userId);
      return { body: shown(entry) };
    },
  });
}

function deleteSecret(secrets: Secrets): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/secrets/:name',
    summary: 'Delete a secret',
    tag,
    role: 'member',
    audit: { keep: ['scope', 'repository'] },
    params,
    query,
    replies: { 204: z.undefined() },
    handle: async ({ actor, params: { name }, query }) => {
      await secrets.deleteSecret(scopeOf(query, actor), name);
      return {};
    },
  });
}

function scopeOf({ scope, repository }: z.infer<typeof query>, actor: Actor): SecretScope {
  if ((scope === 'repository') !== (repository !== undefined)) {
    const message = 'goes with the scope "repository", and only with it';
    throw new GantryError('INPUT_INVALID', `The name of a repository ${message}.`, {
      problems: [{ path: 'repository', message }],
    });
  }
  if (scope === 'user') return { scope, owner: actor.userId };
  if (!isAdmin(actor)) {
    throw new GantryError('FORBIDDEN', 'Only admins keep secrets for others. Keep your own with scope=user.');
  }
  return repository === undefined ? { scope: 'instance' } : { scope: 'repository', owner: repository };
}

function shown({ name, scope, owner, createdBy, createdAt, updatedAt }: SecretEntry) {
  return {
    name,
    scope,
    owner,
    createdBy,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
