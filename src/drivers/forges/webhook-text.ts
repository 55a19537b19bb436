import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';

/** Whether two texts are the same, in a time that tells nothing of where they differ. */
export function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** Text of a delivery, cut to `most` characters; PostgreSQL takes no NUL and no half characters. */
export function deliveredText(most: number) {
  return z.string().transform((text) => text.slice(0, most).replaceAll('\0', '\u{fffd}').toWellFormed());
}

/** The JSON of a delivery. INPUT_INVALID when it is none. */
export function parseDelivery(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GantryError('INPUT_INVALID', 'The delivery is no JSON. Let the webhook send JSON.', { cause });
  }
}
