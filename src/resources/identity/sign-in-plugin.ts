import type { BetterAuthPlugin } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';

/** Signs a user in without a password, for those who have proved otherwise who they are. */
const grantSignIn = createAuthEndpoint.serverOnly(
  { method: 'POST', body: z.object({ userId: z.string() }) },
  async (ctx) => {
    const user = await ctx.context.internalAdapter.findUserById(ctx.body.userId);
    if (!user) throw new GantryError('NOT_FOUND', 'There is no such user.');
    const session = await ctx.context.internalAdapter.createSession(user.id);
    await setSessionCookie(ctx, { session, user });
    return null;
  },
);

/** The token of the sign-in cookie when its signature is right, else null. Asks no database. */
const readSignInToken = createAuthEndpoint.serverOnly(
  { method: 'GET', requireHeaders: true },
  async (ctx) => {
    const token = await ctx.getSignedCookie(ctx.context.authCookies.sessionToken.name, ctx.context.secret);
    return { token: token || null };
  },
);

export const signInPlugin = {
  id: 'gantry-sign-in',
  endpoints: { grantSignIn, readSignInToken },
} satisfies BetterAuthPlugin;
