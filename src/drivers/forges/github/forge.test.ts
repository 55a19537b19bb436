import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { inspect } from 'node:util';
import { collect } from '../../../../test/support/collect.ts';
import { openAt } from '../../../../test/support/forge-stages.ts';
import { loadGitHubOpenApi } from '../../../../test/support/github-openapi.ts';
import { startGitHubServer, type GitHubServer } from '../../../../test/support/github-server.ts';
import type { Permissions } from '../../../../test/support/github-state.ts';
import { runGit } from '../../../../test/support/run-git.ts';
import { GantryError } from '../../../base/errors.ts';
import type { ForgeAuth } from '../../../resources/ports/forge.ts';
import { appForm, convertManifest } from './app-manifest.ts';
import { endpointsOf } from './endpoints.ts';

const all: Permissions = {
  contents: 'write',
  metadata: 'read',
  pull_requests: 'write',
  issues: 'write',
  statuses: 'write',
};
const repositories = ['acme/shop', 'acme/other'];

let server: GitHubServer;
let unchecked: string | null = null;
let token = '';

before(async () => {
  const openApi = await loadGitHubOpenApi();
  if (typeof openApi === 'string') unchecked = openApi;
  server = await startGitHubServer(typeof openApi === 'string' ? undefined : openApi);
  await Promise.all(repositories.map((name) => server.add(name)));
  ({ token } = server.token('person'));
});
beforeEach(() => {
  server.faults.clear();
  server.state.installations.length = 0;
  server.quota = null;
});
after(() => server.close());

const open = (auth: ForgeAuth = { kind: 'token', token }, repository = 'acme/shop') =>
  openAt('github', server.url, repository, auth);
const openApp = (repository?: string) => open({ kind: 'app', ...server.app }, repository);
const asked = () => server.requests.map(({ line }) => line);
const live = (secret: string) => server.state.principals.has(secret);

test('an App gets tokens for the one repository and purpose only, and ends them when the last holder is done', async () => {
  server.install(repositories, all);
  const forge = await openApp();
  assert.equal(forge.abilities.scopedCredentials, true);
  const read = await forge.credential('read');
  const [write, same] = await Promise.all([forge.credential('write'), forge.credential('write')]);
  assert.ok(read && write && same);
  assert.equal(write.password, same.password);
  assert.notEqual(read.password, write.password);
  assert.deepEqual(server.state.principals.get(read.password)?.repositories, ['acme/shop']);
  assert.deepEqual(server.state.principals.get(read.password)?.permissions, {
    ...{ contents: 'read', metadata: 'read', pull_requests: 'read', issues: 'read', statuses: 'read' },
  });
  assert.equal(server.state.principals.get(write.password)?.permissions?.['contents'], 'write');
  assert.ok(write.expiresAt && write.expiresAt.getTime() > Date.now() + 50 * 60_000);

  const elsewhere = { command: ['ls-remote'], remote: `${server.url}/acme/other.git`, credential: write };
  assert.notEqual((await runGit(elsewhere)).exitCode, 0);
  assert.equal((await runGit({ ...elsewhere, remote: `${server.url}/acme/shop.git` })).exitCode, 0);

  await write.revoke();
  await write.revoke();
  assert.equal(live(same.password), true);
  await same.revoke();
  assert.equal(live(same.password), false);
  await read.revoke();
  assert.equal((await forge.describe()).mayPush, true);
});

test('a token that ends soon or was taken back is replaced, without anybody noticing', async () => {
  server.install(repositories, all);
  server.state.tokenMinutes = 5;
  const forge = await openApp();
  const first = await forge.credential('read');
  server.state.tokenMinutes = 60;
  const second = await forge.credential('read');
  assert.notEqual(first?.password, second?.password);
  await forge.describe();
  server.state.principals.delete(second?.password ?? '');
  assert.equal((await forge.describe()).fullName, 'acme/shop');
  assert.notEqual((await forge.credential('read'))?.password, second?.password);
  await second?.revoke();
});

test('what its own requests were made with ends when it is closed, and what others hold does not', async () => {
  server.install(repositories, all);
  const forge = await openApp();
  const bots = () => [...server.state.principals.values()].filter(({ type }) => type === 'Bot');
  const before = bots().length;
  await forge.describe();
  assert.equal(bots().length, before + 1);
  await forge.close();
  await forge.close();
  assert.equal(bots().length, before);
  const held = await forge.credential('read');
  await forge.describe();
  await forge.close();
  assert.equal(live(held?.password ?? ''), true);
  await held?.revoke();
  assert.equal(bots().length, before);
});

test('what an App lacks is named', async () => {
  const fails = async (code: string, message: RegExp) =>
    assert.rejects((await openApp()).credential('write'), { code, message });
  await fails('NOT_FOUND', /the App to be installed on this repository/);
  server.install(repositories, { ...all, pull_requests: 'read', statuses: 'read' });
  await fails('FORGE_FORBIDDEN', /lack pull_requests: write, statuses: write/);
  assert.equal((await (await openApp()).describe()).mayPush, true);
  server.state.installations.length = 0;
  server.install(repositories, { ...all, contents: 'read' });
  assert.equal((await (await openApp()).describe()).mayPush, false);
  server.state.installations.length = 0;
  server.install(repositories, all).suspended = true;
  await fails('FORGE_FORBIDDEN', /suspended/);
  const wrong = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const stolen = wrong.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const privateKey of [stolen, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----']) {
    const forge = await open({ kind: 'app', appId: server.app.appId, privateKey });
    await assert.rejects(forge.describe(), (error) => {
      assert.ok(error instanceof GantryError && error.code === 'FORGE_KEY_REFUSED');
      assert.ok(!inspect(error, { depth: 9 }).includes(privateKey.split('\n')[1] ?? '?'));
      return true;
    });
  }
});

test('an App writes under its own name, and takes no other’s mark for its own', async () => {
  server.install(repositories, all);
  const repository = await server.add('acme/talk');
  server.install(['acme/talk'], all);
  const issue = repository.issue('stranger', 'Hello', 'there');
  const thread = { on: 'issue', number: issue.number } as const;
  repository.comment(issue, 'gantry-test', 'mine?\n\n<!-- gantry:k -->');
  const forge = await openApp('acme/talk');
  const posted = await forge.comment(thread, 'first', 'k');
  assert.equal(posted.author, 'gantry-test[bot]');
  assert.equal((await forge.comment(thread, 'second', 'k')).id, posted.id);
  assert.equal(issue.comments.length, 2);
});

test('a personal token that lacks a right is refused with the right’s name', async () => {
  const weak = server.token('reader', {
    metadata: 'read',
    contents: 'read',
    pull_requests: 'read',
    issues: 'read',
  });
  const forge = await open({ kind: 'token', token: weak.token });
  assert.equal((await forge.describe()).mayPush, false);
  const status = { context: 'c', state: 'success', description: '' } as const;
  await assert.rejects(forge.setStatus('a'.repeat(40), status), {
    code: 'FORGE_FORBIDDEN',
    message: /lacks the permission "Commit statuses: write"/,
  });
});

test('public repositories are read without any credential, and nothing else is', async () => {
  await server.add('acme/public', { private: false });
  const forge = await open({ kind: 'none' }, 'acme/public');
  assert.equal((await forge.describe()).isPrivate, false);
  assert.equal(await forge.credential('read'), null);
  await assert.rejects((await open({ kind: 'none' })).describe(), { code: 'NOT_FOUND' });
  await assert.rejects(forge.setStatus('a'.repeat(40), { context: 'c', state: 'success', description: '' }), {
    code: 'FORGE_KEY_REFUSED',
  });
});

test('a long rate limit is told with its end, a short one is waited for', async () => {
  const forge = await open();
  server.quota = 0;
  await assert.rejects(forge.describe(), (error) => {
    assert.ok(error instanceof GantryError && error.code === 'FORGE_RATE_LIMITED');
    assert.ok(Math.abs((error.retryAfterSeconds ?? 0) - 600) < 30);
    return true;
  });
  server.quota = null;
  const body = { message: 'You have exceeded a secondary rate limit.' };
  server.faults.add(/repos\/acme\/shop$/, { status: 403, headers: { 'retry-after': '1' }, body });
  assert.equal((await forge.describe()).fullName, 'acme/shop');
  server.faults.add(/repos\/acme\/shop$/, { status: 429, headers: { 'retry-after': '3600' }, body });
  await assert.rejects(forge.describe(), { code: 'FORGE_RATE_LIMITED', retryAfterSeconds: 3600 });
  server.faults.add(/repos\/acme\/shop$/, { status: 403, body });
  await assert.rejects(forge.describe(), { code: 'FORGE_RATE_LIMITED', retryAfterSeconds: 60 });
});

test('an outage in the middle of a list is ridden out', async () => {
  const repository = await server.add('acme/long');
  for (let index = 0; index < 250; index += 1) repository.issue('stranger', `Issue ${index}`, '');
  const [issue] = repository.stored.issues;
  assert.ok(issue);
  for (let index = 0; index < 250; index += 1) repository.comment(issue, 'stranger', String(index));
  server.faults.add(/page=2/, { status: 502, body: 'Bad gateway' });
  server.faults.add(/page=3/, 'cut');
  const forge = await open(undefined, 'acme/long');
  const comments = await collect(forge.comments({ on: 'issue', number: 1 }));
  assert.deepEqual(
    comments.map(({ body }) => body),
    Array.from({ length: 250 }, (_, index) => String(index)),
  );
});

test('an answer that is lost on the way makes no second pull or comment', async () => {
  const repository = await server.add('acme/lossy');
  await repository.commit({ branch: 'topic', files: { a: '1' } });
  const forge = await open(undefined, 'acme/lossy');
  const wanted = { title: 'T', body: 'B', head: 'topic', base: 'main', draft: false };
  server.faults.add(/POST .*\/pulls/, 'lost');
  await assert.rejects(forge.openPull(wanted, 'k'), { code: 'FORGE_UNAVAILABLE' });
  const thread = { on: 'pull', number: (await forge.openPull(wanted, 'k')).number } as const;
  server.faults.add(/POST .*\/comments/, 'lost');
  await assert.rejects(forge.comment(thread, 'text', 'c'), { code: 'FORGE_UNAVAILABLE' });
  await forge.comment(thread, 'text', 'c');
  assert.equal(repository.stored.issues.length, 1);
  assert.equal((await collect(forge.comments(thread))).length, 1);
});

test('answers that are none are refused, whatever is wrong with them', async () => {
  const forge = await open();
  for (const body of [
    '{"full_name": "acme/sh',
    '[]',
    'null',
    '{"full_name": 7}',
    '',
    '<html></html>',
    '"text"',
    '{"id":1e999}',
  ]) {
    server.faults.add(/repos\/acme\/shop$/, { status: 200, body });
    await assert.rejects(forge.describe(), { code: 'FORGE_REPLY_INVALID', message: /base address/ }, body);
  }
  server.faults.add(/branches/, { status: 200, body: { message: 'no list' } });
  await assert.rejects(collect(forge.branches()), { code: 'FORGE_REPLY_INVALID' });
  const evil = { ...{ full_name: 'acme/shop/../..', html_url: 'javascript:alert(1)' } };
  server.faults.add(/repos\/acme\/shop$/, { status: 200, body: evil });
  await assert.rejects(forge.describe(), { code: 'FORGE_REPLY_INVALID' });
});

test('a credential follows no redirect away from the forge, and a renamed repository is still found', async () => {
  const seen: string[] = [];
  const elsewhere = createServer((request, reply) => {
    seen.push(String(request.headers.authorization));
    reply.end('{}');
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const address = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  const forge = await open();
  server.faults.add(/repos\/acme\/shop$/, { status: 302, headers: { location: address } });
  await assert.rejects(forge.describe(), { code: 'FORGE_REPLY_INVALID' });
  assert.deepEqual(seen, []);
  elsewhere.close();
  const renamed = await open(undefined, 'acme/old');
  server.faults.add(/repos\/acme\/old/, { status: 301, headers: { location: '/api/v3/repos/acme/shop' } });
  assert.equal((await renamed.describe()).fullName, 'acme/shop');
  server.faults.add(/POST/, { status: 307, headers: { location: '/api/v3/repos/acme/shop' } });
  await assert.rejects(renamed.setStatus('a'.repeat(40), { context: 'c', state: 'error', description: '' }), {
    code: 'NOT_FOUND',
    message: /Connect it again/,
  });
});

test('a diff that GitHub finds too large is joined of its files', async () => {
  const repository = await server.add('acme/large');
  const files = Object.fromEntries(
    Array.from({ length: 130 }, (_, index) => [`f${index}.txt`, `line ${index}\n`]),
  );
  await repository.commit({ branch: 'big', files });
  const forge = await open(undefined, 'acme/large');
  const { number } = await forge.openPull(
    { title: 'Big', body: '', head: 'big', base: 'main', draft: false },
    'k',
  );
  const straight = await forge.pullDiff(number, 1_000_000);
  server.state.longestDiff = 100;
  const joined = await forge.pullDiff(number, 1_000_000);
  server.state.longestDiff = Number.POSITIVE_INFINITY;
  const contents = (text: string) => text.split('\n').filter((line) => /^([-+@]|diff)/.test(line));
  assert.deepEqual(contents(joined.text), contents(straight.text));
  assert.deepEqual([joined.truncated, straight.truncated], [false, false]);
});

test('where drafts are not to be had a pull is opened as ready, and what GraphQL refuses is told', async () => {
  const repository = await server.add('acme/free');
  await repository.commit({ branch: 'topic', files: { a: '1' } });
  const forge = await open(undefined, 'acme/free');
  server.state.drafts = false;
  const pull = await forge.openPull({ title: 'T', body: '', head: 'topic', base: 'main', draft: true }, 'k');
  server.state.drafts = true;
  assert.equal(pull.isDraft, false);
  const errors = [{ type: 'FORBIDDEN', message: 'no' }];
  server.faults.add(/api\/graphql/, { status: 200, body: { data: null, errors } });
  await assert.rejects(forge.updatePull(pull.number, { draft: true }), { code: 'FORGE_FORBIDDEN' });
  server.faults.add(/api\/graphql/, {
    status: 200,
    body: { data: null, errors: [{ type: 'RATE_LIMITED', message: 'x' }] },
  });
  await assert.rejects(forge.updatePull(pull.number, { draft: true }), { code: 'FORGE_RATE_LIMITED' });
});

test('an App is made by a form and a code that works once', async () => {
  const plan = {
    name: 'Gantry of Acme',
    url: 'https://gantry.example',
    webhookUrl: 'https://gantry.example/webhooks/github',
    redirectUrl: 'https://gantry.example/back',
  };
  const form = appForm(plan, { baseUrl: server.url, organization: 'acme', state: 'a b' });
  assert.equal(form.action, `${server.url}/organizations/acme/settings/apps/new?state=a%20b`);
  const manifest = JSON.parse(form.fields.manifest);
  assert.equal(manifest.public, false);
  assert.deepEqual(manifest.default_permissions, { ...all, checks: 'read', actions: 'read' });
  assert.equal(manifest.hook_attributes.url, plan.webhookUrl);
  assert.equal(
    appForm({ ...plan, webhookUrl: null }, { state: 's' }).fields.manifest.includes('hook'),
    false,
  );
  assert.equal(appForm(plan, { state: 's' }).action, 'https://github.com/settings/apps/new?state=s');
  assert.throws(() => appForm(plan, { organization: '../x', state: 's' }), { code: 'INPUT_INVALID' });

  server.state.manifestCodes.set('code-1', {
    id: 7,
    slug: 'gantry-of-acme',
    permissions: all,
    pem: server.app.privateKey,
  });
  const made = await convertManifest('code-1', { baseUrl: server.url, fetch });
  assert.deepEqual([made.appId, made.slug, made.privateKey], ['7', 'gantry-of-acme', server.app.privateKey]);
  assert.equal(made.installUrl, `${server.url}/apps/gantry-of-acme/installations/new`);
  await assert.rejects(convertManifest('code-1', { baseUrl: server.url, fetch }), { code: 'NOT_FOUND' });
});

test('addresses of github.com, its tenants and Enterprise Servers lead to their API', () => {
  const api = (address?: string) => endpointsOf(address).api;
  assert.equal(api(), 'https://api.github.com');
  assert.equal(api('https://www.github.com/'), 'https://api.github.com');
  assert.equal(api('https://acme.ghe.com'), 'https://api.acme.ghe.com');
  assert.equal(api('https://ghe.example.com'), 'https://ghe.example.com/api/v3');
  assert.equal(api('https://ghe.example.com:8443/api/v3/'), 'https://ghe.example.com:8443/api/v3');
  assert.equal(endpointsOf('https://ghe.example.com/api/v3').web, 'https://ghe.example.com');
  for (const bad of ['ghe', 'ftp://x', 'https://user:pw@ghe.example.com'])
    assert.throws(() => endpointsOf(bad), { code: 'INPUT_INVALID' });
});

test('names that are none are refused before anything is asked', async () => {
  const before = server.requests.length;
  for (const name of ['shop', 'acme/shop/x', '../shop', 'acme/..', 'acme/sh op', 'acme/shop?x', ''])
    await assert.rejects(open(undefined, name), { code: 'INPUT_INVALID' }, name);
  assert.equal(server.requests.length, before);
});

test('no token ever stands in an address', () => {
  const secrets = [token, ...server.state.principals.keys()];
  assert.ok(asked().every((line) => secrets.every((secret) => !line.includes(secret))));
});

test('the double answered as GitHub publishes', (t) => {
  assert.deepEqual(server.violations, []);
  if (unchecked !== null) t.skip(unchecked);
});
