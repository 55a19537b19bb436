import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverGitHub, deliverGitLab, gitHubPayload } from '../../test/support/deliver.ts';
import { withApi, type ApiTestSettings, type TestApi } from '../../test/support/with-api.ts';
import { createLogger } from '../base/logger.ts';
import { readGitHubWebhook } from '../drivers/forges/github/webhook.ts';
import { readGitLabWebhook } from '../drivers/forges/gitlab/webhook.ts';
import { createDeliveries, type Deliveries } from '../resources/deliveries/deliveries.ts';
import type { ForgeDelivery } from '../resources/ports/forge-delivery.ts';

const secret = 'a-secret-of-some-length';
type Tell = (delivery: ForgeDelivery, id: string) => Promise<void>;

function withHooks(
  tell: Tell,
  run: (api: TestApi, deliveries: Deliveries) => Promise<void>,
  settings: ApiTestSettings['settings'] = {},
): Promise<void> {
  let made: Deliveries | undefined;
  const deliveries: ApiTestSettings['deliveries'] = ({ db }) =>
    (made ??= createDeliveries({
      db,
      readers: { github: readGitHubWebhook, gitlab: readGitLabWebhook },
      secrets: async (forge) => (forge === 'github' ? ['', secret] : [secret]),
      tell: (id, delivery) => tell(delivery, id),
      logger: createLogger('silent'),
    }));
  return withApi({ deliveries, settings }, async (api) => {
    assert.ok(made);
    await run(api, made);
  });
}

const labelled = (number: number, more: object = {}) =>
  gitHubPayload('acme/shop', 'https://github.com', 'ada', {
    ...{ action: 'labeled', issue: { number, title: 'A bug' }, label: { name: 'gantry' } },
    ...more,
  });

test('a signed delivery is answered at once and heard once, however often it comes', async () => {
  const heard: string[] = [];
  const tell: Tell = async (delivery) => void heard.push(`${delivery.forge} ${delivery.kind}`);
  await withHooks(tell, async ({ address, db }, deliveries) => {
    const payload = labelled(7);
    const send = (id: string, what: unknown = payload) =>
      deliverGitHub(address, { secret, event: 'issues', payload: what, id });
    assert.deepEqual(await Promise.all([send('d-1'), send('d-1'), send('d-1')]), [202, 202, 202]);
    // The id isn't signed: a replay can bring another one, and another body needs another signature.
    assert.equal(await send('d-2'), 202);
    assert.equal(await send('d-1', labelled(8)), 202);
    await deliveries.handOn();
    assert.deepEqual(heard, ['github issue-labelled']);
    assert.equal(await send('d-3', labelled(8)), 202);
    const merged = {
      ...{ object_kind: 'merge_request', user: { username: 'ada' } },
      object_attributes: { iid: 1, source_branch: 'x', action: 'merge' },
      project: { path_with_namespace: 'acme/shop', web_url: 'https://gitlab.com/acme/shop' },
    };
    const gitLab = () =>
      deliverGitLab(address, { secret, event: 'Merge Request Hook', payload: merged, id: 'd-1' });
    assert.deepEqual([await gitLab(), await gitLab()], [202, 202]);
    await deliveries.handOn();
    assert.deepEqual(heard.slice(1), ['github issue-labelled', 'gitlab pull-merged']);
    const rows = await db.query('SELECT FROM deliveries WHERE delivery IS NOT NULL OR handled_at IS NULL');
    assert.equal(rows.length, 0, 'words of strangers are kept');
  });
});

test('what is not signed, signed by another secret, or changed on its way is refused and never heard', async () => {
  const tell: Tell = () => Promise.reject(new Error('must not be heard'));
  await withHooks(tell, async ({ address, db }) => {
    const payload = labelled(7);
    const common = { event: 'issues', payload };
    assert.equal(await deliverGitHub(address, { ...common, secret: 'guess' }), 401);
    assert.equal(await deliverGitHub(address, { ...common, secret: '' }), 401);
    for (const signature of ['', 'sha256=', 'sha256=00', 'x'.repeat(5000)])
      assert.equal(
        await deliverGitHub(address, { ...common, secret, headers: { 'x-hub-signature-256': signature } }),
        401,
      );
    assert.equal(await deliverGitLab(address, { ...common, secret: 'guess' }), 401);
    assert.equal(await deliverGitLab(address, { ...common, secret: '' }), 401);
    const signed = { 'x-hub-signature-256': 'sha256=00' };
    const answer = await fetch(`${address}/webhooks/github`, { method: 'POST', headers: signed });
    assert.equal(answer.status, 401);
    assert.match(await answer.text(), /not signed/);
    const other = await fetch(`${address}/webhooks/other`, { method: 'POST', body: '{}' });
    assert.equal(other.status, 404);
    assert.deepEqual(await db.query('SELECT id FROM deliveries'), []);
  });
});

test('signed events that nobody needs are answered with 202 and kept nowhere', async () => {
  const tell: Tell = () => Promise.reject(new Error('must not be heard'));
  await withHooks(tell, async ({ address, db }) => {
    for (const [event, payload] of [
      ['ping', { zen: 'x' }],
      ['issues', labelled(7, { action: 'opened' })],
      ['issues', []],
      ['no_such_event', null],
    ] as const)
      assert.equal(await deliverGitHub(address, { secret, event, payload }), 202, event);
    assert.deepEqual(await db.query('SELECT id FROM deliveries'), []);
  });
});

test('large bodies and many requests are turned away, and signed bodies may be nested', async () => {
  const tell: Tell = async () => undefined;
  await withHooks(
    tell,
    async ({ address }) => {
      const filler = 'x'.repeat(200_000);
      const large = labelled(7, { filler });
      assert.equal(await deliverGitHub(address, { secret, event: 'issues', payload: large }), 202);
      const huge = labelled(7, { filler: 'x'.repeat(6 * 1024 ** 2) });
      assert.equal(await deliverGitHub(address, { secret, event: 'issues', payload: huge }), 413);
      const statuses: number[] = [];
      for (let index = 0; index < 20; index += 1)
        statuses.push(await deliverGitHub(address, { secret: 'guess', event: 'x', payload: {} }));
      assert.equal(statuses.at(-1), 429);
    },
    { rateLimitPerMinute: 10 },
  );
});

test('a delivery that can not be handled is kept for another try, and given up at last', async () => {
  let tries = 0;
  const tell: Tell = async () => {
    tries += 1;
    throw new Error('the queue is full');
  };
  await withHooks(tell, async ({ address, db }, deliveries) => {
    const send = () => deliverGitHub(address, { secret, event: 'issues', payload: labelled(7), id: 'd-1' });
    assert.equal(await send(), 202);
    await deliveries.handOn();
    assert.equal(tries, 1, 'tried again at once');
    for (let round = 2; round <= 8; round += 1) {
      await db.query('UPDATE deliveries SET taken_until = now()');
      await deliveries.handOn();
    }
    assert.equal(tries, 6);
    const [row] = await db.query<{ problem: string }>('SELECT problem FROM deliveries');
    assert.equal(row?.problem, 'the queue is full');
    // A person lets the forge deliver it again.
    assert.equal(await send(), 202);
    await deliveries.handOn();
    assert.equal(tries, 7);
  });
});
