import { setTimeout as wait } from 'node:timers/promises';
import type { ErrorCode, GantryError } from '../../base/errors.ts';

/** How a call is tried again; for tests, without the time that it takes. */
export interface Pacing {
  /** Rejects when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1. */
  readonly random: () => number;
}

export const realPacing: Pacing = {
  pause: async (ms, signal) => wait(ms, undefined, { signal }),
  random: Math.random,
};

/** Tries of one model, the first included. */
const tries: Readonly<Partial<Record<ErrorCode, number>>> = {
  MODEL_RATE_LIMITED: 5,
  MODEL_UNAVAILABLE: 4,
  MODEL_REPLY_INVALID: 2,
};
const firstDelayMs = 1000;
const longestDelayMs = 30_000;
/** A provider that asks for longer is left alone: a fallback, or the run's next try, comes sooner. */
const longestAskedMs = 60_000;
/** All pauses of one call together. */
export const mostPausedMs = 120_000;

/**
 * How long to wait before a call is tried again, in milliseconds; undefined when it is not. Doubles from 1 s with a random
 * part, so that many callers don't come back at once; what the provider asks for is the least.
 */
export function delayBefore(
  error: GantryError,
  tried: number,
  pausedMs: number,
  random: () => number,
): number | undefined {
  if (tried >= (tries[error.code] ?? 1)) return undefined;
  const askedMs = (error.retryAfterSeconds ?? 0) * 1000;
  if (askedMs > longestAskedMs) return undefined;
  const backOffMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (tried - 1)) * (0.5 + random() / 2);
  const delayMs = Math.ceil(Math.max(askedMs, backOffMs));
  return pausedMs + delayMs > mostPausedMs ? undefined : delayMs;
}

/**
 * Whether another model may answer in place of one that failed so. One that has no key, or that nobody knows any more, shall
 * not stop the work; a conversation that is too long for one may fit a larger one. All else is a mistake of the request.
 */
export function mayFallBack(code: ErrorCode): boolean {
  return fallsBack.has(code);
}

const fallsBack = new Set<ErrorCode>([
  'MODEL_RATE_LIMITED',
  'MODEL_UNAVAILABLE',
  'MODEL_REPLY_INVALID',
  'MODEL_KEY_REFUSED',
  'MODEL_UNKNOWN',
  'MODEL_TOO_LONG',
]);
