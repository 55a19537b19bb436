import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startGitServer, type GitServer } from '../../../test/support/git-server.ts';
import { git, initBare } from '../../../test/support/git-repository.ts';
import { shell, withWorkspaces } from '../../../test/support/with-workspaces.ts';
import { branchRef } from './branch-history.ts';
import type { CommitRequest } from './workspace.ts';

const MiB = 1024 ** 2;
const bot = { username: 'bot', password: 'canary-hostile' };
let server: GitServer;
let place: string;
before(async () => {
  server = await startGitServer();
  server.allow({ ...bot, scope: 'write' });
  place = mkdtempSync(join(tmpdir(), 'gantry-branch-'));
});
after(async () => {
  await server.close();
  rmSync(place, { recursive: true, force: true });
});

const connected = (name: string) => ({ kind: 'connected' as const, name });
const asked = (message: string, ...parents: string[]): CommitRequest => ({
  ...{ message, parents, author: { name: 'Ada', email: 'ada@example.com' } },
  at: '2026-03-04T05:06:07Z',
});

test('hooks, filters, merge drivers, fsmonitor and alternates of a workspace run nowhere, and change no commit', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('evil/config', { public: true });
    const marker = join(place, 'ran');
    await repository.commit({
      files: {
        '.gitattributes': '* filter=evil diff=evil merge=evil text=auto\n',
        a: 'one\n',
        b: 'two\n',
        '.gitignore': 'ran\n',
      },
    });
    bench.connect('evil/config', repository.url, bot);
    const { workspaces } = bench.machine();
    const command = `touch ${marker} /workspace/ran /private/ran`;
    await bench.story((ctx) =>
      ctx.step('all', async (step) => {
        const state = await workspaces.resolve(step, connected('evil/config'), 'stranger');
        const base = state.base.commit ?? '';
        const workspace = await workspaces.at(step, state);
        await shell(
          workspace,
          `for driver in filter.evil.clean filter.evil.smudge filter.evil.process diff.evil.textconv diff.evil.command merge.evil.driver core.fsmonitor \\
             core.sshCommand core.editor gpg.program core.alternateRefsCommand uploadpack.packObjectsHook diff.external core.pager credential.helper; do git config $driver '${command}'; done
           git config commit.gpgSign true; git config core.hooksPath .hooks; mkdir -p .hooks .git/hooks
           for hook in pre-commit commit-msg post-commit pre-push post-checkout reference-transaction post-index-change; do
             printf '#!/bin/sh\\n${command}\\n' > .hooks/$hook; cp .hooks/$hook .git/hooks/; done; chmod 755 .hooks/* .git/hooks/*
           echo /tmp > .git/objects/info/alternates; echo changed > a; rm -f ran`,
        );
        const ours = (await workspace.commit(asked('Ours', base)))?.commit ?? '';
        const theirs = await repository.commit({ files: { b: 'theirs\n' } });
        await workspaces.latest(step, state.base);
        assert.deepEqual(await workspace.merge(ours, theirs), { conflicts: [] });
        const head = (await workspace.commit(asked('Merge', ours, theirs)))?.commit ?? '';
        await workspaces.compare(step, state.base, { from: base, to: head, maxBytes: MiB });
        await workspaces.publish(step, { base: state.base, head, branch: 'gantry/c', replaces: null });
        assert.equal(await shell(workspace, 'ls ran 2>/dev/null || echo none'), 'none\n');
        assert.equal(await git(repository.path, ['show', `${head}:a`]), 'changed\n');
        assert.equal(await git(repository.path, ['show', `${head}:b`]), 'theirs\n');
        return null;
      }),
    );
    assert.ok(!existsSync(marker));
  }));

test('a program that tampers with the git directory of its workspace gets no commit or object into a push', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('evil/own', { public: true });
    await repository.commit({ files: { a: 'one\n', b: 'two\n' } });
    bench.connect('evil/own', repository.url, bot);
    const { workspaces } = bench.machine();
    await bench.story((ctx) =>
      ctx.step('all', async (step) => {
        const state = await workspaces.resolve(step, connected('evil/own'), 'stranger');
        const base = state.base.commit ?? '';
        const workspace = await workspaces.at(step, state);
        const printed = await shell(
          workspace,
          `git config user.name eve; git config user.email e@e; echo smuggled > s; git add s; git commit -q -m smuggled; git rev-parse HEAD
           git replace ${base} HEAD; echo "${base} $(git rev-parse HEAD)" > .git/info/grafts; echo "$(git rev-parse HEAD)" > .git/shallow
           git rm -q s; rm -f s; rm -rf .git/index; echo /workspace/.git/objects > .git/objects/info/alternates; echo changed > a; echo garbage > .git/HEAD`,
        );
        const smuggled = printed.trim();
        const made = await workspace.commit(asked('Change', base));
        assert.deepEqual(
          made?.changes.map(({ path }) => path),
          ['a'],
        );
        await shell(workspace, 'rm -rf .git; ln -s /repository .git; echo more >> a');
        const head = (await workspace.commit(asked('More', made?.commit ?? '')))?.commit ?? '';
        await assert.rejects(workspace.commit(asked('On it', smuggled)), { code: 'NOT_FOUND' });
        await assert.rejects(workspace.merge(head, smuggled), { code: 'NOT_FOUND' });
        const publish = (commit: string) =>
          workspaces.publish(step, { base: state.base, head: commit, branch: 'gantry/o', replaces: null });
        await assert.rejects(publish(smuggled), { code: 'NOT_FOUND' });
        await assert.rejects(publish(base), { code: 'INPUT_INVALID' });
        await publish(head);
        const between = await git(repository.path, ['rev-list', 'gantry/o', '^main']);
        assert.deepEqual(between.trim().split('\n'), [head, made?.commit]);
        const all = await git(repository.path, ['cat-file', '--batch-all-objects', '--batch-check']);
        assert.ok(!all.includes(smuggled));
        return null;
      }),
    );
  }));

test('stored commits that lead to others than the run has made, or hold what does harm, are not pushed', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('evil/stored', { public: true });
    bench.connect('evil/stored', repository.url, bot);
    const { workspaces, bundles } = bench.machine();
    const local = join(place, 'stored.git');
    await initBare(local);
    await git(local, ['fetch', '-q', repository.path, 'main:main']);
    const person = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
    const base = (await git(local, ['rev-parse', 'main'])).trim();
    const commit = async (tree: string, parent: string) =>
      (await git(local, [...person, 'commit-tree', tree, '-p', parent, '-m', 'x'])).trim();
    const blob = (await git(local, ['hash-object', '-w', '--stdin'], 'x\n')).trim();
    const tree = async (entry: string) => (await git(local, ['mktree'], `${entry}\n`)).trim();
    const plain = await tree(`100644 blob ${blob}\tx`);
    const foreign = await commit(plain, base);
    const over = await commit(plain, foreign);
    const harmful = await commit(await tree(`120000 blob ${blob}\t.gitmodules`), base);
    const packed = async (head: string) => {
      const range = join(place, 'range');
      await git(local, ['update-ref', branchRef, head]);
      writeFileSync(range, '');
      await git(local, ['bundle', 'create', '-q', range, branchRef, `^${base}`]);
      const { readFileSync } = await import('node:fs');
      return readFileSync(range);
    };
    await bench.story((ctx) =>
      ctx.step('all', async (step) => {
        const state = await workspaces.resolve(step, connected('evil/stored'), 'stranger');
        const push = async (head: string, content: Buffer) => {
          await bundles.save(step.owner, { commit: head, before: null, depth: 0 }, content);
          const request = { base: state.base, head, branch: 'gantry/s', replaces: null };
          await workspaces.publish(step, request);
        };
        await assert.rejects(push(over, await packed(over)), {
          code: 'PUSH_REFUSED',
          message: /commits that this run has not made/,
        });
        await assert.rejects(push(harmful, await packed(harmful)), {
          code: 'PUSH_REFUSED',
          message: /refuses as harmful: .*gitmodules/i,
        });
        const cut = await packed(foreign);
        await assert.rejects(push(foreign, cut.subarray(0, -9)), { code: 'PUSH_REFUSED' });
        return null;
      }),
    );
    assert.equal(await git(repository.path, ['for-each-ref', 'refs/heads/gantry']), '');
  }));
