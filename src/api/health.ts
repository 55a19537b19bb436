import type { FastifyInstance } from 'fastify';
import { errorTable, toGantryError } from '../base/errors.ts';
import type { Drain } from './drain.ts';

/** One thing that must be in order before requests are welcome: the database, the schema, a worker. */
export interface ReadinessCheck {
  readonly name: string;
  /** Throws when it is not in order. */
  check(): Promise<void>;
}

interface HealthParts {
  readonly checks: readonly ReadinessCheck[];
  readonly drain: Drain;
  readonly version: string;
}

interface Finding {
  readonly ok: boolean;
  readonly problem?: string;
}

type Report = Readonly<Record<string, Finding>>;

const patienceMs = 2000;
const freshMs = 1000;

/** For load balancers and people: is it alive, is it ready, and if not, what is missing. Open to all; names no internals. */
export function registerHealth(app: FastifyInstance, { checks, drain, version }: HealthParts): void {
  const look = remember(() => examine(checks, drain));
  const quiet = { schema: { hide: true } };
  app.get('/health/live', quiet, (_request, reply) => reply.send(JSON.stringify({ status: 'ok' })));
  for (const url of ['/health', '/health/ready']) {
    app.get(url, quiet, async (_request, reply) => {
      const found = drain.draining() ? await examine([], drain) : await look();
      const ok = Object.values(found).every((finding) => finding.ok);
      const body = { status: ok ? 'ok' : 'failing', version, checks: found };
      return reply.code(ok ? 200 : 503).send(JSON.stringify(body));
    });
  }
  app.addHook('onRequest', async (_request, reply) => {
    void reply.type('application/json');
  });
}

async function examine(checks: readonly ReadinessCheck[], drain: Drain): Promise<Report> {
  const findings = checks.map(async ({ name, check }) => [name, await tryCheck(check)] as const);
  const serving: Finding = drain.draining() ? { ok: false, problem: 'The server is stopping' } : { ok: true };
  return { serving, ...Object.fromEntries(await Promise.all(findings)) };
}

async function tryCheck(check: () => Promise<void>): Promise<Finding> {
  const { promise: late, resolve } = Promise.withResolvers<Finding>();
  const timer = setTimeout(resolve, patienceMs, { ok: false, problem: 'No answer within 2 s' });
  const found = check().then(
    (): Finding => ({ ok: true }),
    (error: unknown): Finding => ({ ok: false, problem: errorTable[toGantryError(error).code].title }),
  );
  return Promise.race([found, late]).finally(() => clearTimeout(timer));
}

/** Whoever asks within a second of another gets the same answer, so that asking costs the database nothing. */
function remember(look: () => Promise<Report>): () => Promise<Report> {
  let last: { at: number; report: Promise<Report> } | undefined;
  return () => {
    if (!last || Date.now() - last.at > freshMs) last = { at: Date.now(), report: look() };
    return last.report;
  };
}
