import type { FastifyInstance } from 'fastify';
import { GantryError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { metrics } from '../base/metrics.ts';
import { shuttingDown, type Drain, type Exchange } from './drain.ts';

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange;
  }
}

/** Follows each request from its head to the end of its answer: for the drain, the metrics and the log. */
export function followTraffic(app: FastifyInstance, drain: Drain, logger: Logger): void {
  app.decorateRequest('exchange');
  app.addHook('onRequest', async (request, reply) => {
    const exchange = drain.open();
    request.exchange = exchange;
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) exchange.abort();
      exchange.end();
    });
    if (!drain.draining()) return;
    void reply.header('connection', 'close');
    if (!request.url.startsWith('/health')) throw shuttingDown();
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, actor } = request;
    const route = routeOptions.url ?? 'none';
    const ms = Math.round(reply.elapsedTime);
    const stream = String(reply.raw.getHeader('content-type')).startsWith('text/event-stream');
    metrics.requestAnswered(method, route, reply.statusCode, stream ? undefined : reply.elapsedTime / 1000);
    const who = actor ? { user: actor.userId, ...(actor.keyId && { keyId: actor.keyId }) } : {};
    logger.debug({ requestId: request.id, method, route, status: reply.statusCode, ms, ...who }, 'answered');
  });
}

/** PostgreSQL's text can't hold NUL, so no address that holds one leads anywhere. */
export function refuseNul(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (request.url.includes('%00')) {
      throw new GantryError('INPUT_INVALID', 'The address holds a NUL character (%00). Leave it out.');
    }
  });
}
