import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { GantryError } from '../../base/errors.ts';
import type { StepContext } from '../../kernel/context.ts';
import { startGitServer, type GitServer, type ServedRepository } from '../../../test/support/git-server.ts';
import { git } from '../../../test/support/git-repository.ts';
import { startSshServer } from '../../../test/support/ssh-server.ts';
import { until } from '../../../test/support/until.ts';
import { shell, withWorkspaces, type Machine } from '../../../test/support/with-workspaces.ts';
import { lockFile } from './file-lock.ts';
import type { CommitRequest, Workspace, WorkspaceBase } from './workspace.ts';

const MiB = 1024 ** 2;
const bot = { username: 'bot', password: 'canary-of-the-push' };
let server: GitServer;
before(async () => {
  server = await startGitServer();
  server.allow({ ...bot, scope: 'write' });
});
after(() => server.close());

const connected = (name: string) => ({ kind: 'connected' as const, name });
const asked = (message: string, ...parents: string[]): CommitRequest => ({
  ...{ message, parents, author: { name: 'Ada', email: 'ada@example.com' } },
  at: '2026-03-04T05:06:07Z',
});

interface Begun {
  readonly workspace: Workspace;
  readonly base: WorkspaceBase;
  /** One commit on the base. */
  readonly head: string;
}

/** Opens a workspace and makes a commit in it. */
async function begin({ workspaces }: Machine, step: StepContext, name: string): Promise<Begun> {
  const { base, checkpoint } = await workspaces.resolve(step, connected(name), 'stranger');
  const workspace = await workspaces.at(step, { base, checkpoint });
  await shell(workspace, 'echo change >> README.md');
  const made = await workspace.commit(asked('Change', base.commit ?? ''));
  return { workspace, base, head: made?.commit ?? '' };
}

const branchAt = async (repository: ServedRepository, branch: string) =>
  (await git(repository.path, ['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`])).trim();
const pushes = (name: string) =>
  server.requests.filter(({ line }) => line === `POST /${name}.git/git-receive-pack`).length;
const hook = (repository: ServedRepository, name: string, script: string) =>
  writeFileSync(join(repository.path, 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

test('a push that is made again after a crash pushes once, one branch and nothing else, and ends its credential', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('push/once', { public: true });
    await git(repository.path, ['tag', 'v1', 'main']);
    const one = bench.connect('push/once', repository.url, bot);
    const lent: string[] = [];
    const ended: string[] = [];
    const known = { ...bot, expiresAt: null };
    const forge: object = {
      credential: async (purpose: string) => {
        lent.push(purpose);
        return { ...known, revoke: async () => void ended.push(purpose) };
      },
      close: async () => void ended.push('closed'),
    };
    const machine = bench.machine({
      repositories: { get: async () => one, forge: async () => forge as never },
    });
    const { workspaces, dataDir } = machine;
    const files = () =>
      (readdirSync(join(dataDir, 'mirrors'), { recursive: true }) as string[])
        .filter((path) => !/\.lease$|current$/.test(path))
        .sort();
    const place = mkdtempSync(join(tmpdir(), 'gantry-seen-'));
    writeFileSync(join(place, 'pattern'), bot.password);
    const processes = 'for p in /proc/[0-9]*; do cat $p/cmdline $p/environ 2>/dev/null; done';
    hook(
      repository,
      'pre-receive',
      `(${processes}) | grep -a -c -F -f ${place}/pattern >> ${place}/seen; grep -r -l -F -f ${place}/pattern ${dataDir} >> ${place}/seen; exit 0`,
    );
    let tries = 0;
    await bench.story(async (ctx) => {
      const { base, head, mirror } = await ctx.step('commit', async (step) => {
        const begun = await begin(machine, step, 'push/once');
        return { base: begun.base, head: begun.head, mirror: files() };
      });
      await ctx.step(
        'publish',
        async (step) => {
          await workspaces.publish(step, { base, head, branch: 'gantry/a', replaces: null });
          tries += 1;
          if (tries === 1) throw new GantryError('FORGE_UNAVAILABLE', 'Killed between push and record.');
          return null;
        },
        { retry: { attempts: 2, delayMs: 1 } },
      );
      assert.equal(await branchAt(repository, 'gantry/a'), head);
      assert.deepEqual(files(), mirror, 'no mirror changes by it, and nothing is left');
      const next = await ctx.step('next', async (step) => {
        const workspace = await workspaces.at(step, { base, checkpoint: null });
        await shell(workspace, 'echo rewritten > README.md');
        return (await workspace.commit(asked('Rewrite', base.commit ?? '')))?.commit ?? '';
      });
      await ctx.step('replace', async (step) => {
        await workspaces.publish(step, { base, head: next, branch: 'gantry/a', replaces: head });
        return null;
      });
      assert.equal(await branchAt(repository, 'gantry/a'), next);
    });
    assert.equal(tries, 2);
    assert.equal(
      readFileSync(join(place, 'seen'), 'utf8'),
      '0\n0\n',
      'no file, argument or environment has the password',
    );
    rmSync(place, { recursive: true });
    assert.equal(pushes('push/once'), 2);
    assert.deepEqual(
      (await git(repository.path, ['for-each-ref', '--format=%(refname)'])).trim().split('\n'),
      ['refs/heads/gantry/a', 'refs/heads/main', 'refs/tags/v1'],
    );
    assert.ok(lent.includes('write') && lent.includes('read'));
    const closed = lent.map(() => 'closed');
    assert.deepEqual(ended.toSorted(), [...lent, ...closed].toSorted(), 'each credential is ended');
  }));

test('a push whose answer was lost is taken for what it was', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('push/lost', { public: true });
    bench.connect('push/lost', repository.url, bot);
    hook(repository, 'post-receive', 'kill -9 $PPID');
    const machine = bench.machine();
    await bench.story((ctx) =>
      ctx.step('push', async (step) => {
        const { base, head } = await begin(machine, step, 'push/lost');
        await machine.workspaces.publish(step, { base, head, branch: 'gantry/l', replaces: null });
        assert.equal(await branchAt(repository, 'gantry/l'), head);
        return null;
      }),
    );
  }));

test('a branch that is not what Gantry put there stays, whoever moved, made or deleted it, and whenever', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('push/moved', { public: true });
    bench.connect('push/moved', repository.url, bot);
    const machine = bench.machine();
    await bench.story((ctx) =>
      ctx.step('push', async (step) => {
        const { base, head } = await begin(machine, step, 'push/moved');
        const main = base.commit ?? '';
        const refused = async (branch: string, replaces: string | null, message: RegExp) => {
          const before = await branchAt(repository, branch);
          const pushing = machine.workspaces.publish(step, { base, head, branch, replaces });
          await assert.rejects(pushing, { code: 'BRANCH_MOVED', message });
          assert.equal(await branchAt(repository, branch), before);
        };
        await repository.commit({ branch: 'gantry/theirs', files: { a: '1\n' } });
        await refused('gantry/theirs', null, /Gantry has not made it/);
        await refused('gantry/theirs', main, /somebody pushed to it/);
        await refused('gantry/deleted', main, /somebody deleted it/);
        await refused('main', null, /has not made it/);
        // Somebody pushes after the look, before the push: the remote compares for itself.
        const outside = 'env -u GIT_QUARANTINE_PATH -u GIT_OBJECT_DIRECTORY';
        hook(repository, 'pre-receive', `${outside} git update-ref refs/heads/gantry/race ${main}`);
        const racing = { base, head, branch: 'gantry/race', replaces: null };
        await assert.rejects(machine.workspaces.publish(step, racing), {
          code: 'BRANCH_MOVED',
          message: /other commits/,
        });
        assert.equal(await branchAt(repository, 'gantry/race'), main);
        return null;
      }),
    );
  }));

test('what a remote refuses is told in plain words with its own, which are inert', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('push/refused', { public: true });
    bench.connect('push/refused', repository.url, bot);
    hook(
      repository,
      'pre-receive',
      `read -r old new ref; case $ref in
*/protected) echo 'GitLab: You are not allowed to push code to protected branches on this project.' >&2; exit 1 ;;
*/gh006) echo 'error: GH006: Protected branch update failed for refs/heads/gh006.' >&2; exit 1 ;;
*/workflow) echo 'refusing to allow a GitHub App to create or update workflow \`.github/workflows/x.yml\` without \`workflows\` permission' >&2; exit 1 ;;
*/secret) echo 'error: GH013: Repository rule violations found for refs/heads/secret.' >&2; echo '- GITHUB PUSH PROTECTION: Push cannot contain secrets' >&2; exit 1 ;;
*/large) echo 'File big.bin is 120.00 MB; this exceeds the file size limit of 100.00 MB' >&2; exit 1 ;;
*/codes) printf '\\033]0;owned\\007\\033[31mNo \\342\\200\\256way\\033[0m\\r%s' "$(head -c 3000 /dev/zero | tr '\\0' x)" >&2; exit 1 ;;
*/silent) exit 1 ;;
esac`,
    );
    await repository.commit({ branch: 'taken', files: { a: '1\n' } });
    const machine = bench.machine();
    await bench.story((ctx) =>
      ctx.step('push', async (step) => {
        const { base, head } = await begin(machine, step, 'push/refused');
        const refused = async (branch: string, code: string, message: RegExp) => {
          const request = { base, head, branch, replaces: null };
          await assert.rejects(machine.workspaces.publish(step, request), (error) => {
            assert.equal((error as { code?: string }).code, code, inspect(error));
            assert.match(String(error), message);
            assert.doesNotMatch(String(error), /[\u0000-\u0008\u000b-\u001f\u202e]/);
            assert.ok(String(error).length < 900, String(error));
            assert.ok(!inspect(error, { depth: 9 }).includes(bot.password));
            return true;
          });
          assert.equal(await branchAt(repository, branch), '');
        };
        await refused(
          'x/protected',
          'BRANCH_PROTECTED',
          /Allow the account .* It said: GitLab: You are not allowed/,
        );
        await refused('x/gh006', 'BRANCH_PROTECTED', /GH006/);
        await refused('x/workflow', 'FORGE_FORBIDDEN', /workflows: write.*gantry repos token/);
        await refused('x/secret', 'PUSH_REFUSED', /PUSH PROTECTION: Push cannot contain secrets/);
        await refused('x/large', 'PUSH_REFUSED', /big\.bin is 120\.00 MB/);
        await refused('x/codes', 'PUSH_REFUSED', /It said: No \\u202eway x+…/);
        await refused('x/silent', 'PUSH_REFUSED', /It said: pre-receive hook declined/);
        await refused('taken/below', 'PUSH_REFUSED', /It said: .*taken/);
        for (const branch of ['', '-f', '../x', 'a:b', 'a b', 'a..b', 'x.lock', '@', 'refs/*', 'a\nb'])
          await assert.rejects(
            machine.workspaces.publish(step, { base, head, branch, replaces: null }),
            { code: 'INPUT_INVALID' },
            branch,
          );
        return null;
      }),
    );
  }));

test('a credential that may only read, or none, is said to lack the right to push', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('push/read', { public: true });
    const reader = { username: 'reader', password: 'canary-of-the-reader' };
    server.allow({ ...reader, scope: 'read' });
    const machine = bench.machine();
    await bench.story((ctx) =>
      ctx.step('push', async (step) => {
        bench.connect('push/read', repository.url, reader);
        const { base, head } = await begin(machine, step, 'push/read');
        const request = { base, head, branch: 'gantry/r', replaces: null };
        await assert.rejects(machine.workspaces.publish(step, request), {
          code: 'FORGE_FORBIDDEN',
          message: /right to push \(contents: write\).*gantry repos token/,
        });
        const wrong = { ...reader, password: 'wrong' };
        bench.connect('push/read', repository.url, wrong);
        const refused = { code: 'FORGE_KEY_REFUSED', message: /gantry repos token/ };
        await assert.rejects(machine.workspaces.publish(step, request), refused);
        return null;
      }),
    );
  }));

test('a push goes to a path of the server and over ssh as well, and needs a key that may write', async (t) => {
  const ssh = await startSshServer();
  const place = mkdtempSync(join(tmpdir(), 'gantry-push-'));
  t.after(async () => {
    if (typeof ssh !== 'string') await ssh.close();
    rmSync(place, { recursive: true, force: true });
  });
  const repository = await server.add('push/path', { public: true });
  await withWorkspaces(async (bench) => {
    const path = bench.connect('push/path', repository.path);
    const machine = bench.machine();
    await bench.story((ctx) =>
      ctx.step('path', async (step) => {
        const { base, head } = await begin(machine, step, 'push/path');
        await machine.workspaces.publish(step, { base, head, branch: 'gantry/p', replaces: null });
        assert.equal(await branchAt(repository, 'gantry/p'), head);
        if (typeof ssh === 'string') return null;
        const keys = { privateKey: ssh.privateKey };
        const one = { ...path, name: 'push/ssh', url: `${ssh.url}${repository.path}`, auth: 'ssh' as const };
        const forge: object = {
          credential: async () => ({
            ...{ username: '', password: '', expiresAt: null, revoke: async () => undefined },
            ssh: { privateKey: keys.privateKey, knownHosts: ssh.knownHosts },
          }),
          close: async () => undefined,
        };
        const other = bench.machine({
          repositories: { get: async () => one, forge: async () => forge as never },
        });
        const request = { base, head, branch: 'gantry/s', replaces: null };
        keys.privateKey = ssh.otherKey;
        await assert.rejects(other.workspaces.publish(step, request), {
          code: 'FORGE_KEY_REFUSED',
          message: /gantry repos token/,
        });
        keys.privateKey = ssh.privateKey;
        await other.workspaces.publish(step, request);
        assert.equal(await branchAt(repository, 'gantry/s'), head);
        return null;
      }),
    );
  });
  if (typeof ssh === 'string') t.diagnostic(`without ssh: ${ssh}`);
});

test('commits that are too large are refused when they are made, or when they go together', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('push/large', { public: true });
    bench.connect('push/large', repository.url, bot);
    const machine = bench.machine({ checkpointBytes: MiB });
    await bench.story((ctx) =>
      ctx.step('push', async (step) => {
        const { workspace, base, head: first } = await begin(machine, step, 'push/large');
        let head = first;
        for (const name of ['a', 'b']) {
          await shell(workspace, `head -c 700000 /dev/urandom > ${name}`);
          head = (await workspace.commit(asked(name, head)))?.commit ?? '';
        }
        const full = { code: 'WORKSPACE_FULL', message: /1 MiB.*GANTRY_CHECKPOINT_MIB/ };
        await assert.rejects(
          machine.workspaces.publish(step, { base, head, branch: 'x', replaces: null }),
          full,
        );
        await shell(workspace, 'head -c 1500000 /dev/urandom > c');
        await assert.rejects(workspace.commit(asked('c', head)), full);
        return null;
      }),
    );
    assert.equal(pushes('push/large'), 0);
  }));

test('what a killed push left is removed at the next start, and a living one is left alone', () =>
  withWorkspaces(async (bench) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'gantry-left-'));
    const [dead, living] = [0, 1].map(() => join(dataDir, 'mirrors', `push-${randomUUID()}`));
    if (dead === undefined || living === undefined) return;
    for (const path of [dead, living]) mkdirSync(join(path, 'objects'), { recursive: true });
    writeFileSync(`${dead}.lock`, '');
    const lock = await lockFile(`${living}.lock`, { wait: true });
    try {
      const machine = bench.machine({}, dataDir);
      const left = () => readdirSync(join(dataDir, 'mirrors')).filter((name) => name.startsWith('push-'));
      await until(() => left().length === 2);
      assert.ok(
        left().every((name) => living.includes(name.slice(0, 41))),
        left().join(),
      );
      await machine.close();
    } finally {
      await lock?.release();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }));
