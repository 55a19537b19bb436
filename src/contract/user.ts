import { z } from 'zod';
import { roles, type Role } from './role.ts';

export const roleSchema = z.enum(roles);

/** Stands for the user of the command line for as long as there is no admin. */
export const localUserId = 'local';

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

/** Admins alone administer; a viewer sees all and changes nothing that is not their own. */
export function isAdmin(actor: Actor): boolean {
  return actor.role === 'admin';
}

/** A person as the API shows one. */
export const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  disabled: z.boolean(),
  createdAt: z.string(),
  lastSeenAt: z.string().nullable().describe('In a browser or by a key, to within a minute.'),
  lockedUntil: z.string().nullable().describe('Set while too many wrong passwords keep the user out.'),
  hasPassword: z.boolean().describe('False for who came by a link and has not chosen one yet.'),
  keys: z.int().describe('API keys that are valid.'),
  signIns: z.int().describe('Browsers that are signed in.'),
});
export type User = z.infer<typeof userSchema>;

export const meSchema = z.object({
  userId: z.string(),
  name: z.string(),
  role: roleSchema.describe('What this request may do: an API key may do less than its owner.'),
  keyId: z.string().optional(),
  user: userSchema.nullable().describe('Null for the command line before there is an admin.'),
});
export type Me = z.infer<typeof meSchema>;
