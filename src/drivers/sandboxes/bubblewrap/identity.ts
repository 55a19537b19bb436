import { readFileSync } from 'node:fs';

/** How many sandboxes one process can have at once. */
const PLACES = 256;
/** A range that no distribution hands out to people, services, containers or subordinate ids. */
const FIRST_UID = 1_900_000_000;

/** Under which users sandboxes run: as root each under its own, otherwise all under the user that runs Gantry. */
export interface Identity {
  readonly places: number;
  readonly firstUid: number | undefined;
}

export function hasOwnUids(identity: Identity): identity is Identity & { readonly firstUid: number } {
  return identity.firstUid !== undefined;
}

export function identityOf(ownerIndex: number): Identity {
  if (process.getuid?.() !== 0) return { places: PLACES, firstUid: undefined };
  return {
    places: PLACES,
    firstUid: firstUid(readFileSync('/proc/self/uid_map', 'utf8')) + ownerIndex * PLACES,
  };
}

/** In a container's user namespace only the uids that it maps exist; the upper part of those is the least used. */
function firstUid(uidMap: string): number {
  const [inside = 0, , count = 0] = uidMap.trim().split(/\s+/).map(Number);
  const end = inside + count;
  return end > FIRST_UID + 1_000 * PLACES ? FIRST_UID : Math.max(1, end - 60_000);
}
