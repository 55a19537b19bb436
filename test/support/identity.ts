import { createLogger, type Logger } from '../../src/base/logger.ts';
import { createIdentity } from '../../src/resources/identity/create-identity.ts';
import type { Identity } from '../../src/resources/identity/identity.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { openListener } from '../../src/store/listen.ts';
import { testDatabase } from './postgres.ts';

export const baseUrl = 'http://gantry.test';

export interface Replica {
  readonly identity: Identity;
  readonly database: Database;
  close(): Promise<void>;
}

interface ReplicaOptions {
  readonly openRegistration?: boolean;
  readonly localTokenFile?: string;
  readonly baseUrl?: string;
  readonly logger?: Logger;
}

/** One process's identity on a database: its own pool, LISTEN connection and memory. */
export async function openReplica(url: string, options: ReplicaOptions = {}): Promise<Replica> {
  const logger = options.logger ?? createLogger('silent');
  const database = openDatabase({ url, poolSize: 8, onError: () => undefined });
  const listener = await openListener(database, logger);
  const identity = await createIdentity({
    database,
    listener,
    logger,
    secret: Buffer.alloc(32, 'test secret of thirty-two bytes!'),
    baseUrl: options.baseUrl ?? baseUrl,
    openRegistration: () => options.openRegistration ?? false,
    localTokenFile: options.localTokenFile,
  });
  const close = async () => {
    await identity.close();
    await listener.close();
    await database.close();
  };
  return { identity, database, close };
}

/** Runs `work` with as many replicas as it opens, on an empty database that goes afterwards. */
export async function withReplicas(
  work: (open: (options?: ReplicaOptions) => Promise<Replica>, url: string) => Promise<void>,
): Promise<void> {
  const { url, drop } = await testDatabase();
  const opened: Replica[] = [];
  try {
    await work(async (options) => {
      const replica = await openReplica(url, options);
      opened.push(replica);
      return replica;
    }, url);
  } finally {
    await Promise.all(opened.map((replica) => replica.close()));
    await drop();
  }
}

/** A POST to `/api/auth` as a page of this server sends it. */
export function post(path: string, body: unknown, headers: Record<string, string> = {}): Request {
  return new Request(`${baseUrl}/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: baseUrl, ...headers },
    body: JSON.stringify(body),
  });
}

/** What a browser sends back of the cookies that it got. */
export function cookieOf(setCookie: readonly string[]): string {
  return setCookie.map((each) => each.split(';')[0]).join('; ');
}
