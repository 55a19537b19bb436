import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gantry, gantryOnTerminal } from '../../test/support/command-line.ts';
import { withServer } from '../../test/support/gantry-up.ts';
import { startGitServer, type GitServer } from '../../test/support/git-server.ts';
import type { AuditEntry } from '../contract/audit.ts';
import type { Repository } from '../contract/repository.ts';
import type { KeyRotation, Secret } from '../contract/secret.ts';

const { place, server, cli, json } = withServer({ GANTRY_OUTGOING_ALLOW: '127.0.0.1' });

let git: GitServer;
before(async () => {
  git = await startGitServer();
});
after(() => git.close());

test('a repository is connected with its token, checked, listed and removed', async () => {
  const { url } = await git.add('acme/shop');
  git.allow({ username: 'git', password: 'ghp_canary', scope: 'read' });
  const without = await cli('repos', 'add', url);
  assert.equal(without.code, 77, without.stdout);
  assert.match(without.stderr, /If it is private, give it a token/);
  const typed = await gantryOnTerminal(['repos', 'add', url, '--token'], {
    env: place().env,
    onStart: (child) => child.stdout?.once('data', () => child.stdin?.write('ghp_canary\n')),
  });
  assert.equal(typed.code, 0, typed.stdout);
  assert.match(typed.stdout, /Connected acme\/shop\./);
  assert.doesNotMatch(typed.stdout, /ghp_canary/);
  const [shop] = await json<Repository[]>('repos');
  assert.deepEqual([shop?.name, shop?.auth, shop?.status], ['acme/shop', 'token', 'ok']);
  assert.match((await cli('repos')).stdout, /^acme\/shop +git +ok +token +main/m);
  assert.match((await cli('repos', 'check', 'acme/shop')).stdout, /^acme\/shop: ok\./);

  const empty = await git.add('acme/empty', { public: true, commits: [] });
  assert.match((await cli('repos', 'add', empty.url)).stdout, /Connected acme\/empty\. .*Push the first one/);
  assert.equal((await cli('repos', 'remove', 'acme/shop')).code, 2);
  assert.equal((await cli('repos', 'remove', 'acme/shop', '--yes')).code, 0);
  assert.equal((await cli('repos', 'check', 'acme/shop')).code, 66);
  assert.match((await cli('repos', 'add', '/etc')).stderr, /GANTRY_REPOSITORY_PATHS/);

  const { key } = await json<{ key: string }>('keys', 'create', '--name', 'R', '--role', 'member');
  const env = { GANTRY_URL: server().url, GANTRY_API_KEY: key };
  assert.equal((await gantry(['repos'], { env })).code, 0);
  assert.equal((await gantry(['repos', 'add', empty.url], { env })).code, 77);
  const log = await json<AuditEntry[]>('audit', '--kind', 'repositories');
  assert.ok(log.some(({ operation }) => operation === 'POST /repositories'));
  assert.ok(!JSON.stringify(log).includes('ghp_canary'));
});

test('secrets are granted, and sealed under a new key while the server runs', async () => {
  assert.equal((await gantry(['secrets', 'set', 'NPM'], { env: place().env, stdin: 'hush' })).code, 0);
  assert.equal((await cli('secrets', 'grant', 'NPM')).code, 2);
  assert.match((await cli('secrets', 'grant', 'NPM', '--to', 'acme/shop')).stdout, /repository acme\/shop/);
  const before = await json<KeyRotation>('secrets', 'rotate-key', '--status');
  assert.equal(before.rotation, null);
  const done = await json<KeyRotation>('secrets', 'rotate-key');
  assert.ok(done.rotation?.finishedAt);
  assert.deepEqual([done.remaining, done.keyId === before.keyId], [0, false]);
  const [npm] = await json<Secret[]>('secrets');
  assert.deepEqual(npm?.grants, [{ kind: 'repository', subject: 'acme/shop' }]);
  assert.match((await cli('secrets', 'revoke', 'NPM', '--to', 'acme/shop')).stdout, /no run/);
});
