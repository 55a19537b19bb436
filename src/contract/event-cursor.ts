import { z } from 'zod';
import { GantryError } from '../base/errors.ts';

/** No event of a run has a higher number. */
export const highestSeq = 2_147_483_647;

/** So many bytes of events a page holds, about. */
export const eventPageBytes = 1_048_576;

/** The number of an event, as a query or header brings it. */
export const seqSchema = z.coerce.number().int().min(0).max(highestSeq);

/** Behind which event a stream goes on for a client that comes back. INPUT_INVALID for what is no number of one. */
export function seqOfLastEventId(text: string): number {
  const parsed = seqSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  const message = 'must be the number of an event';
  throw new GantryError('INPUT_INVALID', `The header Last-Event-ID ${message}.`, {
    problems: [{ path: 'Last-Event-ID', message }],
  });
}
