import type { FastifyReply, FastifyRequest } from 'fastify';
import { GantryError, toGantryError } from '../base/errors.ts';
import type { ApiRoute } from '../contract/api.ts';
import { atLeast } from '../contract/role.ts';
import type { Actor } from '../contract/user.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { assertOwnSocket, assertSameOrigin } from '../resources/identity/same-origin.ts';
import type { RateLimit } from '../resources/rate-limit.ts';
import { networkOf, takeRequest } from './limits.ts';
import type { ApiSettings, RequestLimits } from './settings.ts';

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor;
  }
}

/** Who asks at a public route without credentials. */
const nobody: Actor = { userId: '', name: '', role: 'viewer' };

/** Without a configured address, only the host that the request was sent to counts as our own. */
const unnamed = 'http://gantry.invalid';

interface GuardParts {
  readonly identity: Identity;
  readonly rateLimit: RateLimit;
  readonly settings: ApiSettings;
}

export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Lets a request in that may do what its route does: finds out who asks, counts the request, and refuses one that has
 * too small a role or comes from another site. Who is not let in is counted by address.
 */
export function createGuard(parts: GuardParts): (role: ApiRoute['role']) => Guard {
  const { rateLimit, settings } = parts;
  return (role) => async (request, reply) => {
    const actor = await identify(parts.identity, request).catch(toGantryError);
    if (actor instanceof GantryError && actor.code !== 'UNAUTHENTICATED') throw actor;
    if (actor === null || actor instanceof GantryError) {
      const { rateLimitPerMinute } = settings.limits();
      await takeRequest(rateLimit, `address:${networkOf(request.ip)}`, rateLimitPerMinute, reply);
      if (role !== 'public' || request.headers.authorization !== undefined) throw actor ?? notSignedIn();
      // A cookie of a sign-in that has ended is no reason to keep anyone from signing in again.
      request.actor = nobody;
      return;
    }
    request.actor = actor;
    await takeRequest(rateLimit, ...allowanceOf(actor, settings.limits()), reply);
    const check = request.ws ? assertOwnSocket : assertSameOrigin;
    check(request, settings.publicUrl ?? unnamed);
    if (role !== 'public' && !atLeast(actor.role, role)) throw tooLittle(actor, role);
  };
}

/** Null when the request brings nothing that says who asks. */
async function identify(identity: Identity, request: FastifyRequest): Promise<Actor | null> {
  const { authorization, cookie } = request.headers;
  if (authorization === undefined && cookie === undefined) return null;
  return identity.authenticate({ authorization, cookie });
}

/** Under which name the request is counted, and how many there may be: a limit of one's own is for all one's keys together. */
function allowanceOf(actor: Actor, limits: RequestLimits): [key: string, limit: number] {
  const own = limits.ofUser(actor.userId);
  if (own !== null) return [`all of user:${actor.userId}`, own];
  const key = actor.keyId === undefined ? `user:${actor.userId}` : `key:${actor.keyId}`;
  return [key, limits.rateLimitPerMinute];
}

function notSignedIn(): GantryError {
  return new GantryError('UNAUTHENTICATED', 'Sign in, or send an API key as "Authorization: Bearer <key>".');
}

function tooLittle(actor: Actor, role: string): GantryError {
  return new GantryError('FORBIDDEN', `This needs the role "${role}", and you have "${actor.role}".`);
}
