import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockPlace, mirrorPlaces, placeUsedAt, removeOld, sizeOf, type MirrorPlace } from './mirror-place.ts';

/** Bytes of all mirrors on this machine. */
export function mirrorBytes(root: string): number {
  return mirrorPlaces(root).reduce((sum, { directory }) => sum + sizeOf(directory), 0);
}

/** Removes the mirrors that were longest unused until the rest fits. What is in use stays. */
export async function makeRoom(root: string, mostBytes: number): Promise<number> {
  const places = mirrorPlaces(root)
    .map((place) => ({ place, bytes: sizeOf(place.directory), usedAt: placeUsedAt(place) }))
    .toSorted((one, other) => one.usedAt - other.usedAt);
  let bytes = places.reduce((sum, each) => sum + each.bytes, 0);
  for (const { place, bytes: freed } of places) {
    if (bytes <= mostBytes) break;
    if (await removePlace(place)) bytes -= freed;
  }
  return bytes;
}

/** False when somebody fetches into it or uses it. */
export async function removePlace(place: MirrorPlace): Promise<boolean> {
  const lock = await lockPlace(place, { wait: false });
  if (!lock) return false;
  try {
    // Who comes now finds no generation and waits for the lock.
    const gone = await removeOld(place, undefined);
    if (gone) await rm(join(place.directory, 'current'), { force: true });
    return gone;
  } finally {
    await lock.release();
  }
}
