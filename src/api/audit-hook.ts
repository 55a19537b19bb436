import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiRoute } from '../contract/api.ts';
import type { Audit } from '../resources/audit.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of what a request has made, for the audit log. */
    madeId?: string;
  }
}

/** These say nothing of an act: nobody known asked, or too often. */
const unheard = new Set(['RATE_LIMITED', 'UNAUTHENTICATED', 'SHUTTING_DOWN']);

/** Writes down each call of a route that changes something, before it is answered: what was done, and what was refused. */
export function auditHook(route: ApiRoute, audit: Audit) {
  return async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const code = refusalOf(reply, payload);
    const refused = code === 'FORBIDDEN' || code === 'ORIGIN_REFUSED';
    const excused = route.audit !== undefined && 'excused' in route.audit && !refused;
    if (excused || (code !== null && unheard.has(code))) return payload;
    const { actor } = request;
    await audit.record({
      by: { userId: actor?.userId ?? '', keyId: actor?.keyId ?? null, name: actor?.name ?? '' },
      address: request.ip,
      operation: `${route.method} ${route.path}`,
      summary: route.summary,
      kind: route.tag,
      target: targetOf(request),
      // What is not valid may hold anything anywhere, a password in the field of a name too.
      changes: code === 'INPUT_INVALID' ? {} : keptOf(route, request),
      status: reply.statusCode,
      code,
    });
    return payload;
  };
}

/** The code of the problem that a reply holds; null when it is none. */
export function refusalOf(reply: FastifyReply, payload: unknown): string | null {
  if (reply.statusCode < 400) return null;
  try {
    const problem: unknown = JSON.parse(Buffer.isBuffer(payload) ? payload.toString() : String(payload));
    if (typeof problem === 'object' && problem && 'code' in problem) return String(problem.code);
  } catch {
    // A page, and not a problem: its status says enough.
  }
  return reply.statusCode === 401 ? 'UNAUTHENTICATED' : `HTTP_${reply.statusCode}`;
}

function targetOf(request: FastifyRequest): string {
  const params = Object.values(request.params ?? {}).map(String);
  return [...params, ...(request.madeId === undefined ? [] : [request.madeId])].join(' ');
}

/** The fields of query and body that the route says may be kept. */
function keptOf(route: ApiRoute, { query, body }: FastifyRequest): Record<string, unknown> {
  const names = route.audit && 'keep' in route.audit ? route.audit.keep : [];
  const sent = { ...asRecord(query), ...asRecord(body) };
  const kept = names.filter((name) => sent[name] !== undefined).map((name) => [name, shortened(sent[name])]);
  return Object.fromEntries(kept);
}

const longestText = 300;
const longestValue = 10_000;

function shortened(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.length <= longestText ? value : `${value.slice(0, longestText)}…`;
  }
  const text = JSON.stringify(value) ?? 'null';
  return text.length <= longestValue ? value : `${text.slice(0, longestText)}…`;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** The id of what a call has made, if its answer is one thing with an id. */
export function idOf(body: unknown): string | undefined {
  const { id } = asRecord(body);
  return typeof id === 'string' ? id : undefined;
}
