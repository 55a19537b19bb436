import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from '../../test/support/git-repository.ts';
import { startSshServer, type SshServer } from '../../test/support/ssh-server.ts';
import { createEgress } from '../resources/egress/egress.ts';
import { createSshCheck } from '../resources/outgoing/outgoing.ts';
import { createRunGit, runHostGit } from '../resources/workspace/host-git.ts';
import { knownAs, sshHostOf } from '../resources/workspace/ssh-address.ts';
import { openGitWay } from './git-way.ts';

const place = mkdtempSync(join(tmpdir(), 'gantry-way-'));
const egress = createEgress({ dataDir: place });
let server: SshServer | string;
before(async () => {
  server = await startSshServer();
});
after(async () => {
  if (typeof server !== 'string') await server.close();
  await egress.close();
  rmSync(place, { recursive: true, force: true });
});

const config = { githubBaseUrl: undefined, gitlabBaseUrl: 'https://git.corp.example', outgoingAllow: [] };

test('ssh reaches no address of the inside that a user named, unless an operator opened it', async () => {
  for (const remote of [
    'git@127.0.0.1:a/b.git',
    'git@localhost:a/b.git',
    'localhost:a/b.git',
    'ssh://git@[::1]/a/b.git',
    'ssh://git@10.0.0.1:2222/a/b.git',
    'ssh://169.254.169.254/a',
    'ssh://git@0x7f000001/a',
    'SSH://git@2130706433/a',
  ])
    await assert.rejects(openGitWay(config, egress, remote), { code: 'OUTGOING_REFUSED' }, remote);
  const check = createSshCheck({ allow: [], resolve: async () => ['93.184.216.34', '10.0.0.1'] });
  await assert.rejects(check('two.example', 22), { code: 'OUTGOING_REFUSED' });
  const open = createSshCheck({ allow: [], resolve: async () => ['93.184.216.34'] });
  assert.equal(await open('one.example', 22), '93.184.216.34');
  await assert.rejects(open('one.example', 25), { code: 'OUTGOING_REFUSED', message: /not one of ssh/ });
  const opened = { ...config, outgoingAllow: ['127.0.0.0/8'] };
  const way = await openGitWay(opened, egress, 'ssh://git@127.0.0.1:2222/a.git');
  assert.deepEqual(way?.ssh, { address: '127.0.0.1', alias: '[127.0.0.1]:2222' });
  assert.equal(await openGitWay(config, egress, 'git@git.corp.example:a/b.git'), undefined);
  assert.equal(await openGitWay(config, egress, '/srv/a.git'), undefined);
});

test('ssh connects to the checked address only, and knows the host by its name', async (t) => {
  if (typeof server === 'string') return t.skip(server);
  const path = join(place, 'shop.git');
  await git(place, ['init', '-q', '--bare', path]);
  const { port, username } = new URL(server.url);
  // A name that leads nowhere: only the address that was checked can be what it connects to.
  const remote = `ssh://${username}@git.invalid:${port}${path}`;
  const named = sshHostOf(remote);
  assert.ok(named);
  const alias = knownAs(named);
  const ask = async (address: string, knownHosts: string) =>
    runHostGit({
      args: ['ls-remote'],
      operands: [remote],
      remote,
      ssh: { address, alias },
      credential: {
        username: '',
        password: '',
        ssh: { privateKey: typeof server === 'string' ? '' : server.privateKey, knownHosts },
      },
    });
  const line = server.knownHosts.replace(/^\S+/, alias);
  assert.equal(await ask('127.0.0.1', line), '');
  await assert.rejects(ask('127.0.0.2', line), { code: 'FORGE_UNAVAILABLE' });
  const foreign = server.otherKnownHosts.replace(/^\S+/, alias);
  await assert.rejects(ask('127.0.0.1', foreign), { code: 'FORGE_KEY_REFUSED', message: /host key/ });
  // Without a key none of this machine's user is tried, and no host is trusted.
  const bare = await createRunGit(async () => ({ ssh: { address: '127.0.0.1', alias } }))({
    command: ['ls-remote'],
    remote,
    credential: null,
  });
  assert.equal(bare.exitCode, 128);
  assert.match(bare.stderr, /Host key verification failed|host key is known/);
});
