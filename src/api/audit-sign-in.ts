import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../contract/user.ts';
import type { Audit } from '../resources/audit.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { refusalOf } from './audit-hook.ts';

/** What the addresses of signing in do, in words; others are written down by their address, once they do something. */
const summaries: Readonly<Record<string, string>> = {
  '/api/auth/sign-in/email': 'Sign in with a password',
  '/api/auth/sign-in/link': 'Sign in with a one-time link',
  '/api/auth/sign-up/email': 'Sign up',
  '/api/auth/sign-out': 'Sign out',
  '/api/auth/change-password': 'Change the own password',
};

/**
 * Writes down all signing in and out, done and refused: who is known by the cookie that was brought or is given, or
 * else by the address that was typed. Register it before the routes of its scope.
 */
export function auditSignIn(app: FastifyInstance, identity: Identity, audit: Audit): void {
  const before = new WeakMap<FastifyRequest, Actor | null>();
  app.addHook('onRequest', async (request) => {
    if (changes(request)) before.set(request, await whoHas(identity, request.headers.cookie));
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (!changes(request)) return payload;
    const code = refusalOf(reply, payload);
    const path = pathOf(request);
    const known = summaries[path];
    const cookies = cookiesOf(reply);
    if (code === 'RATE_LIMITED' || (known === undefined && code !== null)) return payload;
    const actor = (await whoHas(identity, cookies)) ?? before.get(request) ?? null;
    const email = emailOf(request.body);
    await audit.record({
      by: { userId: actor?.userId ?? '', keyId: null, name: actor?.name ?? '' },
      address: request.ip,
      operation: `${request.method} ${path}`,
      summary: known ?? path,
      kind: 'sign-in',
      target: '',
      changes: email === undefined ? {} : { email },
      status: reply.statusCode,
      code,
    });
    return payload;
  });
}

function changes(request: FastifyRequest): boolean {
  return request.method === 'POST';
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

async function whoHas(identity: Identity, cookie: string | undefined): Promise<Actor | null> {
  if (!cookie) return null;
  return identity.authenticate({ authorization: undefined, cookie }).catch(() => null);
}

/** The cookies that a reply sets, as the browser would send them back. */
function cookiesOf(reply: FastifyReply): string {
  const set = [reply.getHeader('set-cookie') ?? []].flat().map(String);
  return set
    .map((each) => each.split(';', 1)[0] ?? '')
    .filter((pair) => !pair.endsWith('='))
    .join('; ');
}

/** What was typed as an address, and only if it reads as one: people type passwords into the wrong field. */
function emailOf(body: unknown): string | undefined {
  if (!Buffer.isBuffer(body)) return undefined;
  const typed = fieldOf(body.toString());
  return typeof typed === 'string' && /^[^\s@]{1,64}@[^\s@]{1,255}$/.test(typed) ? typed : undefined;
}

function fieldOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value && 'email' in value ? value.email : undefined;
  } catch {
    return undefined;
  }
}
