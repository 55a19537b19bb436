import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '../base/logger.ts';
import { openModel } from '../drivers/models/index.ts';
import { createBudgets } from '../resources/gateway/budgets.ts';
import { createGateway, type OpenGateway } from '../resources/gateway/create-gateway.ts';
import { createModelList } from '../resources/gateway/model-list.ts';
import type { ModelSettings } from '../resources/gateway/model-settings.ts';
import { startModelServer } from '../../test/support/model-server.ts';
import { callOf, somebody } from '../../test/support/with-gateway.ts';
import { withApi, type TestApi } from '../../test/support/with-api.ts';
import { budgetRoutes } from './budget-routes.ts';
import { modelRoutes } from './model-routes.ts';
import type { Database } from '../store/database.ts';

interface Parts extends TestApi {
  readonly gateway: OpenGateway;
}

/** The routes over a gateway whose compatible server is at `url`. */
async function withModels(url: string, run: (parts: Parts) => Promise<void>): Promise<void> {
  const settings: ModelSettings = {
    model: 'openai-compatible/tiny',
    fallbacks: ['misspelt'],
    models: [],
    prices: ['openai-compatible/tiny=1/2'],
    sizes: ['openai-compatible/tiny=8000/500'],
    timeoutMs: 30_000,
    cacheMs: 0,
    keys: { anthropic: 'sk-ant-hidden' },
    baseUrls: { 'openai-compatible': `${url}/v1` },
  };
  let opened: Database | undefined;
  const db: Pick<Database, 'query' | 'transaction'> = {
    query: (...args) => later(opened).query(...args),
    transaction: (...args) => later(opened).transaction(...args),
  };
  const gateway = createGateway({
    db: db as Database,
    secrets: { listSecrets: async () => [], openSecret: async () => undefined },
    settings,
    openModel,
    log: createLogger('silent'),
    pacing: { pause: async () => undefined, random: () => 0 },
  });
  const routes = [
    ...modelRoutes(createModelList(db as Database, gateway, settings)),
    ...budgetRoutes(createBudgets(db as Database)),
  ];
  await withApi({ routes }, async (api) => {
    opened = api.db;
    await run({ ...api, gateway });
  });
}

function later(db: Database | undefined): Database {
  assert.ok(db);
  return db;
}

test('admins set and remove budgets, and everyone sees those that hold for them', () =>
  withModels('http://127.0.0.1:1', async ({ join, gateway }) => {
    const [root, ada, eve, viewer] = await Promise.all([
      join('admin', 'root'),
      join('member', 'ada'),
      join('member', 'eve'),
      join('viewer', 'vi'),
    ]);
    const put = (body: object, as = root) => as.send('PUT', '/api/v1/budgets', body);
    assert.equal((await put({ scope: 'instance', usd: 20 })).status, 200);
    assert.equal((await put({ scope: 'user', subject: ada.id, tokens: 1000 })).body.updatedBy, root.id);
    assert.equal((await put({ scope: 'user', subject: ada.id, usd: 5 })).body.tokens, null);
    assert.equal((await put({ scope: 'user', usd: 1 })).status, 200);
    assert.equal((await put({ scope: 'run', tokens: 5000 })).status, 200);
    for (const body of [
      { scope: 'run', subject: 'x', usd: 1 },
      { scope: 'instance' },
      { scope: 'user', usd: 0 },
      { scope: 'user', usd: -1 },
      { scope: 'user', tokens: 1.5 },
      { scope: 'galaxy', usd: 1 },
    ]) {
      assert.equal((await put(body)).status, 400, JSON.stringify(body));
    }
    assert.equal((await put({ scope: 'user', subject: 'nobody', usd: 1 })).status, 404);
    for (const person of [ada, viewer])
      assert.equal((await put({ scope: 'run', usd: 1 }, person)).status, 403);

    const seen = async (as: typeof root) => {
      const { body } = await as.send('GET', '/api/v1/budgets');
      return body.items.map((rule: { scope: string; subject: string }) => `${rule.scope} ${rule.subject}`);
    };
    assert.deepEqual(await seen(root), ['instance ', 'run ', 'user ', `user ${ada.id}`]);
    assert.deepEqual(await seen(viewer), await seen(root));
    assert.deepEqual(await seen(ada), ['run ', 'user ', `user ${ada.id}`]);
    assert.deepEqual(await seen(eve), ['run ', 'user ']);

    const call = callOf({ payer: { ...somebody, userId: ada.id } });
    assert.equal((await gateway.complete(call)).kind, 'answer');
    const state = (await ada.send('GET', '/api/v1/budgets/state')).body;
    assert.deepEqual(
      state.items.map(({ scope, subject, spentTokens, usd }: Record<string, unknown>) => [
        scope,
        subject,
        spentTokens,
        usd,
      ]),
      [['user', ada.id, 15, 5]],
    );
    assert.deepEqual(state.run, { usd: null, tokens: 5000 });
    assert.ok(Date.parse(state.endsAt) > Date.now() && state.endsAt.endsWith('T00:00:00.000Z'));
    const whole = (await root.send('GET', '/api/v1/budgets/state')).body.items;
    assert.deepEqual(
      whole.map(({ scope, spentTokens }: Record<string, unknown>) => [scope, spentTokens]).toSorted(),
      [
        ['instance', 15],
        ['repository', 15],
        ['user', 15],
      ],
    );
    assert.deepEqual((await eve.send('GET', '/api/v1/budgets/state')).body.items[0].spentTokens, 0);

    const remove = () => root.send('DELETE', `/api/v1/budgets?scope=user&subject=${ada.id}`);
    assert.deepEqual([(await remove()).status, (await remove()).status], [204, 404]);
    const { body: audit } = await root.send('GET', '/api/v1/audit');
    assert.ok(JSON.stringify(audit).includes('"scope":"instance"'));
  }));

test('models are listed with prices and what they did, and a test call says how it went', async () => {
  const server = await startModelServer();
  try {
    await withModels(server.url, async ({ join, gateway }) => {
      const [root, ada] = await Promise.all([join('admin', 'root'), join('member', 'ada')]);
      const probe = (model: string, as = root) => as.send('POST', '/api/v1/models/test', { model });
      assert.equal((await probe('openai-compatible/tiny', ada)).status, 403);
      const { body: tested } = await probe('openai-compatible/tiny');
      assert.deepEqual([tested.ok, tested.said, tested.error], [true, 'ok', null]);
      assert.ok(tested.ms >= 0 && tested.usd > 0);
      server.answers.push({ error: 'key' });
      const { body: refused } = await probe('openai-compatible/tiny');
      assert.deepEqual([refused.ok, refused.error.code], [false, 'MODEL_KEY_REFUSED']);
      const { body: unknown } = await probe('google/gemini-2.5-pro');
      assert.equal(unknown.error.code, 'MODEL_UNKNOWN');
      assert.match(unknown.error.message, /GOOGLE_GENERATIVE_AI_API_KEY/);
      assert.equal((await gateway.complete(callOf())).kind, 'answer');

      const { body: list } = await root.send('GET', '/api/v1/models');
      assert.equal(list.default, 'openai-compatible/tiny');
      const tiny = list.items.find((item: { isDefault: boolean }) => item.isDefault);
      assert.deepEqual(
        [tiny.calls, tiny.failed, tiny.contextTokens, tiny.priceFrom],
        [2, 1, 8000, 'setting'],
      );
      assert.deepEqual(tiny.price, { input: 1, output: 2, cacheRead: 1, cacheWrite: 1 });
      const misspelt = list.items.find(({ model }: { model: string }) => model === 'misspelt');
      assert.deepEqual([misspelt.price, misspelt.contextTokens, misspelt.calls], [null, null, 0]);
      assert.ok(tiny.usd > 0 && tiny.meanMs > 0 && tiny.lastUsedAt);
      const of = (name: string, body = list) =>
        body.providers.find(({ provider }: { provider: string }) => provider === name);
      assert.deepEqual(
        [of('anthropic').configured, of('anthropic').keyFrom, of('google').configured],
        [true, 'ANTHROPIC_API_KEY', false],
      );
      assert.match(of('google').remedy, /gantry secrets set GOOGLE_GENERATIVE_AI_API_KEY/);
      const { body: own } = await ada.send('GET', '/api/v1/models');
      assert.equal(of('openai-compatible', own).baseUrl, null);
      assert.ok(!JSON.stringify([list, own]).includes('hidden'));
    });
  } finally {
    await server.close();
  }
});
