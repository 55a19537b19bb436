import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GantryError } from '../base/errors.ts';
import type { Deliveries } from '../resources/deliveries/deliveries.ts';
import type { RateLimit } from '../resources/rate-limit.ts';
import { networkOf, takeRequest } from './limits.ts';
import type { ApiSettings } from './settings.ts';

/* Deliveries that anybody acts on are far smaller; GitHub sends up to 25 MiB. */
const largestDelivery = 5 * 1024 ** 2;

interface WebhookParts {
  readonly deliveries: Deliveries | undefined;
  readonly rateLimit: RateLimit;
  readonly settings: ApiSettings;
}

/**
 * Where forges deliver what happens there. No user is behind it: the signature over the bytes of the body lets it in. All
 * that is signed is answered with 202, so that a forge never turns a webhook off for what nobody here needs.
 */
export function registerWebhooks(
  app: FastifyInstance,
  { deliveries, rateLimit, settings }: WebhookParts,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestDelivery }, (_request, body, done) =>
    done(null, body),
  );
  for (const forge of ['github', 'gitlab'] as const) {
    app.post(`/webhooks/${forge}`, {
      schema: { hide: true },
      bodyLimit: largestDelivery,
      onRequest: (request, reply) =>
        takeRequest(
          rateLimit,
          `webhooks:${networkOf(request.ip)}`,
          settings.limits().rateLimitPerMinute,
          reply,
        ),
      handler: async (request, reply) => {
        if (!deliveries) throw new GantryError('NOT_FOUND', 'This server takes no webhooks.');
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const result = await deliveries.receive(forge, { header: (name) => headerOf(request, name), body });
        return answer(reply, result);
      },
    });
  }
}

function answer(reply: FastifyReply, result: string): FastifyReply {
  return reply.code(202).type('application/json').send(JSON.stringify({ result }));
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
