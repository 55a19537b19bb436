import { isIPv4, isIPv6 } from 'node:net';
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

/**
 * What stands for a client's address when requests are counted: an IPv4 address, or the /64 of an IPv6 one, because
 * one customer has all of that.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return 'unknown';
  const [head = [], tail = []] = plain.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}
