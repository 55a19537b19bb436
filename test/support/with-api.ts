import { createApi, type Api } from '../../src/api/app.ts';
import { auditRoutes } from '../../src/api/audit-routes.ts';
import type { ReadinessCheck } from '../../src/api/health.ts';
import { identityRoutes } from '../../src/api/identity-routes.ts';
import { inboxRoutes } from '../../src/api/inbox-routes.ts';
import type { InstanceFacts } from '../../src/api/instance-routes.ts';
import type { ApiSettings, RequestLimits } from '../../src/api/settings.ts';
import { createLogger, type Logger } from '../../src/base/logger.ts';
import type { ApiRoute, ApiSocket } from '../../src/contract/api.ts';
import type { Role } from '../../src/contract/role.ts';
import type { CapabilityData } from '../../src/capabilities/capability-module.ts';
import type { Capability } from '../../src/kernel/capability.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import type { Identity } from '../../src/resources/identity/identity.ts';
import { createDocuments } from '../../src/resources/documents/documents.ts';
import type { Deliveries } from '../../src/resources/deliveries/deliveries.ts';
import { createAudit } from '../../src/resources/audit.ts';
import { createInboxFeed } from '../../src/resources/inbox/feed.ts';
import { createInbox } from '../../src/resources/inbox/inbox.ts';
import { createRateLimit } from '../../src/resources/rate-limit.ts';
import { openReplica } from './identity.ts';
import { withKernel, type TestKernel } from './with-kernel.ts';

export interface TestApi extends TestKernel {
  readonly api: Api;
  /** Where it listens: `http://127.0.0.1:40123`. */
  readonly address: string;
  readonly identity: Identity;
  /** Makes a user of this role with a key, and says who it is. */
  join(role: Role, name?: string): Promise<TestUser>;
  /** Another replica of the API on the same database. */
  replica(settings?: TestSettings): Promise<{ api: Api; address: string }>;
}

export interface TestUser {
  readonly id: string;
  readonly key: string;
  /** Sends a request as this user; `body` goes as JSON. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests assert on what came, whatever it is
  readonly body: any;
}

export interface ApiTestSettings {
  readonly capabilities?: readonly Capability[];
  readonly routes?: readonly ApiRoute[] | ((kernel: Kernel, data: CapabilityData) => readonly ApiRoute[]);
  readonly settings?: TestSettings;
  readonly sockets?: (kernel: Kernel) => readonly ApiSocket[];
  readonly checks?: readonly ReadinessCheck[];
  /** Webhooks of forges. */
  readonly deliveries?: (kernel: TestKernel) => Deliveries;
  readonly heartbeatMs?: number;
  readonly maxQueued?: number;
  /** An existing database instead of a fresh one. */
  readonly url?: string;
  readonly logger?: Logger;
}

const facts: InstanceFacts = {
  version: '0.0.0',
  openRegistration: () => false,
  ready: async () => ({
    database: { kind: 'external', version: '18' },
    sandbox: { driver: 'none', passed: 0, probes: 0, gaps: [] },
  }),
};

/** What a test says of the server, with numbers where a server asks. */
export type TestSettings = Partial<ApiSettings & RequestLimits>;

const quiet = {
  trustedProxies: [],
  corsOrigins: [],
  bodyLimitBytes: 65_536,
  rateLimitPerMinute: 0,
  signInLimitPerMinute: 0,
  drainSeconds: 1,
  ofUser: () => null,
} satisfies TestSettings;

function settingsOf(asked: TestSettings): ApiSettings {
  const { rateLimitPerMinute, signInLimitPerMinute, ofUser, ...rest } = { ...quiet, ...asked };
  return { limits: () => ({ rateLimitPerMinute, signInLimitPerMinute, ofUser }), ...rest };
}

/** Gives `test` the whole API on a loopback socket, over a real kernel and identity on a database of its own. */
export async function withApi(
  options: ApiTestSettings,
  test: (api: TestApi) => Promise<void>,
): Promise<void> {
  const logger = options.logger ?? createLogger(process.env['GANTRY_TEST_LOG'] ?? 'silent');
  const kernelSettings = {
    capabilities: options.capabilities ?? [],
    ...(options.maxQueued !== undefined && { maxQueued: options.maxQueued }),
    ...(options.url !== undefined && { url: options.url }),
  };
  await withKernel(kernelSettings, async (parts) => {
    const { identity, close } = await openReplica(parts.url);
    const audit = createAudit(parts.db, logger);
    const apis: Api[] = [];
    const inbox = createInbox(parts.db, parts.kernel, createInboxFeed(parts.listener));
    const deliveries = options.deliveries?.(parts);
    const routes =
      typeof options.routes === 'function'
        ? options.routes(parts.kernel, { documents: createDocuments(parts.db) })
        : (options.routes ?? []);
    async function replica(settings: TestSettings = {}) {
      const api = createApi({
        kernel: parts.kernel,
        identity,
        rateLimit: createRateLimit(parts.db),
        audit,
        deliveries,
        routes: [...identityRoutes(identity, facts), ...inboxRoutes(inbox), ...auditRoutes(audit), ...routes],
        settings: settingsOf({ ...options.settings, ...settings }),
        ...(options.sockets && { sockets: options.sockets(parts.kernel) }),
        checks: options.checks ?? [],
        metrics: {
          queue: async () => ({ queued: 1, dead: 0, slots: 4, busy: 1 }),
          pool: () => ({ total: 2, idle: 1, waiting: 0 }),
          sandboxes: () => ({ started: 1, warmHits: 1, warmMisses: 0 }),
        },
        logger,
        version: '0.0.0',
        ...(options.heartbeatMs !== undefined && { heartbeatMs: options.heartbeatMs }),
      });
      apis.push(api);
      return { api, address: await api.listen({ host: '127.0.0.1', port: 0 }) };
    }
    try {
      const { api, address } = await replica();
      const join = (role: Role, name: string = role) => joinAs(identity, address, role, name);
      await test({ ...parts, api, address, identity, join, replica });
    } finally {
      await Promise.all(apis.map((api) => api.close()));
      await deliveries?.close();
      await close();
    }
  });
}

async function joinAs(identity: Identity, address: string, role: Role, name: string): Promise<TestUser> {
  const password = 'correct horse battery';
  const user = await identity.users.create({ name, email: `${name}@example.com`, role, password });
  const { key } = await identity.keys.create({ name: `key of ${name}`, role, userId: user.id });
  return {
    id: user.id,
    key,
    send: (method, path, body, headers) =>
      send(`${address}${path}`, method, body, { authorization: `Bearer ${key}`, ...headers }),
  };
}

/** One request; `body` goes as JSON, and comes back parsed when it is JSON. */
export async function send(
  url: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = /\bjson\b/.test(answer.headers.get('content-type') ?? '');
  return { status: answer.status, headers: answer.headers, body: json && text ? JSON.parse(text) : text };
}
