import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '../resources/identity/identity.ts';
import type { RateLimit } from '../resources/rate-limit.ts';
import { networkOf, takeRequest } from './limits.ts';
import type { ApiSettings } from './settings.ts';

interface SignInParts {
  readonly identity: Identity;
  readonly rateLimit: RateLimit;
  readonly settings: ApiSettings;
}

/** Where pages sign people in, up and out: `/api/auth/*`, served by the identity because it sets cookies. */
export async function registerSignIn(app: FastifyInstance, parts: SignInParts): Promise<void> {
  const { identity, rateLimit, settings } = parts;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    schema: { hide: true },
    onRequest: async (request, reply) => {
      const attempt = request.method === 'POST' && !request.url.startsWith('/api/auth/sign-out');
      const limit = attempt ? settings.limits().signInLimitPerMinute : settings.limits().rateLimitPerMinute;
      await takeRequest(
        rateLimit,
        `${attempt ? 'sign-in' : 'address'}:${networkOf(request.ip)}`,
        limit,
        reply,
      );
    },
    handler: async (request, reply) => {
      const response = await identity.handle(asWebRequest(request), request.ip);
      return sendWebResponse(reply, response);
    },
  });
}

/** The host doesn't matter to the identity, and a stranger may send any; the path does. */
function asWebRequest(request: FastifyRequest): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const each of [value].flat()) if (each !== undefined) headers.append(name, each);
  }
  const body =
    request.body instanceof Buffer && request.body.length > 0 ? new Uint8Array(request.body) : null;
  return new Request(new URL(request.url, 'http://localhost'), { method: request.method, headers, body });
}

async function sendWebResponse(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) void reply.header('set-cookie', cookies);
  return reply
    .code(response.status)
    .header('content-type', response.headers.get('content-type') ?? 'application/json')
    .send(await response.text());
}
