import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGitServer, type GitServer } from '../../../test/support/git-server.ts';
import { git } from '../../../test/support/git-repository.ts';
import { shell, withWorkspaces, workspaceLimits } from '../../../test/support/with-workspaces.ts';
import type { WorkspaceState } from './workspace.ts';

let server: GitServer;
before(async () => {
  server = await startGitServer();
});
after(() => server.close());

const connected = (name: string, ref?: string) => ({ kind: 'connected' as const, name, ...(ref && { ref }) });

/** All files with modes, links and contents, and what git says. */
const everything =
  "find . -path ./.git -prune -o -type f -printf '%m %p ' -exec md5sum {} ';' -o -type l -printf '%p -> %l\\n' -o -type d -printf '%m %p/\\n' | sort; git status --porcelain; git log --all --format='%H %d %s'; git stash list; cat .git/HEAD";

test('files, modes, links, commits, branches and what is staged come back on another machine', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/one', { public: true });
    await repository.commit({
      files: { 'src/a.txt': 'one\n', 'src/b.txt': 'two\n', '.gitignore': 'ignored\n' },
    });
    bench.connect('acme/one', repository.url);
    const first = bench.machine();
    const second = bench.machine();
    await bench.story(async (ctx) => {
      const state = await ctx.step('resolve', (step) =>
        first.workspaces.resolve(step, connected('acme/one'), 'trusted'),
      );
      assert.equal(state.base.branch, 'main');
      const { state: changed, seen } = await ctx.step('work', async (step) => {
        const workspace = await first.workspaces.at(step, state);
        assert.deepEqual(await workspace.checkpoint('nothing'), state);
        await shell(
          workspace,
          `git config user.name A; git config user.email a@b
           echo more >> src/a.txt; rm src/b.txt; echo hidden > ignored; mkdir -p empty/deep; ln -s ../nowhere link
           printf '#!/bin/sh\\necho hi' > run.sh; chmod 755 run.sh; echo secret > private; chmod 600 private
           printf x > "$(printf 'new\\nline')"; printf y > "$(printf 'ctrl\\001\\033[31m')"; printf z > 'back\\slash'; printf w > 'git~1'
           git checkout -q -b topic; git add src run.sh; git commit -q -m 'A commit of the agent'; echo staged > staged; git add staged
           mkdir sub; cd sub; git init -q; echo inner > inner; git add inner; git -c user.name=a -c user.email=b commit -q -m x`,
        );
        const kept = await workspace.checkpoint('Change\nmuch');
        return { state: kept, seen: await shell(workspace, everything) };
      });
      const { changes = [] } = changed.checkpoint ?? {};
      const paths = changes.map(({ path, status }) => `${status} ${path}`).sort();
      assert.ok(paths.includes('added new\nline') && paths.includes('added sub/inner'), paths.join());
      assert.deepEqual(
        changes.find(({ path }) => path === 'src/a.txt'),
        { path: 'src/a.txt', status: 'modified', added: 1, removed: 0 },
      );
      assert.ok(paths.includes('deleted src/b.txt'));
      const again = await ctx.step('again', async (step) =>
        shell(await second.workspaces.at(step, changed), everything),
      );
      const plain = (text: string) =>
        text
          .split('\n')
          .filter((line) => !line.includes('./sub/.git'))
          .join('\n');
      assert.equal(plain(again), plain(seen));
      const later = await ctx.step('later', async (step) => {
        const workspace = await second.workspaces.at(step, changed);
        await shell(workspace, 'echo later > later');
        return workspace.checkpoint('Later');
      });
      assert.deepEqual(
        later.checkpoint?.changes.map(({ path }) => path),
        ['later'],
      );
      await ctx.step('back', async (step) => {
        assert.equal(await shell(await first.workspaces.at(step, later), 'cat later'), 'later\n');
        const rewound = await first.workspaces.at(step, changed);
        assert.equal(await shell(rewound, 'ls later 2>/dev/null || echo gone'), 'gone\n');
        const start = await first.workspaces.at(step, state);
        assert.equal(await shell(start, 'git status --porcelain; ls'), 'README.md\nsrc\n');
        return null;
      });
    });
  }));

test('what an interrupted step changed is gone, and a workspace that fits is used again', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/two', { public: true });
    bench.connect('acme/two', repository.url);
    const { workspaces } = bench.machine();
    await bench.story(async (ctx) => {
      const state = await ctx.step('resolve', (step) =>
        workspaces.resolve(step, connected('acme/two'), 'trusted'),
      );
      await ctx.step('break', async (step) => {
        await shell(await workspaces.at(step, state), 'echo half > half');
        return null;
      });
      await ctx.step('look', async (step) => {
        const workspace = await workspaces.at(step, state);
        assert.equal(await shell(workspace, 'ls'), 'README.md\n');
        await shell(workspace, 'touch README.md; git status > /dev/null');
        assert.deepEqual(await workspace.checkpoint('Nothing'), state, 'only times changed');
        await workspace.put([{ path: 'dir/put', content: Buffer.from('put\n') }]);
        assert.match((await workspace.diff('checkpoint', 10_000)).text, /\+put/);
        await workspace.remove('README.md');
        const kept = await workspace.checkpoint('Put');
        assert.equal((await workspaces.at(step, kept)).state, kept);
        assert.match((await workspace.diff('base', 10_000)).text, /deleted file[\s\S]*\+put/);
        assert.equal((await workspace.diff('checkpoint', 10_000)).text, '');
        const cut = await workspace.diff('base', 30);
        assert.ok(cut.truncated && Buffer.byteLength(cut.text) <= 30);
        return null;
      });
      await workspaces.release(ctx.run.id);
      await workspaces.release(ctx.run.id);
    });
  }));

test('many checkpoints in a row come back', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/many', { public: true });
    bench.connect('acme/many', repository.url);
    const { workspaces } = bench.machine();
    const other = bench.machine();
    await bench.story(async (ctx) => {
      let state: WorkspaceState = await ctx.step('resolve', (step) =>
        workspaces.resolve(step, connected('acme/many'), 'trusted'),
      );
      for (let n = 0; n < 23; n += 1)
        state = await ctx.step('write', async (step) => {
          const workspace = await workspaces.at(step, state);
          await shell(workspace, `echo ${n} > file${n}; echo ${n} > last`);
          return workspace.checkpoint(`Write ${n}`);
        });
      const list = await ctx.step('list', async (step) =>
        shell(await other.workspaces.at(step, state), 'ls | wc -l; cat last'),
      );
      assert.equal(list, '25\n22\n');
    });
  }));

test('an empty repository can be worked in', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/empty', { public: true, commits: [] });
    bench.connect('acme/empty', repository.url);
    const [one, two] = [bench.machine(), bench.machine()];
    await bench.story(async (ctx) => {
      const state = await ctx.step('resolve', (step) =>
        one.workspaces.resolve(step, connected('acme/empty'), 'trusted'),
      );
      assert.equal(state.base.commit, null);
      const kept = await ctx.step('write', async (step) => {
        const workspace = await one.workspaces.at(step, state);
        await shell(workspace, 'git status; echo first > first');
        return workspace.checkpoint('First');
      });
      const read = await ctx.step('read', async (step) =>
        shell(await two.workspaces.at(step, kept), 'cat first'),
      );
      assert.equal(read, 'first\n');
    });
  }));

test('repositories that convert line endings, have submodules or LFS pointers start unchanged, with a word about it', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/odd', { public: true });
    await repository.commit({
      files: {
        '.gitattributes': '*.bat text eol=crlf\n*.bin filter=lfs diff=lfs merge=lfs -text\nid.txt ident\n',
        'a.bat': 'one\ntwo\n',
        'id.txt': '$Id$\n',
        'big.bin': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n',
        '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = ext::sh -c touch% /workspace/escaped\n',
      },
    });
    const commit = await git(repository.path, ['rev-parse', 'main']);
    await git(repository.path, ['read-tree', 'main']);
    await git(repository.path, ['update-index', '--add', '--cacheinfo', `160000,${commit.trim()},lib`]);
    const tree = (await git(repository.path, ['write-tree'])).trim();
    const person = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
    const next = await git(repository.path, [...person, 'commit-tree', tree, '-p', 'main', '-m', 'x']);
    await git(repository.path, ['update-ref', 'refs/heads/main', next.trim()]);
    bench.connect('acme/odd', repository.url);
    const [one, two] = [bench.machine(), bench.machine()];
    await bench.story(async (ctx) => {
      const state = await ctx.step('resolve', (step) =>
        one.workspaces.resolve(step, connected('acme/odd'), 'trusted'),
      );
      const kept = await ctx.step('write', async (step) => {
        const workspace = await one.workspaces.at(step, state);
        assert.equal(
          await shell(workspace, 'git status --porcelain; ls; od -c a.bat | head -n 1; wc -c < id.txt'),
          'README.md\na.bat\nbig.bin\nid.txt\nlib\n0000000   o   n   e  \\r  \\n   t   w   o  \\r  \\n\n48\n',
        );
        await shell(workspace, 'touch .gitmodules; git status > /dev/null');
        assert.deepEqual(await workspace.checkpoint('Nothing'), state);
        await shell(workspace, 'echo in > lib/inside; printf "three\\n" > a.bat');
        return workspace.checkpoint('Inside');
      });
      assert.deepEqual(kept.checkpoint?.changes.map(({ path }) => path).sort(), ['a.bat', 'lib/inside']);
      const read = await ctx.step('read', async (step) =>
        shell(await two.workspaces.at(step, kept), 'cat lib/inside a.bat; git status --porcelain'),
      );
      assert.match(read, /^in\nthree\n/);
    });
    const events = await bench.kernel.db.query<{ data: { message?: string } }>(
      "SELECT data FROM events WHERE type = 'log'",
    );
    assert.equal(events.filter(({ data }) => /submodules|LFS/.test(data.message ?? '')).length, 2);
  }));

test('where there is room for one workspace only, one that rests gives it up to who waits, and opens again as it was', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/narrow', { public: true });
    await repository.commit({ files: { 'a.txt': 'one\n' } });
    bench.connect('acme/narrow', repository.url);
    // Of the 4 GiB that all workspaces of a machine of the tests may take in memory.
    const { workspaces } = bench.machine({ limits: { ...workspaceLimits, diskBytes: 3 * 1024 ** 3 } });
    await bench.story(async (ctx) => {
      const state = await ctx.step('resolve', (step) =>
        workspaces.resolve(step, connected('acme/narrow'), 'trusted'),
      );
      const kept = await ctx.step('write', async (step) => {
        const workspace = await workspaces.at(step, state);
        await shell(workspace, 'echo two > a.txt');
        return workspace.checkpoint('Two');
      });
      const beside = await ctx.step('beside', async (step) =>
        shell(await workspaces.at(step, state, { name: 'beside' }), 'cat a.txt'),
      );
      await ctx.step('let go', () => workspaces.release(ctx.run.id, 'beside'));
      const again = await ctx.step('again', async (step) =>
        shell(await workspaces.at(step, kept), 'cat a.txt'),
      );
      assert.deepEqual([beside, again], ['one\n', 'two\n']);
    });
  }));
