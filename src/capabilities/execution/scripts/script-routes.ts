import { z } from 'zod';
import { route, type ApiRoute } from '../../../contract/api.ts';
import { pageOf, pageQuerySchema } from '../../../contract/problem.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Documents } from '../../../resources/documents/documents.ts';
import { scriptKind } from './script-kind.ts';
import { runScriptRoute } from './run-script-route.ts';
import { scriptParams as params, tag } from './script-params.ts';
import { newScriptSchema, openScriptSchema, scriptSchema, versionNumberSchema } from './script-schema.ts';
import { scriptVersionRoutes } from './script-version-routes.ts';

/** What HTTP callers can do with saved scripts. */
export function scriptRoutes(kernel: Kernel, documents: Documents): readonly ApiRoute[] {
  return [
    listScripts(documents),
    createScript(documents),
    openScript(documents),
    changeScript(documents),
    deleteScript(documents),
    undeleteScript(documents),
    ...scriptVersionRoutes(documents),
    runScriptRoute(kernel, documents),
  ];
}

function listScripts(documents: Documents): ApiRoute {
  return route({
    method: 'GET',
    path: '/scripts',
    summary: 'List saved scripts, the latest changed first',
    description: "One's own and those that others share; admins see all.",
    tag,
    role: 'viewer',
    query: pageQuerySchema.extend({
      q: z
        .string()
        .max(200)
        .refine((text) => !text.includes('\0'), 'must not hold NUL')
        .optional()
        .describe('Text in the name.'),
      whose: z
        .enum(['mine', 'shared', 'deleted', 'all'])
        .optional()
        .describe(
          "One's own, what others share, what was deleted and can be brought back, or all of it but that.",
        ),
    }),
    replies: { 200: pageOf(scriptSchema) },
    handle: async ({ actor, query: { q, ...filter } }) => ({
      body: await documents.list(actor, scriptKind, { ...filter, text: q }),
    }),
  });
}

function createScript(documents: Documents): ApiRoute {
  return route({
    method: 'POST',
    path: '/scripts',
    summary: 'Save a script',
    tag,
    role: 'member',
    audit: { keep: ['name', 'shared', 'note'] },
    body: newScriptSchema,
    replies: { 201: openScriptSchema },
    handle: async ({ actor, body }) => {
      const script = await documents.create(actor, scriptKind, body);
      return { status: 201, headers: { location: `/api/v1/scripts/${script.id}` }, body: script };
    },
  });
}

function openScript(documents: Documents): ApiRoute {
  return route({
    method: 'GET',
    path: '/scripts/:id',
    summary: 'Show a script with its program',
    tag,
    role: 'viewer',
    params,
    query: z.strictObject({
      version: versionNumberSchema.optional().describe('Another than the latest.'),
    }),
    replies: { 200: openScriptSchema },
    handle: async ({ actor, params, query }) => ({
      body: await documents.open(actor, scriptKind, params.id, query.version),
    }),
  });
}

function changeScript(documents: Documents): ApiRoute {
  return route({
    method: 'PATCH',
    path: '/scripts/:id',
    summary: 'Rename a script, or share it',
    tag,
    role: 'member',
    audit: { keep: ['name', 'shared'] },
    params,
    body: z.strictObject({ name: z.string().max(200).optional(), shared: z.boolean().optional() }),
    replies: { 200: scriptSchema },
    handle: async ({ actor, params, body }) => ({
      body: await documents.change(actor, scriptKind, params.id, body),
    }),
  });
}

function deleteScript(documents: Documents): ApiRoute {
  return route({
    method: 'DELETE',
    path: '/scripts/:id',
    summary: 'Delete a script; it can be brought back for 30 days',
    tag,
    role: 'member',
    params,
    replies: { 204: z.undefined() },
    handle: async ({ actor, params }) => {
      await documents.remove(actor, scriptKind, params.id);
      return { status: 204 };
    },
  });
}

function undeleteScript(documents: Documents): ApiRoute {
  return route({
    method: 'POST',
    path: '/scripts/:id/undelete',
    summary: 'Bring a deleted script back',
    tag,
    role: 'member',
    params,
    replies: { 200: scriptSchema },
    handle: async ({ actor, params }) => ({
      body: await documents.undelete(actor, scriptKind, params.id),
    }),
  });
}
