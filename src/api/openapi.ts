import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform, serializerCompiler } from 'fastify-type-provider-zod';
import { z, type ZodType } from 'zod';
import { GantryError } from '../base/errors.ts';
import type { ApiRoute, ApiSocket } from '../contract/api.ts';
import { inputProblems, problemSchema } from '../contract/problem.ts';
import { problemMediaType } from './problem-reply.ts';

const problem = { [problemMediaType]: { schema: problemSchema } };

/** Checks requests and replies by the routes' own zod schemas, and writes OpenAPI 3.1 from the same. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  app.setValidatorCompiler(({ schema, httpPart }) => validator(schema as ZodType, httpPart ?? 'body'));
  app.setSerializerCompiler(serializerCompiler);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Gantry',
        version,
        description: 'Errors are problem details (RFC 9457); their `code` is one of a closed list.',
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key.' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'gantry_sign_in', description: 'A sign-in.' },
        },
      },
    },
    transform: jsonSchemaTransform,
  });
}

const parts: Readonly<Record<string, string>> = { querystring: 'query', params: 'address', body: 'body' };

function validator(schema: ZodType, part: string) {
  return (data: unknown) => {
    const result = schema.safeParse(data);
    if (result.success) return { value: result.data };
    const problems = inputProblems(result.error);
    const first = problems[0];
    const where = first?.path ? `${first.path}: ` : '';
    const message = `The ${parts[part] ?? part} is not valid: ${where}${first?.message ?? ''}.`;
    return { error: new GantryError('INPUT_INVALID', message, { problems }) };
  };
}

/** What the web framework needs to know to check, serialise and describe a route. */
export function routeSchema(route: ApiRoute): FastifySchema {
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    security: route.role === 'public' ? [] : [{ key: [] }, { cookie: [] }],
    ...(route.params ? { params: strict(route.params) } : {}),
    ...(route.query ? { querystring: strict(route.query) } : {}),
    ...(route.body ? { body: strict(route.body) } : {}),
    ...(route.upload ? { consumes: [route.upload] } : {}),
    response: { ...problems(route), ...successes(route) },
    ...(route.method === 'GET' ? {} : { 'x-audit': auditNote(route) }),
  };
}

/** The same for a socket; OpenAPI has no word for what goes over it. */
export function socketSchema(socket: ApiSocket): FastifySchema {
  const shape = (schema: ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return {
    operationId: operationId({ method: 'GET', path: socket.path }),
    summary: socket.summary,
    ...(socket.description === undefined ? {} : { description: socket.description }),
    tags: [socket.tag],
    security: [{ key: [] }, { cookie: [] }],
    ...(socket.params ? { params: strict(socket.params) } : {}),
    ...(socket.query ? { querystring: strict(socket.query) } : {}),
    response: {
      ...problems({ ...socket, method: 'GET', replies: {} }),
      101: {
        description: 'A WebSocket, whose frames are JSON texts.',
        content: { 'application/json': { schema: z.undefined() } },
      },
    },
    'x-websocket': { receives: shape(socket.receives), sends: shape(socket.sends) },
  } as FastifySchema;
}

/** How a call shows in the audit log. */
function auditNote({ audit }: ApiRoute) {
  return audit && 'excused' in audit ? { excused: audit.excused } : { keeps: audit?.keep ?? [] };
}

/** Refuses unknown fields at the top, also where the author of the schema forgot to. */
function strict(schema: ZodType): ZodType {
  return schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
}

function successes(route: ApiRoute): Record<string, unknown> {
  const entries = Object.entries(route.replies).map(([status, schema]) => {
    const stream = status === '200' && route.stream ? { 'text/event-stream': { schema: route.stream } } : {};
    const content = { [route.file ?? 'application/json']: { schema }, ...stream };
    return [status, { description: 'Done.', content }] as const;
  });
  return Object.fromEntries(entries);
}

function problems(
  route: Pick<ApiRoute, 'method' | 'path' | 'role' | 'body' | 'replies'>,
): Record<string, unknown> {
  const changes = route.method !== 'GET';
  const body = route.body !== undefined;
  const found: [number, string, boolean][] = [
    [400, 'The request is not valid.', true],
    [401, 'Nobody is signed in, or the API key is not known.', true],
    [403, 'The role does not allow it, or the request came from another site.', true],
    [404, 'There is no such thing, or it is not yours.', route.path.includes(':')],
    [409, 'It does not fit the present state.', changes],
    [413, 'The body is too large.', body],
    [415, 'The body is not JSON.', body],
    [422, 'It asks for what is not installed here, such as a language.', route.method === 'POST' && body],
    [429, 'Too many requests; `Retry-After` says when to come back.', true],
    [500, 'Gantry failed.', true],
    [503, 'The database does not answer, the queue is full, or the server is stopping.', true],
  ];
  const kept = found.filter(([, , applies]) => applies);
  return Object.fromEntries(kept.map(([status, description]) => [status, { description, content: problem }]));
}

/** `getRunsByIdEvents` for `GET /runs/:id/events`. */
function operationId(route: Pick<ApiRoute, 'method' | 'path'>): string {
  const words = route.path.split('/').filter(Boolean);
  const named = words.map((word) => (word.startsWith(':') ? `By-${word.slice(1)}` : word));
  const camel = named
    .flatMap((word) => word.split('-'))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return route.method.toLowerCase() + camel.join('');
}

/** The description as JSON at `/api/openapi.json`; written once, when first asked for. */
export function registerOpenApi(app: FastifyInstance): void {
  let document: string | undefined;
  app.get('/api/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    document ??= JSON.stringify(app.swagger());
    return reply.type('application/json').send(document);
  });
}
