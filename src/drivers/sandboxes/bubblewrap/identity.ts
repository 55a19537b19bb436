import { readFileSync } from 'node:fs';

/** How many sandboxes one process can have at once. */
const PLACES = 256;
/** A range that no distribution hands out to people, services, containers or subordinate ids. */
const FIRST_UID = 1_900_000_000;
/** Beside the places of all owners. */
const TENANTS_AT = 1_000_000;
const TENANTS = 1_000_000;
/** Where few uids are mapped, the last of them are for tenants. */
const FEW_TENANTS = 20_000;

/** Under which users sandboxes run: as root each under its own, otherwise all under the user that runs Gantry. */
export interface Identity {
  readonly places: number;
  readonly firstUid: number | undefined;
  /** For sandboxes on saved trees: one uid for each tenant. */
  readonly tenants: UidRange | undefined;
}

export interface UidRange {
  readonly first: number;
  readonly count: number;
}

export function hasOwnUids(identity: Identity): identity is Identity & { readonly firstUid: number } {
  return identity.firstUid !== undefined;
}

export function identityOf(ownerIndex: number): Identity {
  if (process.getuid?.() !== 0) return { places: PLACES, firstUid: undefined, tenants: undefined };
  const { first, tenants } = rangesOf(readFileSync('/proc/self/uid_map', 'utf8'));
  return { places: PLACES, firstUid: first + ownerIndex * PLACES, tenants };
}

/** In a container's user namespace only the uids that it maps exist; the upper part of those is the least used. */
function rangesOf(uidMap: string): { readonly first: number; readonly tenants: UidRange } {
  const [inside = 0, , count = 0] = uidMap.trim().split(/\s+/).map(Number);
  const end = inside + count;
  if (end > FIRST_UID + TENANTS_AT + TENANTS)
    return { first: FIRST_UID, tenants: { first: FIRST_UID + TENANTS_AT, count: TENANTS } };
  const tenants = Math.min(FEW_TENANTS, Math.max(1, Math.floor(count / 3)));
  return { first: Math.max(1, end - 60_000), tenants: { first: end - tenants, count: tenants } };
}
