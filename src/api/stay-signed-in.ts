import type { FastifyRequest } from 'fastify';
import { GantryError, toGantryError } from '../base/errors.ts';
import { seesAll, type Actor } from '../contract/user.ts';
import type { Identity } from '../resources/identity/identity.ts';

interface Watch {
  readonly identity: Identity;
  readonly heartbeatMs: number;
}

/** Between looks when nothing is heard: a sign-in that runs out is announced by nobody. */
const heartbeatsApart = 4;

/**
 * For what stays open after its request was allowed. Looks again who this is at every change of users, keys and
 * sign-ins, and now and then; calls `over` when the caller is signed out or may do something else than at the start.
 * Returns how to stop.
 */
export function staySignedIn(
  { headers, actor }: Pick<FastifyRequest, 'headers' | 'actor'>,
  { identity, heartbeatMs }: Watch,
  over: () => void,
): () => void {
  const { authorization, cookie } = headers;
  const look = async () => {
    const now = await identity.authenticate({ authorization, cookie }).catch(toGantryError);
    // A database that doesn't answer says nothing of who is signed in.
    if (now instanceof GantryError && now.code !== 'UNAUTHENTICATED') return;
    if (now === null || now instanceof GantryError || !isAsBefore(now, actor)) over();
  };
  const stop = identity.onChange(() => void look());
  const timer = setInterval(() => void look(), heartbeatsApart * heartbeatMs);
  return () => {
    stop();
    clearInterval(timer);
  };
}

/** Whether the same person may still do and see the same. */
function isAsBefore(now: Actor, before: Actor): boolean {
  return now.userId === before.userId && now.role === before.role && seesAll(now) === seesAll(before);
}
