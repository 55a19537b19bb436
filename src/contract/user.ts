import { z } from 'zod';

/** From most to least powerful: admin runs the house, member starts and steers own runs, viewer looks. */
const roles = ['admin', 'member', 'viewer'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export function atLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) <= roles.indexOf(needed);
}

/** Who is asking: found out once per request or command, passed down from there. */
export interface Actor {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  /** Set when the request came with an API key. */
  readonly keyId?: string;
  /** The role of the key's user; the key itself may have a smaller one. */
  readonly ownerRole?: Role;
  /** Set when the request came with a sign-in cookie. */
  readonly signInId?: string;
}

/**
 * True for admins and viewers, who see everybody's runs; a member sees own runs. A viewer key of a member shows no more
 * than its member sees.
 */
export function seesAll(actor: Actor): boolean {
  if (actor.role !== 'viewer') return actor.role === 'admin';
  const owner = actor.keyId === undefined ? actor.role : actor.ownerRole;
  return owner === 'admin' || owner === 'viewer';
}
