import { z } from 'zod';
import { readinessSchema } from './instance.ts';

/** A browser that is signed in. */
export const signInSchema = z.object({
  id: z.string(),
  device: z.string().describe('What the browser calls itself, in plain words: "Firefox on Linux".'),
  address: z.string().nullable().describe('Where the sign-in came from.'),
  createdAt: z.string(),
  lastSeenAt: z.string().describe('To within a minute.'),
  expiresAt: z.string(),
  current: z.boolean().describe('True for the one that asks.'),
});
export type SignIn = z.infer<typeof signInSchema>;

/**
 * What a one-time link is for. `setup`: whoever opens it chooses name, address and password of an account that has none.
 * `sign-in`: signs in as an account that is complete. `reset`: asks for a new password.
 */
export const signInLinkLookSchema = z.object({
  state: z.enum(['open', 'used', 'expired', 'unknown']),
  purpose: z.enum(['setup', 'sign-in', 'reset']).nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  expiresAt: z.string().nullable(),
  ready: readinessSchema.nullable().describe('For links of an admin: what this server has found ready.'),
});
export type SignInLinkLook = z.infer<typeof signInLinkLookSchema>;

export const newSignInLinkSchema = z.object({
  path: z.string().describe('Shown once: send it, after the address of this server, to the user.'),
  expiresAt: z.string(),
});
export type NewSignInLink = z.infer<typeof newSignInLinkSchema>;
