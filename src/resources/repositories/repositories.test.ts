import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openForge } from '../../drivers/forges/index.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { addCommits, initBare } from '../../../test/support/git-repository.ts';
import { startGitServer, type GitServer } from '../../../test/support/git-server.ts';
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts';
import { createOutgoing } from '../outgoing/outgoing.ts';
import { openKeyRing } from '../secrets/key-ring.ts';
import { createSecrets, type Secrets } from '../secrets/secrets.ts';
import { createRunGit } from '../workspace/host-git.ts';
import { credentialScope, readCredentials, type OpenForge } from './access.ts';
import { createRepositories } from './create-repositories.ts';
import type { Repositories } from './repositories.ts';

let clone: TestDatabase;
let db: Database;
let secrets: Secrets;
let server: GitServer;
let root: string;
const forgotten: string[] = [];
before(async () => {
  clone = await testDatabase();
  db = openDatabase({ url: clone.url, poolSize: 4, onError: () => undefined });
  secrets = createSecrets(db, await openKeyRing(tmpdir(), { current: randomBytes(32).toString('base64') }));
  server = await startGitServer();
  root = await mkdtemp(join(tmpdir(), 'gantry-repositories-'));
});
after(async () => {
  await server.close();
  await db.close();
  await clone.drop();
  await rm(root, { recursive: true, force: true });
});

const open: OpenForge = (kind, access) =>
  openForge(kind, { ...access, fetch, runGit: createRunGit(async () => ({})) });

function repositories(more: { paths?: string[]; allow?: string[] } = {}): Repositories {
  const outgoing = createOutgoing({ allow: more.allow ?? ['127.0.0.1'] });
  return createRepositories({
    db,
    secrets,
    open,
    instance: async () => undefined,
    bases: {},
    paths: more.paths ?? [],
    checkOutgoing: (url) => outgoing.check(url),
    forget: async (name) => void forgotten.push(name),
  });
}

const refusal = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => assert.fail('it was let through'),
    (thrown: Error & { code?: string }) => thrown,
  );
  return { code: error.code, message: error.message };
};

test('a public repository is connected, found by its name, and connected once only', async () => {
  const { url } = await server.add('acme/shop', { public: true });
  const all = repositories();
  const shop = await all.connect({ url, by: 'ada' });
  assert.deepEqual(
    { name: shop.name, forge: shop.forge, auth: shop.auth, status: shop.status, branch: shop.defaultBranch },
    { name: 'acme/shop', forge: 'git', auth: 'none', status: 'ok', branch: 'main' },
  );
  assert.deepEqual(await all.list(), [shop]);
  assert.deepEqual(await all.get('ACME/shop'), shop);
  const again = await refusal(all.connect({ url, by: null }));
  assert.deepEqual([again.code, /connected already, as acme\/shop/.test(again.message)], ['CONFLICT', true]);
  const { url: other } = await server.add('fork/acme/shop', { public: true });
  const named = await refusal(all.connect({ url: other, by: null }));
  assert.match(named.message, /--name/);
  assert.equal((await all.connect({ url: other, name: 'fork/shop', by: null })).name, 'fork/shop');
  const forge = await all.forge({ name: 'acme/shop' });
  assert.equal((await forge.branch('main'))?.name, 'main');
  assert.match((await refusal(all.get('acme/none'))).message, /gantry repos add/);
});

test('a private one needs its token, which is sealed, tried first, and in no list', async () => {
  const { url } = await server.add('acme/secret');
  const account = server.allow({ username: 'git', password: 'ghp_canary', scope: 'write' });
  const all = repositories();
  const without = await refusal(all.connect({ url, by: null }));
  assert.match(without.message, /If it is private, give it a token/);
  const wrong = await refusal(all.connect({ url, token: 'ghp_wrong', by: null }));
  assert.match(wrong.message, /token of this repository is wrong/);
  assert.equal(
    (await all.list()).some(({ name }) => name === 'acme/secret'),
    false,
  );

  const secret = await all.connect({ url, token: ' ghp_canary\n', by: 'ada' });
  assert.deepEqual([secret.auth, secret.status, secret.isPrivate], ['token', 'ok', true]);
  assert.ok(!JSON.stringify([secret, await secrets.listSecrets()]).includes('ghp_canary'));
  const forge = await all.forge(secret);
  assert.equal((await forge.credential('write'))?.password, 'ghp_canary');

  account.revoke();
  const revoked = await all.check('acme/secret');
  assert.equal(revoked.status, 'refused');
  assert.match(revoked.problem ?? '', /wrong, expired or revoked.*Make a new one/);
  assert.match((await refusal(all.replaceToken('acme/secret', 'ghp_worse', null))).message, /token of this/);
  server.allow({ username: 'git', password: 'ghp_next', scope: 'read' });
  assert.equal((await all.replaceToken('acme/secret', 'ghp_next', 'ada')).status, 'ok');
  assert.equal((await (await all.forge(secret)).credential('read'))?.password, 'ghp_next');
});

test('an empty repository is connected and says what it lacks; an outage says so and mends', async () => {
  const empty = await server.add('acme/empty', { public: true, commits: [] });
  const all = repositories();
  const first = await all.connect({ url: empty.url, by: null });
  assert.deepEqual([first.status, first.defaultBranch], ['empty', null]);
  assert.match(first.problem ?? '', /Push the first one/);
  await empty.commit({ message: 'Begin', files: { 'a.txt': 'a' } });
  assert.equal((await all.check('acme/empty')).status, 'ok');
  server.fault = { status: 503 };
  const down = await all.check('acme/empty');
  server.fault = null;
  assert.equal(down.status, 'unreachable');
  assert.equal(down.defaultBranch, 'main', 'what was known stays');
  assert.equal((await all.check('acme/empty')).status, 'ok');
});

test('removing takes credentials, secrets, grants and caches along', async () => {
  const all = repositories();
  await secrets.putSecret({ scope: 'repository', owner: 'acme/secret' }, 'NPM', 'x');
  await secrets.putSecret({ scope: 'instance' }, 'SHARED', 'x');
  await secrets.grant({ scope: 'instance' }, 'SHARED', { kind: 'repository', subject: 'acme/secret' });
  await all.remove('acme/secret');
  assert.deepEqual(forgotten, ['acme/secret']);
  const left = await db.query(`SELECT FROM secrets WHERE owner LIKE '%acme/secret'`);
  assert.equal(left.length, 0);
  assert.deepEqual((await secrets.listSecrets({ scope: 'instance' }))[0]?.grants, []);
  assert.equal((await refusal(all.remove('acme/secret'))).code, 'NOT_FOUND');
});

test('addresses inside, paths and mixed-up credentials are refused before anything is asked', async () => {
  const { url } = await server.add('acme/inside', { public: true });
  const asked = server.requests.length;
  const strict = repositories({ allow: [] });
  assert.equal((await refusal(strict.connect({ url, by: null }))).code, 'OUTGOING_REFUSED');
  const path = join(root, 'allowed', 'shop.git');
  await initBare(path);
  await addCommits(path, [{ message: 'Begin', files: { a: 'a' } }]);
  await symlink('/', join(root, 'allowed', 'link'));
  assert.match((await refusal(strict.connect({ url: path, by: null }))).message, /GANTRY_REPOSITORY_PATHS/);
  const local = repositories({ paths: [join(root, 'allowed')] });
  for (const wrong of ['/etc', join(root, 'allowed', 'link', 'etc'), join(root, 'allowed/../..')])
    assert.equal((await refusal(local.connect({ url: wrong, by: null }))).code, 'FORBIDDEN', wrong);
  assert.equal((await local.connect({ url: path, by: null })).name, 'allowed/shop');
  const ssh = { url: 'git@example.com:acme/shop.git', sshKey: 'key', by: null };
  assert.match((await refusal(strict.connect(ssh))).message, /ssh-keyscan/);
  assert.equal((await refusal(strict.connect({ ...ssh, url }))).code, 'INPUT_INVALID');
  assert.equal(server.requests.length, asked);
});

test('a credential that was left under a name is not shown to what is connected under it next', async () => {
  const { url } = await server.add('acme/left', { public: true });
  await secrets.putSecret(credentialScope('acme/left'), 'token', 'ghp_of_another_host');
  const all = repositories();
  const left = await all.connect({ url, by: 'ada' });
  assert.equal(left.auth, 'none');
  assert.equal(await (await all.forge(left)).credential('read'), null);
  assert.deepEqual(await readCredentials(secrets, 'acme/left'), {});
});
