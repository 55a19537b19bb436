import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { openForge } from '../../drivers/forges/index.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { startGitHubServer, type GitHubServer } from '../../../test/support/github-server.ts';
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts';
import { openKeyRing } from '../secrets/key-ring.ts';
import { createSecrets } from '../secrets/secrets.ts';
import { createRunGit } from '../workspace/host-git.ts';
import type { InstanceAccess } from './access.ts';
import { createRepositories } from './create-repositories.ts';

let clone: TestDatabase;
let db: Database;
let ours: GitHubServer;
let theirs: GitHubServer;
before(async () => {
  [clone, ours, theirs] = await Promise.all([testDatabase(), startGitHubServer(), startGitHubServer()]);
  db = openDatabase({ url: clone.url, poolSize: 3, onError: () => undefined });
});
after(async () => {
  await Promise.all([ours.close(), theirs.close()]);
  await db.close();
  await clone.drop();
});

async function repositories(instance: InstanceAccess) {
  const keys = await openKeyRing(tmpdir(), { current: randomBytes(32).toString('base64') });
  return createRepositories({
    db,
    secrets: createSecrets(db, keys),
    open: (kind, access) => openForge(kind, { ...access, fetch, runGit: createRunGit(async () => ({})) }),
    instance: async (kind) => (kind === 'github' ? instance : undefined),
    bases: { github: ours.url },
    paths: [],
    checkOutgoing: async () => undefined,
    forget: async () => undefined,
  });
}

test("the server's App is tried before its token, and its credentials go to its own forge only", async () => {
  const { token } = ours.token('gantry');
  await ours.add('acme/shop', { private: true });
  await ours.add('acme/web', { private: true });
  ours.install(['acme/shop'], {
    contents: 'write',
    metadata: 'read',
    pull_requests: 'write',
    issues: 'write',
    statuses: 'write',
  });
  const { appId, privateKey } = ours.app;
  const all = await repositories({ app: { appId, privateKey }, token });
  assert.deepEqual((await all.connect({ url: 'acme/shop', by: null })).auth, 'app');
  const web = await all.connect({ url: `${ours.url}/acme/web`, forge: 'github', by: null });
  assert.deepEqual([web.name, web.auth, web.status], ['acme/web', 'instance', 'ok']);
  const credential = await (await all.forge(web)).credential('read');
  assert.equal(credential?.password, token);

  await theirs.add('evil/trap', { private: true });
  const stranger = all.connect({ url: `${theirs.url}/evil/trap`, forge: 'github', by: null });
  await assert.rejects(stranger, /If it is private, give it a token/);
  assert.ok(theirs.requests.length > 0);
  assert.ok(
    theirs.requests.every(({ login }) => login === undefined),
    'it saw a credential',
  );
});
