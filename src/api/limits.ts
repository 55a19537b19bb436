import type { FastifyReply } from 'fastify';
import { GantryError } from '../base/errors.ts';
import type { RateLimit } from '../resources/rate-limit.ts';

/** Takes one request from the minute's allowance, says in headers what is left, and throws RATE_LIMITED when it is nothing. */
export async function takeRequest(
  rateLimit: RateLimit,
  key: string,
  limit: number,
  reply: FastifyReply,
): Promise<void> {
  if (limit === 0) return;
  const { allowed, remaining, resetSeconds } = await rateLimit.take(key, limit);
  void reply.headers({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(resetSeconds),
  });
  if (allowed) return;
  throw new GantryError(
    'RATE_LIMITED',
    `More than ${limit} requests in a minute. Try again in ${resetSeconds} seconds.`,
    { retryAfterSeconds: resetSeconds },
  );
}
