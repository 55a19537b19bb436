import type { FastifyInstance } from 'fastify';
import type { Logger } from '../base/logger.ts';
import type { MetricSources } from '../base/metrics.ts';
import websocket from '@fastify/websocket';
import type { ApiRoute, ApiSocket } from '../contract/api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Audit } from '../resources/audit.ts';
import type { Deliveries } from '../resources/deliveries/deliveries.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { auditSignIn } from './audit-sign-in.ts';
import type { RateLimit } from '../resources/rate-limit.ts';
import { createGuard } from './auth.ts';
import { createDrain, type Drain } from './drain.ts';
import { answerErrors } from './errors.ts';
import { registerHealth, type ReadinessCheck } from './health.ts';
import { acceptJson } from './json-body.ts';
import { registerMetrics } from './metrics-page.ts';
import { describeApi, registerOpenApi } from './openapi.ts';
import { registerPages } from './pages.ts';
import { registerRoute } from './register.ts';
import { peopleRoutes } from './people-routes.ts';
import { runActionRoutes } from './run-actions.ts';
import { runDetailRoutes } from './run-details.ts';
import { bulkRoute } from './run-bulk.ts';
import { runEventRoutes } from './run-events.ts';
import { runListRoutes } from './run-lists.ts';
import { runLogRoutes } from './run-log.ts';
import { runRoutes } from './runs.ts';
import { scheduleRoutes } from './schedules.ts';
import { secureHeaders } from './security-headers.ts';
import { createServer, listen } from './server.ts';
import { registerSocket } from './socket.ts';
import type { ApiSettings } from './settings.ts';
import { registerSignIn } from './sign-in.ts';
import { registerWebhooks } from './webhooks.ts';
import { registerWebApp } from './web-app.ts';
import { followTraffic, refuseNul } from './traffic.ts';
import { usageRoutes } from './usage-routes.ts';

export interface ApiOptions {
  readonly kernel: Kernel;
  readonly identity: Identity;
  readonly rateLimit: RateLimit;
  readonly audit: Audit;
  /** Webhooks of forges; none are taken without. */
  readonly deliveries?: Deliveries | undefined;
  /** Operations of the capabilities and of the identity, besides those of runs and schedules. */
  readonly routes: readonly ApiRoute[];
  readonly sockets?: readonly ApiSocket[];
  readonly settings: ApiSettings;
  readonly checks: readonly ReadinessCheck[];
  readonly metrics: MetricSources;
  readonly logger: Logger;
  readonly version: string;
  /** Directory of the built pages; without it, people get a page that says how to have them. */
  readonly webDirectory?: string | undefined;
  /** Pause between the signs of life of a stream, in milliseconds. */
  readonly heartbeatMs?: number;
}

export interface Api {
  /** The address that it listens on, such as `http://127.0.0.1:7070`. PORT_TAKEN when it can't. */
  listen(at: { host: string; port: number }): Promise<string>;
  /** Takes no new connections, ends streams, waits up to `drainSeconds` for what is on its way, then closes. */
  close(): Promise<void>;
}

const heartbeatMs = 15_000;
const largestFrame = 256 * 1024;

/** The HTTP API, not yet listening. */
export function createApi(options: ApiOptions): Api {
  const { settings, logger } = options;
  const drain = createDrain();
  const app = createServer(settings, logger);
  const ready = assemble(app, drain, options);
  ready.catch(() => undefined);
  return {
    listen: async ({ host, port }) => {
      await ready;
      return listen(app, host, port);
    },
    close: async () => {
      app.server.close();
      await drain.run(settings.drainSeconds);
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

async function assemble(app: FastifyInstance, drain: Drain, options: ApiOptions): Promise<void> {
  const { kernel, identity, rateLimit, audit, settings, logger, version } = options;
  await secureHeaders(app, settings);
  followTraffic(app, drain, logger);
  refuseNul(app);
  acceptJson(app);
  const { webDirectory } = options;
  const webApp = webDirectory === undefined ? undefined : await registerWebApp(app, webDirectory);
  answerErrors(app, logger, webApp);
  await describeApi(app, version);
  app.decorateRequest('actor');
  app.decorateRequest('madeId');
  const guard = createGuard({ identity, rateLimit, settings });
  const parts = { guard, audit, identity, drain, logger, heartbeatMs: options.heartbeatMs ?? heartbeatMs };
  const core = [
    ...runRoutes(kernel),
    ...runListRoutes(kernel),
    bulkRoute(kernel),
    ...usageRoutes(kernel),
    ...runEventRoutes(kernel),
    ...runActionRoutes(kernel),
    ...runDetailRoutes(kernel),
    ...runLogRoutes(kernel, identity),
    ...peopleRoutes(identity),
    ...scheduleRoutes(kernel),
  ];
  app.decorateRequest('session');
  await app.register(websocket, { options: { maxPayload: largestFrame, perMessageDeflate: false } });
  await app.register(async (scope) => {
    for (const socket of options.sockets ?? []) registerSocket(scope, socket, parts);
    for (const route of [...core, ...options.routes]) registerRoute(scope, route, parts);
    registerMetrics(scope, options.metrics, guard('viewer'));
    registerPages(scope, webApp);
    registerOpenApi(scope);
  });
  await app.register(async (scope) => registerHealth(scope, { checks: options.checks, drain, version }));
  await app.register(async (scope) =>
    registerWebhooks(scope, { deliveries: options.deliveries, rateLimit, settings }),
  );
  await app.register(async (scope) => {
    auditSignIn(scope, identity, audit);
    await registerSignIn(scope, { identity, rateLimit, settings });
  });
}
