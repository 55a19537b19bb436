import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { secretGrantSchema, secretSchema, type Secret } from '../contract/secret.ts';
import { isAdmin, type Actor } from '../contract/user.ts';
import type { Rotation } from '../resources/secrets/rotation.ts';
import type { SecretScope } from '../resources/secrets/secret-scope.ts';
import type { SecretEntry, Secrets } from '../resources/secrets/secrets.ts';
import { rotationRoutes } from './secret-rotation-routes.ts';

const tag = 'secrets';
const params = z.strictObject({ name: z.string().describe('1 to 128 letters, digits, or any of _ . -') });
const query = z.strictObject({
  scope: z
    .enum(['instance', 'user', 'repository'])
    .default('instance')
    .describe("Whose it is: everybody's, one's own, or a repository's."),
  repository: z.string().min(1).max(300).optional().describe('Full name, with the scope "repository".'),
});

/** Sealed secrets: written and deleted over HTTP, never read. Everyone keeps their own; the others are for admins. */
export function secretRoutes(secrets: Secrets, rotation: Rotation): ApiRoute[] {
  return [
    listSecrets(secrets),
    putSecret(secrets),
    deleteSecret(secrets),
    grantSecret(secrets),
    revokeSecret(secrets),
    ...rotationRoutes(rotation),
  ];
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
      return { body: { items: items.flatMap(shown) } };
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
      return { body: shown(entry)[0] };
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

/** What giving a grant and taking it back have in common. */
const ofGrants = {
  tag,
  role: 'member',
  audit: { keep: ['scope', 'repository', 'grant'] },
  params,
  query,
  body: z.strictObject({ grant: secretGrantSchema }),
  replies: { 200: secretSchema },
} as const;

function grantSecret(secrets: Secrets): ApiRoute {
  return route({
    method: 'POST',
    path: '/secrets/:name/grant',
    summary: 'Let runs use a secret',
    description:
      "Without a grant no run uses a secret of the instance or of a user; a repository's is for its own runs. Of a user's secret every grant means that user's runs only.",
    ...ofGrants,
    handle: async ({ actor, params: { name }, query, body }) => {
      const scope = scopeOf(query, actor);
      await secrets.grant(scope, name, body.grant, actor.userId);
      return { body: await one(secrets, scope, name) };
    },
  });
}

function revokeSecret(secrets: Secrets): ApiRoute {
  return route({
    method: 'POST',
    path: '/secrets/:name/revoke',
    summary: 'Take a grant of a secret back',
    ...ofGrants,
    handle: async ({ actor, params: { name }, query, body }) => {
      const scope = scopeOf(query, actor);
      await secrets.revoke(scope, name, body.grant);
      return { body: await one(secrets, scope, name) };
    },
  });
}

async function one(secrets: Secrets, scope: SecretScope, name: string): Promise<Secret> {
  const [found] = (await secrets.listSecrets(scope)).filter((entry) => entry.name === name).flatMap(shown);
  if (!found) throw new GantryError('NOT_FOUND', `The secret ${name} has just been deleted.`);
  return found;
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

function shown({ scope, id: _id, createdAt, updatedAt, lastUsedAt, ...entry }: SecretEntry): Secret[] {
  if (scope === 'system') return [];
  return [
    {
      ...entry,
      scope,
      grants: [...entry.grants],
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    },
  ];
}
