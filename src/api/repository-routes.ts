import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import {
  branchSchema,
  forgeKindSchema,
  repositoryNameSchema,
  repositorySchema,
} from '../contract/repository.ts';
import type { Branch } from '../resources/ports/forge.ts';
import type { Repositories } from '../resources/repositories/repositories.ts';
import { withForge } from '../resources/repositories/with-forge.ts';

const tag = 'repositories';
const params = z.strictObject({ name: z.string().min(1).max(200).describe('acme/shop, with / as %2F.') });
const connectSchema = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(2000)
    .describe('https, ssh, git@host:path, acme/shop for GitHub, or a path on the server where allowed.'),
  name: repositoryNameSchema.optional().describe('From the address unless given.'),
  forge: forgeKindSchema.optional().describe('Told by the host unless given.'),
  token: z.string().min(1).max(10_000).optional().describe('Sealed, and never shown again.'),
  sshKey: z.string().min(1).max(20_000).optional().describe('A deploy key, for ssh addresses. Sealed.'),
  knownHosts: z
    .string()
    .max(20_000)
    .optional()
    .describe('The host keys that are right, as `ssh-keyscan` prints them; with an ssh key.'),
});

/** The repositories that runs may use: everyone sees them, admins connect and remove them. */
export function repositoryRoutes(repositories: Repositories): ApiRoute[] {
  return [
    listRoute(repositories),
    connectRoute(repositories),
    getRoute(repositories),
    branchesRoute(repositories),
    checkRoute(repositories),
    tokenRoute(repositories),
    removeRoute(repositories),
  ];
}

function listRoute(repositories: Repositories): ApiRoute {
  return route({
    method: 'GET',
    path: '/repositories',
    summary: 'List connected repositories',
    tag,
    role: 'viewer',
    replies: { 200: z.object({ items: z.array(repositorySchema) }) },
    handle: async () => ({ body: { items: await repositories.list() } }),
  });
}

function connectRoute(repositories: Repositories): ApiRoute {
  return route({
    method: 'POST',
    path: '/repositories',
    summary: 'Connect a repository',
    description: 'Looks at its forge first: what cannot be reached or read is not connected.',
    tag,
    role: 'admin',
    audit: { keep: ['name', 'forge'] },
    body: connectSchema,
    replies: { 201: repositorySchema },
    handle: async ({ actor, body }) => ({
      status: 201,
      body: await repositories.connect({ ...body, by: actor.userId }),
    }),
  });
}

function getRoute(repositories: Repositories): ApiRoute {
  return route({
    method: 'GET',
    path: '/repositories/:name',
    summary: 'Show a repository',
    tag,
    role: 'viewer',
    params,
    replies: { 200: repositorySchema },
    handle: async ({ params: { name } }) => ({ body: await repositories.get(name) }),
  });
}

const mostBranches = 100;

function branchesRoute(repositories: Repositories): ApiRoute {
  return route({
    method: 'GET',
    path: '/repositories/:name/branches',
    summary: 'Ask the forge for the branches of a repository',
    tag,
    role: 'member',
    params,
    replies: { 200: z.object({ items: z.array(branchSchema), more: z.boolean() }) },
    handle: async ({ params: { name } }) => {
      const items: Branch[] = [];
      const more = await withForge(repositories, { name }, async (forge) => {
        for await (const branch of forge.branches()) {
          if (items.length === mostBranches) return true;
          items.push(branch);
        }
        return false;
      });
      return { body: { items, more } };
    },
  });
}

function checkRoute(repositories: Repositories): ApiRoute {
  return route({
    method: 'POST',
    path: '/repositories/:name/check',
    summary: 'Look at a repository again',
    tag,
    role: 'member',
    audit: { keep: [] },
    params,
    replies: { 200: repositorySchema },
    handle: async ({ params: { name } }) => ({ body: await repositories.check(name) }),
  });
}

function tokenRoute(repositories: Repositories): ApiRoute {
  return route({
    method: 'PUT',
    path: '/repositories/:name/token',
    summary: 'Give a repository another token',
    description: 'It is tried first: one that does not let in is refused, and the one before stays.',
    tag,
    role: 'admin',
    audit: { keep: [] },
    params,
    body: z.strictObject({ token: z.string().min(1).max(10_000).describe('Sealed, and never shown again.') }),
    replies: { 200: repositorySchema },
    handle: async ({ actor, params: { name }, body }) => ({
      body: await repositories.replaceToken(name, body.token, actor.userId),
    }),
  });
}

function removeRoute(repositories: Repositories): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/repositories/:name',
    summary: 'Remove a repository, with its secrets and caches',
    description: 'Runs that were made on it stay. Nothing changes at its forge.',
    tag,
    role: 'admin',
    audit: { keep: [] },
    params,
    replies: { 204: z.undefined() },
    handle: async ({ params: { name } }) => {
      await repositories.remove(name);
      return {};
    },
  });
}
