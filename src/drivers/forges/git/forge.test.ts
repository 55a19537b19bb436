import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { collect } from '../../../../test/support/collect.ts';
import { startGitServer, type GitServer } from '../../../../test/support/git-server.ts';
import { startSshServer } from '../../../../test/support/ssh-server.ts';
import { runGit } from '../../../../test/support/run-git.ts';
import type { ForgeAuth, GitQuestion } from '../../../resources/ports/forge.ts';
import { openGitForge } from './forge.ts';
import { headName, readRefs } from './refs.ts';

const token = 'canary-token-of-the-git-forge';
let server: GitServer;

before(async () => {
  server = await startGitServer();
});
after(() => server.close());

function open(repository: string, auth: ForgeAuth = { kind: 'none' }, run = runGit) {
  return openGitForge({ repository, auth, fetch, runGit: run });
}

test('a path on the server is read like any other address', async () => {
  const { path } = await server.add('paths/shop');
  const described = await open(path).describe();
  assert.equal(described.fullName, 'shop');
  assert.equal(described.defaultBranch, 'main');
  assert.equal(described.mayPush, true);
});

test('an empty repository has no default branch and no branches', async () => {
  const { url } = await server.add('acme/empty', { public: true, commits: [] });
  assert.equal((await open(url).describe()).defaultBranch, null);
  assert.deepEqual(await collect(open(url).branches()), []);
});

test('a branch is found by its whole name only, and refs of another kind are no branches', async () => {
  const repository = await server.add('acme/names', { public: true });
  const commit = await repository.commit({ branch: 'feature/one', files: { a: '1' } });
  const forge = open(repository.url);
  assert.deepEqual(await forge.branch('feature/one'), { name: 'feature/one', commit, isProtected: false });
  assert.equal(await forge.branch('one'), undefined);
  assert.equal(await forge.branch('*'), undefined);
});

test('a token is shown as a password, never in the address, and a revoked one is refused with what to do', async () => {
  const { url } = await server.add('acme/locked');
  const account = server.allow({ username: 'git', password: token, scope: 'read' });
  const asked: GitQuestion[] = [];
  const forge = open(url, { kind: 'token', token }, (question) => {
    asked.push(question);
    return runGit(question);
  });
  assert.equal((await forge.describe()).defaultBranch, 'main');
  const { username, password, expiresAt } = (await forge.credential('write')) ?? {};
  assert.deepEqual([username, password, expiresAt], ['git', token, null]);
  account.revoke();
  await assert.rejects(forge.describe(), (error) => {
    assert.match(String(error), /Connect the repository again/);
    assert.ok(!inspect(error, { depth: 9 }).includes(token));
    return (error as { code?: string }).code === 'FORGE_KEY_REFUSED';
  });
  for (const { remote, command } of asked) assert.ok(![remote, ...command].join(' ').includes(token));
  assert.ok(!JSON.stringify(server.requests).includes(token));
});

test('what is wrong with an address is told in words', async () => {
  const { url } = await server.add('acme/there', { public: true });
  const refusal = async (address: string, code: string) =>
    assert.rejects(open(address, { kind: 'token', token }).describe(), { code }, address);
  server.allow({ username: 'git', password: token, scope: 'read' });
  await refusal(url.replace('there', 'missing'), 'NOT_FOUND');
  await refusal('/nowhere/at/all', 'NOT_FOUND');
  await refusal('http://127.0.0.1:1/acme/shop.git', 'FORGE_UNAVAILABLE');
  await refusal('--upload-pack=touch /tmp/owned', 'INPUT_INVALID');
  await refusal('nonsense::x', 'INPUT_INVALID');
  for (const [status, code] of [
    [403, 'FORGE_FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [429, 'FORGE_RATE_LIMITED'],
    [502, 'FORGE_UNAVAILABLE'],
    [200, 'FORGE_REPLY_INVALID'],
  ] as const) {
    server.fault = {
      status,
      body: '<!doctype html>\n<html>\n<title>Sign in to the forge, please, before you go on</title>\n</html>\n',
    };
    await refusal(url, code);
  }
  server.fault = 'drop';
  await refusal(url, 'FORGE_UNAVAILABLE');
  server.fault = null;
});

test('a server that is no git server, or talks nonsense, is said to be none', async () => {
  const odd = createServer((_request, reply) => {
    reply.setHeader('content-type', 'application/x-git-upload-pack-advertisement');
    reply.end('zzzz this is no pkt-line');
  }).listen(0, '127.0.0.1');
  await once(odd, 'listening');
  const url = `http://127.0.0.1:${(odd.address() as AddressInfo).port}/acme/shop.git`;
  await assert.rejects(open(url).describe(), { code: 'FORGE_REPLY_INVALID' });
  odd.close();
  assert.throws(() => readRefs('deadbeef\trefs/heads/x\n', 'x'), { code: 'FORGE_REPLY_INVALID' });
  const detached = `${'a'.repeat(40)}\tHEAD\n${'a'.repeat(40)}\trefs/heads/dev\n`;
  assert.equal(headName(readRefs(detached, 'x')), 'dev');
});

test('an ssh key goes with the credential, for addresses of ssh', async () => {
  const ssh = { kind: 'ssh', privateKey: 'key', knownHosts: 'host line' } as const;
  const credential = await open('git@host.example:acme/shop.git', ssh).credential('read');
  assert.deepEqual(credential?.ssh, { privateKey: 'key', knownHosts: 'host line' });
  assert.equal(await open('git@host.example:x.git', { kind: 'token', token }).credential('read'), null);
});

test('a repository is read over ssh by its key, from the server that is known only', async (t) => {
  const ssh = await startSshServer();
  if (typeof ssh === 'string') return t.skip(ssh);
  t.after(() => ssh.close());
  const { path } = await server.add('ssh/shop');
  const { privateKey, knownHosts, otherKey, otherKnownHosts } = ssh;
  const at = (auth: { privateKey: string; knownHosts: string }) =>
    open(`${ssh.url}${path}`, { kind: 'ssh', ...auth });
  const described = await at({ privateKey, knownHosts }).describe();
  assert.deepEqual([described.fullName, described.defaultBranch], ['ssh/shop', 'main']);
  const refused = async (auth: { privateKey: string; knownHosts: string }, message: RegExp) =>
    assert.rejects(at(auth).describe(), { code: 'FORGE_KEY_REFUSED', message });
  await refused({ privateKey: otherKey, knownHosts }, /token or key/);
  await refused({ privateKey, knownHosts: otherKnownHosts }, /host key/);
  await refused({ privateKey, knownHosts: '' }, /host key/);
  const missing = { kind: 'ssh', privateKey, knownHosts } as const;
  await assert.rejects(open(`${ssh.url}${path}x`, missing).describe(), { code: 'NOT_FOUND' });
});
