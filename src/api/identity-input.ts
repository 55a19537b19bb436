import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { isAdmin, type Actor } from '../contract/user.ts';

/** Bounds only; the identity itself says what is wrong with a name, an address or a password. */
export const nameText = z.string().max(1000);
export const emailText = z.string().max(320);
export const passwordText = z.string().max(1000).describe('At least 10 characters.');

/** The page after the item whose id is `cursor`; the items are in the order of their ids. */
export function pageAfter<Item extends { readonly id: string }>(
  items: readonly Item[],
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): { items: readonly Item[]; next: string | null } {
  const rest = cursor === undefined ? items : items.filter(({ id }) => id > cursor);
  const page = rest.slice(0, limit);
  return { items: page, next: rest.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** Keeps a key that leaked from locking its owner out. Keys of admins may, because scripts administer with them. */
export function requireInPerson(actor: Actor): void {
  if (actor.keyId !== undefined && !isAdmin(actor)) {
    throw new GantryError('FORBIDDEN', 'An API key does not allow this. Sign in with your password.');
  }
}

/** Of others, who is no admin learns not even that they exist. */
export function assertOwnOrAdmin(actor: Actor, userId: string): void {
  if (!isAdmin(actor) && actor.userId !== userId) {
    throw new GantryError('NOT_FOUND', 'There is no such user.');
  }
}
