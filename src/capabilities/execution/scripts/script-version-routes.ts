import { z } from 'zod';
import { route, type ApiRoute } from '../../../contract/api.ts';
import { documentVersionSchema } from '../../../contract/document.ts';
import { pageOf, pageQuerySchema } from '../../../contract/problem.ts';
import type { Documents } from '../../../resources/documents/documents.ts';
import { scriptKind } from './script-kind.ts';
import { scriptParams as params, tag } from './script-params.ts';
import { newVersionSchema, openScriptSchema, versionNumberSchema } from './script-schema.ts';

/** The versions of a script: who saved what when, one more, and an old one again. */
export function scriptVersionRoutes(documents: Documents): readonly ApiRoute[] {
  return [listVersions(documents), saveVersion(documents), restoreVersion(documents)];
}

function listVersions(documents: Documents): ApiRoute {
  return route({
    method: 'GET',
    path: '/scripts/:id/versions',
    summary: 'List the versions of a script, the latest first',
    tag,
    role: 'viewer',
    params,
    query: pageQuerySchema,
    replies: { 200: pageOf(documentVersionSchema) },
    handle: async ({ actor, params, query }) => ({
      body: await documents.history(actor, scriptKind, params.id, query),
    }),
  });
}

function saveVersion(documents: Documents): ApiRoute {
  return route({
    method: 'POST',
    path: '/scripts/:id/versions',
    summary: 'Save the next version of a script',
    description:
      'CONFLICT when somebody saved after `expectedVersion`; theirs stands, and yours can be saved after it.',
    tag,
    role: 'member',
    audit: { keep: ['expectedVersion', 'note'] },
    params,
    body: newVersionSchema,
    replies: { 201: openScriptSchema },
    handle: async ({ actor, params, body }) => ({
      status: 201,
      body: await documents.save(actor, scriptKind, params.id, body),
    }),
  });
}

function restoreVersion(documents: Documents): ApiRoute {
  return route({
    method: 'POST',
    path: '/scripts/:id/restore',
    summary: 'Save an old version of a script as its newest',
    tag,
    role: 'member',
    audit: { keep: ['version', 'expectedVersion'] },
    params,
    body: z.strictObject({
      version: versionNumberSchema,
      expectedVersion: versionNumberSchema.optional().describe('As for saving.'),
    }),
    replies: { 201: openScriptSchema },
    handle: async ({ actor, params, body }) => ({
      status: 201,
      body: await documents.restore(actor, scriptKind, params.id, body),
    }),
  });
}
