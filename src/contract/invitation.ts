import { z } from 'zod';
import { roleSchema } from './user.ts';

const states = ['open', 'accepted', 'revoked', 'expired'] as const;

export const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: roleSchema,
  state: z.enum(states),
  invitedBy: z.string().nullable().describe('Name of who invited; null when they are gone.'),
  expiresAt: z.string().describe('Also when it was used or taken back.'),
  createdAt: z.string(),
});
export type Invitation = z.infer<typeof invitationSchema>;

export const newInvitationSchema = invitationSchema.extend({
  path: z.string().describe('Shown once: send it, after the address of this server, to the guest.'),
});
export type NewInvitation = z.infer<typeof newInvitationSchema>;

/** What an invitation's link tells whoever holds it; nothing of an unknown one, or one that a newer link replaced. */
export const invitationLookSchema = z.object({
  state: z.enum([...states, 'unknown']),
  email: z.string().nullable(),
  role: roleSchema.nullable(),
  invitedBy: z.string().nullable(),
  expiresAt: z.string().nullable(),
});
export type InvitationLook = z.infer<typeof invitationLookSchema>;
