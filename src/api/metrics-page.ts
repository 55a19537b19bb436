import type { FastifyInstance, FastifyRequest } from 'fastify';
import { renderMetrics, type MetricSources } from '../base/metrics.ts';
import type { Guard } from './auth.ts';

/** `/metrics` for Prometheus: for programs on this machine, and for whoever brings a key of any role. */
export function registerMetrics(app: FastifyInstance, sources: MetricSources, guard: Guard): void {
  app.get('/metrics', {
    schema: { hide: true },
    onRequest: async (request, reply) => {
      if (!isLocal(request)) await guard(request, reply);
    },
    handler: async (_request, reply) => {
      const { contentType, body } = await renderMetrics(sources);
      return reply.type(contentType).send(body);
    },
  });
}

const forwarding = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];
const loopback = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
const localHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/**
 * From this machine itself: not through a proxy on it that speaks for somebody else, and not from a web page whose
 * name was made to lead here.
 */
function isLocal(request: FastifyRequest): boolean {
  const forwarded = forwarding.some((name) => request.headers[name] !== undefined);
  const { host = '' } = request.headers;
  return !forwarded && localHost.test(host) && loopback.test(request.socket.remoteAddress ?? '');
}
