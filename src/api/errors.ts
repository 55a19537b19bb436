import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GantryError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { asGantryError, problemReply } from './problem-reply.ts';
import type { WebApp } from './web-app.ts';

/**
 * Answers with problem details whatever a hook or handler throws, and what no route takes; a browser that looks for a
 * page gets the document of the pages, which knows its addresses itself.
 */
export function answerErrors(app: FastifyInstance, logger: Logger, webApp: WebApp | undefined): void {
  app.setErrorHandler((thrown, request, reply) => sendProblem(thrown, request, reply, logger));
  app.setNotFoundHandler((request, reply) => {
    // A route of files takes the method and has no such file.
    const found = methodsAt(app, request.url);
    const methods = found.includes(request.method) ? [] : found;
    if (methods.length === 0 && webApp?.wants(request)) return webApp.sendDocument(reply);
    if (methods.length > 0) void reply.header('allow', methods.join(', '));
    const error =
      methods.length > 0
        ? new GantryError('METHOD_NOT_ALLOWED', `This address takes ${methods.join(', ')}.`)
        : new GantryError('NOT_FOUND', 'There is nothing at this address.');
    return sendProblem(error, request, reply, logger);
  });
}

export function sendProblem(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  const problem = problemReply(thrown, request.id);
  if (problem.status >= 500) logFailure(thrown, request, logger);
  // As bytes, because the framework gives a text a charset, which this media type doesn't have.
  const body = Buffer.from(JSON.stringify(problem.body));
  return reply.code(problem.status).headers(problem.headers).send(body);
}

function logFailure(thrown: unknown, request: FastifyRequest, logger: Logger): void {
  const { code } = asGantryError(thrown);
  const place = { requestId: request.id, method: request.method, route: request.routeOptions.url, code };
  const level = code === 'INTERNAL' ? 'error' : 'warn';
  logger[level]({ ...place, err: thrown }, 'a request failed');
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The methods that some route takes at this address. */
function methodsAt(app: FastifyInstance, url: string): string[] {
  const path = url.split('?', 1)[0] ?? url;
  return methods.filter((method) => app.findRoute({ method, url: path }) !== null);
}
