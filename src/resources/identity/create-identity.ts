import type { Logger } from '../../base/logger.ts';
import type { Database } from '../../store/database.ts';
import type { Listener } from '../../store/listen.ts';
import { createActorCache } from './actor-cache.ts';
import { hasAdmin } from './admins.ts';
import { createKeys } from './api-keys.ts';
import { explainAuthError } from './auth-errors.ts';
import { createAuth } from './auth.ts';
import { createAuthenticator } from './authenticate.ts';
import { followChanges } from './changes.ts';
import { handleAuth } from './handle.ts';
import type { Identity, LinkDetails } from './identity.ts';
import { createInvitations } from './invitations.ts';
import { createSignInLink, lookAtSignInLink, takeSignInLink } from './sign-in-links.ts';
import { createSignIns } from './sign-ins.ts';
import { sweepHourly } from './sweep.ts';
import { createUsers } from './users.ts';

export interface IdentityOptions {
  readonly database: Database;
  /** Signs the sign-in cookies; 32 bytes or more, the same in all processes, never in the database. */
  readonly secret: Buffer | string;
  /** Address under which people reach the server. With https, cookies are sent over https only. */
  readonly baseUrl: string;
  /** Asked at each sign-up, because it changes while the server runs. */
  readonly openRegistration: () => boolean;
  /** See `localSignInPath`; without it, no local token is accepted. */
  readonly localTokenFile?: string | undefined;
  readonly logger: Logger;
  readonly listener: Listener;
}

/** Needs the tables of `migrate`. Any number of processes may hold one on the same database. */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const { database, logger, baseUrl, openRegistration, localTokenFile } = options;
  const cache = createActorCache();
  const auth = createAuth(options);
  await auth.$context;
  const changes = followChanges(database, options.listener, cache);
  const authenticator = createAuthenticator({ database, auth, cache, localTokenFile, logger });
  const users = createUsers(database, changes);
  const { authenticate } = authenticator;
  const links: Identity['links'] = {
    create: (userId) => createSignInLink(database, userId),
    look: (token) => lookAtSignInLink(database, token),
    redeem: (token, details = {}) => redeem(token, details, new Headers()),
  };
  async function redeem(token: string, details: LinkDetails, headers: Headers) {
    const userId = await takeSignInLink(database, changes, token, details);
    const done = await auth.api
      .grantSignIn({ body: { userId }, headers, returnHeaders: true })
      .catch((error: unknown) => Promise.reject(explainAuthError(error)));
    return { userId, setCookie: done.headers?.getSetCookie() ?? [] };
  }
  const parts = { database, auth, changes, users, authenticate, redeem, baseUrl, openRegistration };
  const stopSweep = sweepHourly(database, logger);
  return {
    authenticate,
    handle: (request, clientAddress) => handleAuth(parts, request, clientAddress),
    hasAdmin: () => hasAdmin(database),
    links,
    signIns: createSignIns(database, changes),
    users,
    invitations: createInvitations(database),
    keys: createKeys(database, changes),
    onChange: (heard) => options.listener.on('gantry_identity', heard, heard),
    close: async () => {
      changes.close();
      stopSweep();
      await authenticator.settle();
    },
  };
}
