import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import type { ApiReply, ApiRoute } from '../contract/api.ts';
import type { Audit } from '../resources/audit.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { auditHook, idOf } from './audit-hook.ts';
import type { Guard } from './auth.ts';
import { sendStream, type StreamOptions } from './event-stream.ts';
import { routeSchema } from './openapi.ts';
import { staySignedIn } from './stay-signed-in.ts';

interface RegisterParts extends StreamOptions {
  guard(role: ApiRoute['role']): Guard;
  readonly audit: Audit;
  readonly identity: Identity;
}

/** Turns an operation that is written as data into a route of the web framework. */
export function registerRoute(app: FastifyInstance, route: ApiRoute, parts: RegisterParts): void {
  const status = defaultStatus(route);
  app.route({
    method: route.method,
    url: `/api/v1${route.path}`,
    schema: routeSchema(route),
    config: { takesUpload: route.upload !== undefined },
    onRequest: parts.guard(route.role),
    ...(route.method !== 'GET' && { onSend: auditHook(route, parts.audit) }),
    handler: async (request, reply) => {
      const upload = request.body instanceof Readable ? request.body : undefined;
      if (route.body === undefined && !upload) refuseBody(request.body);
      const result = await route.handle({
        actor: request.actor,
        params: request.params,
        query: request.query,
        body: upload ? undefined : request.body,
        upload,
        idempotencyKey: idempotencyKeyOf(request),
        lastEventId: headerOf(request, 'last-event-id'),
        wantsStream: route.stream !== undefined && acceptsStream(request),
        signal: request.exchange.signal,
      });
      if (route.params === undefined && 'body' in result) request.madeId = idOf(result.body);
      return answer(request, reply, result, status, parts);
    },
  });
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  result: ApiReply,
  status: number,
  parts: RegisterParts,
): Promise<FastifyReply> {
  if ('stream' in result) {
    const stop = staySignedIn(request, parts, () => request.exchange.abort());
    await sendStream(request, reply, request.exchange, result.stream, parts).finally(stop);
    return reply;
  }
  if ('download' in result) {
    return reply
      .code(status)
      .headers({ ...result.headers })
      .send(Readable.from(result.download));
  }
  return reply
    .code(result.status ?? status)
    .headers({ ...result.headers })
    .send(result.body);
}

/** The first success that the route names. */
function defaultStatus(route: ApiRoute): number {
  return Math.min(...Object.keys(route.replies).map(Number));
}

const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/);

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = headerOf(request, 'idempotency-key');
  if (key === undefined || idempotencyKeySchema.safeParse(key).success) return key;
  const message = 'must be 1 to 255 visible ASCII characters without spaces';
  throw new GantryError('INPUT_INVALID', `The header Idempotency-Key ${message}.`, {
    problems: [{ path: 'Idempotency-Key', message }],
  });
}

function refuseBody(body: unknown): void {
  const empty = body === undefined || body === null || JSON.stringify(body) === '{}';
  if (!empty) throw new GantryError('INPUT_INVALID', 'This address takes no body. Send none.');
}

function acceptsStream(request: FastifyRequest): boolean {
  return /\btext\/event-stream\b/i.test(request.headers.accept ?? '');
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
