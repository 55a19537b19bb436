import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The built pages: one document for every address, and the files it loads. */
export interface WebApp {
  /** Whether a browser asks for a page here, and not a program for data. */
  wants(request: FastifyRequest): boolean;
  /** Sends the document with a nonce of its own. */
  sendDocument(reply: FastifyReply): FastifyReply;
}

const year = 31_536_000;

/**
 * Serves the built pages of `directory`. Scripts come from files only; style elements that libraries make need the
 * nonce of the document. Nothing is loaded from, or sent to, anywhere else.
 */
export async function registerWebApp(app: FastifyInstance, directory: string): Promise<WebApp> {
  const document = readFileSync(join(directory, 'index.html'), 'utf8');
  await app.register(fastifyStatic, {
    root: join(directory, 'assets'),
    prefix: '/assets/',
    index: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply) => void reply.header('cache-control', `public, max-age=${year}, immutable`),
  });
  for (const name of ['icon.svg', 'scheme.js']) {
    app.get(`/${name}`, { schema: { hide: true } }, (_request, reply) => reply.sendFile(name, directory));
  }
  return {
    wants: ({ method, url, headers }) =>
      (method === 'GET' || method === 'HEAD') &&
      !/^\/(api|assets|webhooks)(\/|$)/.test(url) &&
      /\btext\/html\b/.test(headers.accept ?? ''),
    sendDocument: (reply) => {
      const nonce = randomBytes(16).toString('base64');
      return reply
        .code(200)
        .headers({
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': policy(nonce),
          'referrer-policy': 'same-origin',
        })
        .send(document.replaceAll('__NONCE__', nonce));
    },
  };
}

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
