import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { createLogger } from '../../src/base/logger.ts';
import { newId } from '../../src/base/ids.ts';
import { openModel } from '../../src/drivers/models/index.ts';
import {
  createGateway,
  type GatewayParts,
  type OpenGateway,
} from '../../src/resources/gateway/create-gateway.ts';
import type { ModelCall, Payer } from '../../src/resources/gateway/gateway.ts';
import type { ModelSettings } from '../../src/resources/gateway/model-settings.ts';
import { openKeyRing } from '../../src/resources/secrets/key-ring.ts';
import { createSecrets, type Secrets } from '../../src/resources/secrets/secrets.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { testDatabase } from './postgres.ts';

export interface TestGateway {
  readonly db: Database;
  readonly url: string;
  readonly secrets: Secrets;
  readonly gateway: OpenGateway;
  /** One more, as another worker has it: the same database by connections of its own. */
  another(parts?: Partial<GatewayParts>): OpenGateway;
}

const bareSettings: ModelSettings = {
  fallbacks: [],
  models: [],
  prices: [],
  sizes: [],
  timeoutMs: 30_000,
  cacheMs: 3_600_000,
  keys: {},
  baseUrls: {},
};

/** A gateway on `db`, over the shipped drivers; its pauses take no time. */
export async function gatewayOn(
  db: Database,
  settings: Partial<ModelSettings>,
  more: Partial<GatewayParts> = {},
): Promise<OpenGateway> {
  const keys = await openKeyRing(tmpdir(), { current: randomBytes(32).toString('base64') });
  return createGateway({
    db,
    secrets: createSecrets(db, keys),
    settings: { ...bareSettings, ...settings },
    openModel,
    log: createLogger('silent'),
    pacing: { pause: async (_ms, signal) => signal.throwIfAborted(), random: () => 0.5 },
    ...more,
  });
}

/** A gateway on a database of its own, over the shipped drivers; its pauses take no time. */
export async function withGateway(
  {
    settings = {},
    ...parts
  }: Partial<Omit<GatewayParts, 'settings'>> & { settings?: Partial<ModelSettings> },
  test: (parts: TestGateway) => Promise<void>,
): Promise<void> {
  const { url, drop } = await testDatabase();
  const opened: Database[] = [];
  const open = () => {
    const db = openDatabase({ url, poolSize: 8, onError: () => undefined });
    opened.push(db);
    return db;
  };
  const db = open();
  const keys = await openKeyRing(tmpdir(), { current: randomBytes(32).toString('base64') });
  const secrets = createSecrets(db, keys);
  const make = (own: Database, more: Partial<GatewayParts> = {}) =>
    createGateway({
      db: own,
      secrets,
      settings: { ...bareSettings, ...settings },
      openModel,
      log: createLogger('silent'),
      pacing: { pause: async (_ms, signal) => signal.throwIfAborted(), random: () => 0.5 },
      ...parts,
      ...more,
    });
  try {
    await test({ db, url, secrets, gateway: make(db), another: (more) => make(open(), more) });
  } finally {
    await Promise.all(opened.map((each) => each.close()));
    await drop();
  }
}

export const somebody: Payer = { runId: newId(), userId: 'ada', repository: 'acme/shop', budget: null };

/** A call of the scripted model, whose script says `text` for 10 tokens in and 5 out. */
export function callOf(more: Partial<ModelCall> = {}): ModelCall {
  return {
    model: 'scripted',
    script: { turns: [{ text: 'hello', tokens: { input: 10, output: 5 }, repeat: 'forever' }] },
    messages: [{ role: 'user', text: 'hi' }],
    maxOutputTokens: 100,
    turn: 0,
    signal: new AbortController().signal,
    payer: somebody,
    owner: null,
    purpose: 'turn',
    ...more,
  };
}
