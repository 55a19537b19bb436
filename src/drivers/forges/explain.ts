import type { z } from 'zod';
import { GantryError } from '../../base/errors.ts';

/** What a call to a forge is for, in words that complete "Gantry may not ..." and "The token needs ...". */
export interface Act {
  /** `open a pull request on acme/shop`. */
  readonly doing: string;
  /** `the permission "Pull requests: write"`. */
  readonly needs: string;
}

/** What a forge refused, less all that could hold a credential. */
export interface Refusal {
  readonly status: number;
  /** Its own words. */
  readonly said: string;
}

/** An answer that is no success, as the error that people see. What the forge said itself is in the cause. */
export function explainRefusal(forge: string, { status, said }: Refusal, { doing, needs }: Act): GantryError {
  const cause = new Error(`${forge} answered ${status}: ${said.slice(0, 1000)}`);
  if (status === 401) {
    const text = `${forge} does not accept the credential: it is wrong, ended or was taken back. Give Gantry a new one, with ${needs}.`;
    return new GantryError('FORGE_KEY_REFUSED', text, { cause });
  }
  if (status === 403) {
    const text = `${forge} does not let Gantry ${doing}. The credential lacks ${needs}, or the repository is archived or blocks it (${plain(said)}).`;
    return new GantryError('FORGE_FORBIDDEN', text, { cause });
  }
  if (status === 404 || status === 410) {
    const text = `${forge} found nothing when asked to ${doing}. It does not exist, or the credential may not see it: that takes ${needs}.`;
    return new GantryError('NOT_FOUND', text, { cause });
  }
  if (status === 409 || status === 405 || status === 422 || status === 400) {
    const text = `${forge} refused to ${doing}: it does not fit what is there now (${plain(said)}).`;
    return new GantryError('CONFLICT', text, { cause });
  }
  return new GantryError('FORGE_REPLY_INVALID', `${forge} answered ${status} when asked to ${doing}.`, {
    cause,
  });
}

/** Checks what a forge answered. FORGE_REPLY_INVALID says where it is not what it should be. */
export function readReply<S extends z.ZodType>(
  schema: S,
  reply: unknown,
  forge: string,
  { doing }: Pick<Act, 'doing'>,
): z.output<S> {
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'all'}: ${message}`);
  throw new GantryError(
    'FORGE_REPLY_INVALID',
    `${forge} answered what it should not when asked to ${doing}. Check that its base address leads to the API and to no sign-in page or proxy.`,
    { cause: new Error(places.join('; ')) },
  );
}

/** Against lists without end: FORGE_REPLY_INVALID after 2,000 pages, which are 200,000 entries. */
export function assertPages(page: number, forge: string, { doing }: Pick<Act, 'doing'>): void {
  if (page <= 2000) return;
  throw new GantryError('FORGE_REPLY_INVALID', `${forge} came to no end when asked to ${doing}.`);
}

/* Text of another server, for one line of a message. */
function plain(said: string): string {
  const line = said.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}...` : line || 'no reason given';
}
