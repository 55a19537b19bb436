import { GantryError } from '../../base/errors.ts';
import type { Message } from './message.ts';

/** Whom a message goes to. */
export interface Recipient {
  readonly userId: string;
  readonly email: string;
}

/**
 * A way to reach a person: mail or a webhook. The outbox and the test message call it. Throws a GantryError whose
 * message is for the person; `Undeliverable` when trying again is of no use.
 */
export interface Channel {
  send(to: Recipient, message: Message, signal: AbortSignal): Promise<void>;
}

/** The other side has said no for good, or there is nothing to send by. */
export function undeliverable(message: string, cause?: unknown): GantryError {
  return new GantryError('OUTGOING_REFUSED', message, { cause });
}

/** It didn't work now, and may later. */
export function postponed(message: string, cause?: unknown, retryAfterSeconds?: number): GantryError {
  return new GantryError('OUTGOING_FAILED', message, {
    cause,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
