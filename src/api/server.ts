import type { IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { GantryError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import { sendProblem } from './errors.ts';
import { ignoreExpectations, rejectSocket } from './rejected-socket.ts';
import { bareHeaders } from './security-headers.ts';
import type { ApiSettings } from './settings.ts';
import { watchBodies } from './slow-requests.ts';

/** An HTTP server without routes, with its limits on time and size. CONFIG_INVALID for a proxy that is no address. */
export function createServer(settings: ApiSettings, logger: Logger): FastifyInstance {
  try {
    const app = fastify({
      logger: false,
      trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
      bodyLimit: settings.bodyLimitBytes,
      // Bodies have limits of their own: watchBodies.
      requestTimeout: 0,
      keepAliveTimeout: 72_000,
      http: {
        headersTimeout: 15_000,
        connectionsCheckingInterval: 5_000,
        noDelay: true,
        shouldUpgradeCallback: wantsWebSocket,
      },
      // Names in addresses are up to 200 characters, and an encoded one takes three each.
      routerOptions: { maxParamLength: 1000 },
      genReqId: () => newId(),
      requestIdHeader: false,
      return503OnClosing: false,
      clientErrorHandler: rejectSocket,
      frameworkErrors: (error, request, reply) => {
        void reply.headers({ ...bareHeaders, 'x-request-id': request.id });
        sendProblem(error, request, reply, logger);
      },
    });
    ignoreExpectations(app.server);
    watchBodies(app.server);
    return app;
  } catch (cause) {
    if (!(cause instanceof TypeError) || settings.trustedProxies.length === 0) throw cause;
    throw new GantryError(
      'CONFIG_INVALID',
      `trustedProxies must hold addresses or networks: ${cause.message}.`,
      {
        cause,
      },
    );
  }
}

/** Other upgrades, such as to HTTP/2, are passed over: the request is answered as it is. */
function wantsWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** Starts to listen and says where. PORT_TAKEN when that isn't possible. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port, listenTextResolver: (address) => address });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const place = `${host}:${port}`;
    if (code === 'EADDRINUSE') {
      throw new GantryError(
        'PORT_TAKEN',
        `${place} is taken by another program. Stop it, or choose another with GANTRY_PORT.`,
        { cause },
      );
    }
    if (code === 'EACCES') {
      throw new GantryError(
        'PORT_TAKEN',
        `${place} needs more rights than this user has. Choose a port above 1023 with GANTRY_PORT.`,
        { cause },
      );
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new GantryError('CONFIG_INVALID', `${host} is no address of this machine. Correct GANTRY_HOST.`, {
        cause,
      });
    }
    throw cause;
  }
}
