import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { deliverGitHub, gitHubPayload } from '../../test/support/deliver.ts';
import { startGitHubServer } from '../../test/support/github-server.ts';
import { withApi } from '../../test/support/with-api.ts';
import { createLogger } from '../base/logger.ts';
import type { CapabilityModule, Heard } from '../capabilities/capability-module.ts';
import { loadConfig } from '../config.ts';
import { createGitHubApps } from '../resources/repositories/github-app.ts';
import { openKeyRing } from '../resources/secrets/key-ring.ts';
import { createSecrets } from '../resources/secrets/secrets.ts';
import { openForges } from './forges.ts';
import { openRepositories } from './repositories.ts';
import { openWebhooks, webhookUrl } from './webhooks.ts';

const configured = 'a-secret-of-the-settings';
const ofApp = 'a-secret-of-the-app';

test('what is signed by the settings or the App reaches capabilities, for repositories that are connected only', async () => {
  const github = await startGitHubServer();
  await using started = new AsyncDisposableStack();
  const heard: Heard[] = [];
  const module = { hears: async (each: Heard) => void heard.push(each) } as unknown as CapabilityModule;
  const parts: { connect?: () => Promise<void>; makeApp?: () => Promise<void> } = {};
  try {
    const config = loadConfig({
      GANTRY_GITHUB_BASE_URL: github.url,
      GANTRY_GITHUB_TOKEN: github.token('gantry-person').token,
      GANTRY_GITHUB_WEBHOOK_SECRET: configured,
    });
    await github.add('acme/shop');
    const keys = await openKeyRing(tmpdir(), { current: randomBytes(32).toString('base64') });
    const deliveries: Parameters<typeof withApi>[0]['deliveries'] = ({ db, kernel }) => {
      const secrets = createSecrets(db, keys);
      const forges = openForges(config, started);
      const repositories = openRepositories(config, { db, secrets, forges, forget: async () => undefined });
      parts.connect = async () =>
        void (await repositories.connect({ url: `${github.url}/acme/shop`, name: 'our/shop', by: null }));
      parts.makeApp = async () => makeApp(secrets);
      const logger = createLogger('silent');
      return openWebhooks(config, { db, secrets, repositories, kernel, modules: [module], logger }, started);
    };
    await withApi({ deliveries }, async ({ address, db }) => {
      await parts.makeApp?.();
      await parts.connect?.();
      const send = (secret: string, number: number, repository = 'acme/shop', url = github.url) =>
        deliverGitHub(address, {
          ...{ secret, event: 'issues' },
          payload: gitHubPayload(repository, url, 'ada', {
            ...{ action: 'labeled', issue: { number, title: 'A bug' }, label: { name: 'gantry' } },
          }),
        });
      assert.equal(await send('guess', 1), 401);
      assert.equal(await send(configured, 2), 202);
      assert.equal(await send(ofApp, 3, 'ACME/Shop'), 202);
      assert.equal(await send(configured, 4, 'acme/other'), 202);
      // Of the same name elsewhere.
      assert.equal(await send(configured, 5, 'acme/shop', 'https://github.com'), 202);
      const open = 'SELECT id FROM deliveries WHERE handled_at IS NULL';
      while ((await db.query(open)).length > 0) await new Promise(setImmediate);
      assert.deepEqual(
        heard.map(({ delivery, repository }) => [repository.name, 'number' in delivery && delivery.number]),
        [
          ['our/shop', 2],
          ['our/shop', 3],
        ],
      );
    });
  } finally {
    await github.close();
  }
});

async function makeApp(secrets: ReturnType<typeof createSecrets>): Promise<void> {
  const link = 'https://ghe.example.com/apps/gantry';
  const apps = createGitHubApps({
    ...{ secrets, signingSecret: 'x', isConfigured: false },
    formOf: async ({ state }) => ({ action: state, fields: { manifest: '' } }),
    convert: async () => ({
      ...{ appId: '1', slug: 'gantry', name: 'Gantry', webUrl: link, installUrl: link, privateKey: 'k' },
      ...{ webhookSecret: ofApp, clientId: 'c', clientSecret: 's' },
    }),
  });
  const { action: state } = await apps.form('ada', undefined);
  await apps.finish('ada', { code: 'c', state });
}

test('a forge is asked to deliver only to a server that the world reaches by https', () => {
  assert.equal(
    webhookUrl('https://gantry.example.com/x', 'github'),
    'https://gantry.example.com/webhooks/github',
  );
  for (const address of [
    ...[
      undefined,
      'http://gantry.example.com',
      'https://localhost',
      'https://127.0.0.1:8443',
      'https://[::1]',
    ],
    ...['https://gantry.localhost', 'nonsense'],
  ])
    assert.equal(webhookUrl(address, 'github'), null, address);
});
