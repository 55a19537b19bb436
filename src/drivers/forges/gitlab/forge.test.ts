import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inspect } from 'node:util';
import { collect } from '../../../../test/support/collect.ts';
import { openAt } from '../../../../test/support/forge-stages.ts';
import {
  startGitLabServer,
  type GitLabProject,
  type GitLabServer,
} from '../../../../test/support/gitlab-server.ts';
import { runGit } from '../../../../test/support/run-git.ts';
import { GantryError } from '../../../base/errors.ts';
import type { ForgeAuth } from '../../../resources/ports/forge.ts';
import { endpointsOf } from './endpoints.ts';

let server: GitLabServer;
let project: GitLabProject;
let token = '';

before(async () => {
  server = await startGitLabServer();
  project = await server.add('acme/shop');
  await server.add('acme/other');
  ({ token } = server.token('person'));
});
beforeEach(() => {
  server.faults.clear();
  Object.assign(server.state, { projectTokens: true, rawDiffs: true, keyset: false });
});
after(() => server.close());

const open = (auth: ForgeAuth = { kind: 'token', token }, path = 'acme/shop') =>
  openAt('gitlab', server.url, path, auth);

test('a maintainer’s token makes tokens of the one project for git, and ends them afterwards', async () => {
  const forge = await open();
  assert.equal(forge.abilities.scopedCredentials, false);
  const read = await forge.credential('read');
  const write = await forge.credential('write');
  assert.ok(read && write);
  assert.equal(forge.abilities.scopedCredentials, true);
  assert.notEqual(write.password, token);
  const made = server.state.tokens.get(write.password);
  assert.deepEqual([made?.project, made?.scopes, made?.level], ['acme/shop', ['write_repository'], 30]);
  assert.deepEqual(server.state.tokens.get(read.password)?.scopes, ['read_repository']);
  assert.ok(write.expiresAt && write.expiresAt.getTime() > Date.now() + 3600_000);
  const ask = (path: string) =>
    runGit({ command: ['ls-remote'], remote: `${server.url}/${path}.git`, credential: write });
  assert.equal((await ask('acme/shop')).exitCode, 0);
  assert.notEqual((await ask('acme/other')).exitCode, 0);
  await Promise.all([read.revoke(), write.revoke()]);
  await write.revoke();
  assert.deepEqual(
    [...server.state.tokens.values()].map(({ username }) => username),
    ['person'],
  );
});

test('a token that may make none is shown itself, and the abilities say so', async () => {
  const developer = server.token('developer', 30);
  const forge = await open({ kind: 'token', token: developer.token });
  const credential = await forge.credential('write');
  assert.equal(credential?.password, developer.token);
  assert.equal(forge.abilities.scopedCredentials, false);
  await credential?.revoke();
  assert.ok(server.state.tokens.has(developer.token));
  server.state.projectTokens = false;
  assert.equal((await (await open()).credential('read'))?.password, token);
  developer.revoke();
  const refused = await open({ kind: 'token', token: developer.token });
  await assert.rejects(refused.credential('read'), { code: 'FORGE_KEY_REFUSED' });
});

test('what a token lacks is named', async () => {
  const reader = server.token('reader', 20, ['read_api']);
  const forge = await open({ kind: 'token', token: reader.token });
  assert.equal((await forge.describe()).mayPush, false);
  const status = { context: 'c', state: 'success', description: '' } as const;
  const refusal = { code: 'FORGE_FORBIDDEN', message: /lacks the scope "api" and the role Developer/ };
  await assert.rejects(forge.setStatus('a'.repeat(40), status), refusal);
  reader.revoke();
});

test('public projects are read without any token, and nothing else is', async () => {
  await server.add('acme/public', { private: false });
  const forge = await open({ kind: 'none' }, 'acme/public');
  assert.equal((await forge.describe()).isPrivate, false);
  assert.equal(await forge.credential('read'), null);
  await assert.rejects((await open({ kind: 'none' })).describe(), { code: 'NOT_FOUND' });
});

test('lists are read to their end, whether pages are numbered or linked', async () => {
  await project.commit(
    ...Array.from({ length: 230 }, (_, index) => ({ branch: `b${index}`, files: { a: String(index) } })),
  );
  const forge = await open();
  assert.equal((await collect(forge.branches())).length, 231);
  server.state.keyset = true;
  const asked = server.requests.length;
  assert.equal((await collect(forge.branches())).length, 231);
  assert.equal(server.requests.length - asked, 3);
});

test('a long rate limit is told with its end, a short one is waited for', async () => {
  const forge = await open();
  const on = /projects\/acme%2Fshop$/;
  server.faults.add(on, { status: 429, headers: { 'retry-after': '1' }, body: 'Retry later' });
  assert.equal((await forge.describe()).fullName, 'acme/shop');
  const reset = String(Math.ceil(Date.now() / 1000) + 300);
  server.faults.add(on, { status: 429, headers: { 'ratelimit-remaining': '0', 'ratelimit-reset': reset } });
  await assert.rejects(forge.describe(), (error) => {
    assert.ok(error instanceof GantryError && error.code === 'FORGE_RATE_LIMITED');
    assert.ok(Math.abs((error.retryAfterSeconds ?? 0) - 300) < 30);
    return true;
  });
});

test('outages are ridden out by reads, and answers that are none are refused', async () => {
  const forge = await open();
  server.faults.add(/projects/, { status: 503, body: 'busy' });
  server.faults.add(/projects/, 'cut');
  assert.equal((await forge.describe()).fullName, 'acme/shop');
  for (const body of [
    '{"id": 1, "path_w',
    '[]',
    '',
    '<html>Sign in</html>',
    { path_with_namespace: '../x' },
  ]) {
    server.faults.add(/projects/, { status: 200, body });
    await assert.rejects(forge.describe(), (error) => {
      assert.ok(error instanceof GantryError && error.code === 'FORGE_REPLY_INVALID');
      assert.ok(!inspect(error, { depth: 9 }).includes(token));
      return true;
    });
  }
});

test('drafts are told by their title, which is shown without it, and locked ones are open', async () => {
  await project.commit({ branch: 'wip', files: { w: '1' } });
  const forge = await open();
  const pull = await forge.openPull(
    { title: 'A thing', body: '', head: 'wip', base: 'main', draft: true },
    'wip',
  );
  const stored = () => project.stored.pulls.find(({ iid }) => iid === pull.number);
  assert.equal(stored()?.title, 'Draft: A thing');
  assert.equal((await forge.updatePull(pull.number, { title: 'Another' })).title, 'Another');
  assert.equal(stored()?.title, 'Draft: Another');
  await forge.updatePull(pull.number, { draft: false });
  assert.equal(stored()?.title, 'Another');
  const labelled = await forge.openPull(
    { title: 'A thing', body: '', head: 'wip', base: 'main', draft: true, labels: ['a', 'b'] },
    'wip',
  );
  assert.deepEqual([labelled.number, labelled.labels], [pull.number, ['a', 'b']]);
  assert.equal((await forge.pull(pull.number)).base.commit?.length, 40);
});

test('issues and merge requests of the same number have their own comments, without what GitLab wrote', async () => {
  const { stored } = await server.add('acme/talk');
  const notes = [{ id: 1, by: 'person', body: 'assigned to @person', system: true }];
  stored.issues.push({
    iid: 1,
    title: 'I',
    description: '',
    state: 'opened',
    by: 'stranger',
    labels: [],
    notes,
  });
  const commit = { name: 'main', sha: 'a'.repeat(40) };
  const about = {
    iid: 1,
    title: 'P',
    description: '',
    state: 'opened',
    by: 'stranger',
    fork: false,
  } as const;
  stored.pulls.push({ ...about, labels: [], source: commit, target: commit, notes: [] });
  const forge = await open(undefined, 'acme/talk');
  const onIssue = await forge.comment({ on: 'issue', number: 1 }, 'to the issue', 'k');
  const onPull = await forge.comment({ on: 'pull', number: 1 }, 'to the pull', 'k');
  assert.match(onIssue.webUrl ?? '', /acme\/talk\/-\/issues\/1#note_/);
  assert.match(onPull.webUrl ?? '', /acme\/talk\/-\/merge_requests\/1#note_/);
  assert.deepEqual(
    (await collect(forge.comments({ on: 'issue', number: 1 }))).map(({ body }) => body),
    ['to the issue'],
  );
  assert.deepEqual(
    (await collect(forge.comments({ on: 'pull', number: 1 }))).map(({ body }) => body),
    ['to the pull'],
  );
});

test('a status that a commit has already is no error, and an old GitLab’s diff is joined of its files', async () => {
  const commit = await project.commit({
    branch: 'old',
    files: { 'old.txt': 'one\ntwo\n', 'new.txt': 'three\n' },
  });
  const forge = await open();
  const status = { context: 'gantry', state: 'pending', description: 'x' } as const;
  await forge.setStatus(commit, status);
  await forge.setStatus(commit, status);
  const { number } = await forge.openPull(
    { title: 'Old', body: '', head: 'old', base: 'main', draft: false },
    'old',
  );
  const straight = await forge.pullDiff(number, 100_000);
  server.state.rawDiffs = false;
  const joined = await forge.pullDiff(number, 100_000);
  const contents = (text: string) => text.split('\n').filter((line) => /^([-+@]|diff)/.test(line));
  assert.deepEqual(contents(joined.text), contents(straight.text));
});

test('addresses with a path of their own are kept, and names that are none refused', async () => {
  assert.equal(endpointsOf(undefined).web, 'https://gitlab.com');
  assert.equal(endpointsOf('https://example.com/gitlab/').web, 'https://example.com/gitlab');
  assert.equal(endpointsOf('https://example.com/gitlab/api/v4').web, 'https://example.com/gitlab');
  assert.throws(() => endpointsOf('https://user:pw@example.com'), { code: 'INPUT_INVALID' });
  for (const name of ['shop', '../shop', 'acme/../x', 'acme//x', 'acme/shop?x', ''])
    await assert.rejects(open(undefined, name), { code: 'INPUT_INVALID' }, name);
  const ssh = { kind: 'ssh', privateKey: 'k', knownHosts: 'h' } as const;
  await assert.rejects(open(ssh), { code: 'INPUT_INVALID', message: /plain git/ });
});

test('no token ever stands in an address, and the double held', () => {
  assert.ok(server.requests.every(({ line }) => !line.includes(token) && !line.includes('glpat-')));
  assert.deepEqual(server.violations, []);
});
