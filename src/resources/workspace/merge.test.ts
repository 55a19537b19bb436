import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGitServer, type GitServer } from '../../../test/support/git-server.ts';
import { git } from '../../../test/support/git-repository.ts';
import { shell, withWorkspaces } from '../../../test/support/with-workspaces.ts';
import type { CommitRequest, WorkspaceState } from './workspace.ts';

const MiB = 1024 ** 2;
const bot = { username: 'bot', password: 'canary-merge' };
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

test('a base that went on is found, compared, merged without conflicts and pushed, on another machine too', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/moved', { public: true });
    const text = Array.from({ length: 30 }, (_, n) => `line ${n}\n`).join('');
    await repository.commit({
      files: { '.gitignore': 'built\n', 'both.txt': text, 'gone.txt': 'x\n', 'dir/a': 'a\n' },
    });
    bench.connect('acme/moved', repository.url, bot);
    const [one, two] = [bench.machine(), bench.machine()];
    await bench.story(async (ctx) => {
      const begun = await ctx.step('begin', async (step) => {
        const state = await one.workspaces.resolve(step, connected('acme/moved'), 'trusted');
        const workspace = await one.workspaces.at(step, state);
        assert.equal(await one.workspaces.latest(step, state.base), state.base.commit, 'nothing is new');
        await shell(
          workspace,
          "sed -i 's/line 2$/ours/' both.txt; echo new > new.txt; echo built > built; mkdir empty",
        );
        const ours = (await workspace.commit(asked('Ours', state.base.commit ?? '')))?.commit ?? '';
        return { state: await workspace.checkpoint('Ours'), ours };
      });
      const { base } = begun.state;
      const theirs = await repository.commit({
        files: {
          'both.txt': text.replace('line 28', 'theirs'),
          'gone.txt': null,
          'dir/a': null,
          'dir/b': 'b\n',
          built: 'tracked\n',
        },
      });
      const merged = await ctx.step('merge', async (step) => {
        assert.equal(await one.workspaces.latest(step, base), theirs);
        assert.deepEqual(await one.workspaces.conflicts(step, base, begun.ours, theirs), []);
        const workspace = await one.workspaces.at(step, begun.state);
        assert.equal(await shell(workspace, 'cat built'), 'built\n');
        assert.deepEqual(await workspace.merge(begun.ours, theirs), { conflicts: [] });
        assert.equal(
          await shell(
            workspace,
            'grep -n -e ours -e theirs both.txt; cat built new.txt dir/b; ls; ls dir; git status --porcelain | wc -l',
          ),
          '3:ours\n29:theirs\ntracked\nnew\nb\nboth.txt\nbuilt\ndir\nempty\nnew.txt\nREADME.md\n'.replace(
            'both.txt\nbuilt\ndir\nempty\nnew.txt\nREADME.md\n',
            'README.md\nboth.txt\nbuilt\ndir\nempty\nnew.txt\nb\n5\n',
          ),
        );
        return workspace.checkpoint('Merged');
      });
      const made = await ctx.step('commit', async (step) => {
        const workspace = await two.workspaces.at(step, merged);
        return workspace.commit(asked('Merge main', begun.ours, theirs));
      });
      const head = made?.commit ?? '';
      assert.deepEqual(
        made?.changes.map(({ path, status }) => `${status[0]} ${path}`),
        ['m both.txt', 'a built', 'd dir/a', 'a dir/b', 'd gone.txt'],
      );
      await ctx.step('after', async (step) => {
        const here = await one.workspaces.at(step, merged);
        assert.equal(
          (await here.commit(asked('Merge main', begun.ours, theirs)))?.commit,
          head,
          'the same here',
        );
        const whole = await two.workspaces.compare(step, base, { from: theirs, to: head, maxBytes: MiB });
        assert.ok(!whole.truncated);
        assert.deepEqual(whole.text.match(/^[+-][^+-].*$/gm), ['-line 2', '+ours', '+new']);
        const cut = await two.workspaces.compare(step, base, { from: theirs, to: head, maxBytes: 100 });
        assert.ok(cut.truncated && Buffer.byteLength(cut.text) <= 100 && whole.text.startsWith(cut.text));
        await two.workspaces.publish(step, { base, head, branch: 'gantry/m', replaces: null });
        return null;
      });
      const tree = async (commit: string) =>
        (await git(repository.path, ['rev-parse', `${commit}^{tree}`])).trim();
      const plain = await git(repository.path, ['merge-tree', '--write-tree', begun.ours, theirs]);
      assert.equal(await tree('gantry/m'), plain.trim());
      assert.equal(
        (await git(repository.path, ['rev-list', '--parents', '-1', head])).trim(),
        `${head} ${begun.ours} ${theirs}`,
      );
    });
  }));

test('files in conflict are named and hold markers, and a checkpoint keeps them', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/conflict', { public: true });
    await repository.commit({
      files: {
        text: 'one\n',
        binary: 'a\0b',
        deleted: 'x\n',
        kept: 'y\n',
        'sub/file': 'z\n',
        same: 's\n',
        '.gitattributes': '* merge=evil\n',
      },
    });
    bench.connect('acme/conflict', repository.url, bot);
    const { workspaces } = bench.machine();
    await bench.story((ctx) =>
      ctx.step('all', async (step) => {
        const state = await workspaces.resolve(step, connected('acme/conflict'), 'stranger');
        const workspace = await workspaces.at(step, state);
        await shell(
          workspace,
          `git config merge.evil.driver 'touch /workspace/ran /private/ran; exit 0'; git config merge.conflictStyle zdiff3
           echo ours > text; printf 'a\\0ours' > binary; rm deleted; echo ours > kept; rm -rf sub; echo now a file > sub; echo added > "$(printf 'both\\nadded')"`,
        );
        const ours = (await workspace.commit(asked('Ours', state.base.commit ?? '')))?.commit ?? '';
        const mine = await workspace.checkpoint('Ours');
        const theirs = await repository.commit({
          files: {
            text: 'theirs\n',
            binary: 'a\0theirs',
            deleted: 'changed\n',
            kept: null,
            'sub/file': 'theirs\n',
            '"both\\nadded"': 'other\n',
          },
        });
        await workspaces.latest(step, state.base);
        const conflicts = ['binary', 'both\nadded', 'deleted', 'kept', 'text'];
        const named = await workspaces.conflicts(step, state.base, ours, theirs);
        for (const path of conflicts) assert.ok(named.includes(path), `${path} of ${JSON.stringify(named)}`);
        await shell(workspace, 'echo lost > text; echo stray > stray; mkdir -p closed; chmod 555 . closed');
        const merged = await workspace.merge(ours, theirs);
        assert.deepEqual(merged.conflicts, named);
        const kept = await workspace.checkpoint('Conflicts');
        const text = `cat text deleted kept; od -c binary | head -n 1; ls -A | grep -v '^.git$' | tr '\\n' ' '; ls sub* -d | wc -l`;
        const seen = await shell(workspace, text);
        assert.equal(
          seen.slice(0, seen.indexOf('0000000')),
          `<<<<<<< ${ours}\nours\n=======\ntheirs\n>>>>>>> ${theirs}\nchanged\nours\n`,
        );
        assert.ok(!seen.includes('stray') && !seen.includes(' ran '), seen);
        await workspaces.release(step.owner.runId);
        const again = await workspaces.at(step, kept);
        assert.equal(await shell(again, text), seen);
        const back = await workspaces.at(step, mine);
        const keeping = asked('Keep ours', ours, theirs);
        const made = await back.commit(keeping);
        assert.deepEqual(made?.changes, [], 'a merge that keeps all of ours is one as well');
        assert.deepEqual(await back.commit(keeping), made);
        assert.deepEqual(await workspaces.conflicts(step, state.base, made?.commit ?? '', theirs), []);
        const request = { base: state.base, head: made?.commit ?? '', branch: 'gantry/k', replaces: null };
        await workspaces.publish(step, request);
        return null;
      }),
    );
  }));

test('a merge of what is merged already changes nothing, and commits that nobody knows are refused', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/still', { public: true });
    bench.connect('acme/still', repository.url, bot);
    const { workspaces } = bench.machine();
    await bench.story((ctx) =>
      ctx.step('all', async (step) => {
        const state = await workspaces.resolve(step, connected('acme/still'), 'trusted');
        const base = state.base.commit ?? '';
        const workspace = await workspaces.at(step, state);
        await shell(workspace, 'echo x > x');
        const ours = (await workspace.commit(asked('Ours', base)))?.commit ?? '';
        const kept = await workspace.checkpoint('Ours');
        assert.deepEqual(await workspace.merge(ours, base), { conflicts: [] });
        assert.equal((await workspaces.at(step, kept)).state, kept);
        assert.equal(await workspace.commit(asked('Merge', ours, base)), null);
        const other = 'e'.repeat(40);
        await assert.rejects(workspace.merge(ours, other), { code: 'NOT_FOUND' });
        await assert.rejects(workspaces.conflicts(step, state.base, ours, other), { code: 'NOT_FOUND' });
        await assert.rejects(workspace.merge('--help', base), { code: 'INPUT_INVALID' });
        await git(repository.path, ['branch', '-m', 'main', 'trunk']);
        await assert.rejects(workspaces.latest(step, state.base), {
          code: 'NOT_FOUND',
          message: /main is no longer/,
        });
        const tagged = { ...state.base, branch: null };
        assert.equal(await workspaces.latest(step, tagged), base, 'what is no branch stays');
        return null;
      }),
    );
  }));

test('line endings, encodings and submodules are committed and merged as the repository keeps them', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/forms', { public: true });
    const files = {
      '.gitattributes':
        '*.bat text eol=crlf\n*.u16 text working-tree-encoding=UTF-16LE\n*.id ident\n*.bin filter=lfs -text\n',
      'a.bat': 'one\ntwo\n',
      'b.bat': 'one\n',
      'a.u16': 'wide\n',
      'a.id': '$Id$\n',
      'a.bin': 'version https://git-lfs.github.com/spec/v1\n',
      '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = https://example.com/lib.git\n',
    };
    await repository.commit({ files });
    const person = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
    const link = async (changes: string, message: string) => {
      await git(repository.path, ['read-tree', 'main']);
      await git(repository.path, ['update-index', '--index-info'], changes);
      const tree = (await git(repository.path, ['write-tree'])).trim();
      const made = await git(repository.path, [...person, 'commit-tree', tree, '-p', 'main', '-m', message]);
      await git(repository.path, ['update-ref', 'refs/heads/main', made.trim()]);
      return made.trim();
    };
    const [v1, v2] = ['1'.repeat(40), '2'.repeat(40)];
    await link(`160000 ${v1}\tlib\n160000 ${v1}\tvendor/old\n160000 ${v1}\tstays\n`, 'Link');
    bench.connect('acme/forms', repository.url, bot);
    const [one, two] = [bench.machine(), bench.machine()];
    await bench.story(async (ctx) => {
      const begun = await ctx.step('ours', async (step): Promise<{ state: WorkspaceState; ours: string }> => {
        const state = await one.workspaces.resolve(step, connected('acme/forms'), 'trusted');
        const workspace = await one.workspaces.at(step, state);
        assert.equal(await workspace.commit(asked('Nothing', state.base.commit ?? '')), null);
        await shell(
          workspace,
          "printf 'one\\r\\nours\\r\\n' > a.bat; printf 'w\\0i\\0\\n\\0' > a.u16; echo in > lib/in; echo '$Id: x $' >> a.id; printf x > bad.u16",
        );
        const made = await workspace.commit(asked('Ours', state.base.commit ?? ''));
        assert.deepEqual(
          made?.changes.map(({ path, added, removed }) => [path, added, removed]),
          [
            ['a.bat', 1, 1],
            ['a.id', 1, 0],
            ['a.u16', 1, 1],
            ['bad.u16', 1, 0],
          ].map((row) => row),
        );
        return { state: await workspace.checkpoint('Ours'), ours: made?.commit ?? '' };
      });
      await repository.commit({ files: { 'b.bat': 'theirs\n', 'c.bat': 'new\n' } });
      const theirs = await link(
        `160000 ${v2}\tlib\n0 ${'0'.repeat(40)}\tvendor/old\n160000 ${v2}\tnext\n`,
        'Bump',
      );
      const head = await ctx.step('merge', async (step) => {
        const workspace = await two.workspaces.at(step, begun.state);
        assert.deepEqual(await workspace.merge(begun.ours, theirs), { conflicts: [] });
        assert.equal(
          await shell(
            workspace,
            'cat a.bat b.bat c.bat; ls -d lib next stays; ls vendor 2>/dev/null || true',
          ),
          'one\r\nours\r\ntheirs\r\nnew\r\nlib\nnext\nstays\n',
        );
        const made = await workspace.commit(asked('Merge', begun.ours, theirs));
        const base = begun.state.base;
        const merged = await workspace.checkpoint('Merged');
        const checks = await one.workspaces.at(step, merged, { name: 'checks' });
        assert.equal(await shell(checks, 'echo x > stays/in; find lib -type f'), 'lib/in\n');
        await checks.strip([begun.ours, theirs]);
        assert.equal(await shell(checks, 'cat b.bat; find lib next stays'), 'theirs\r\nlib\nnext\nstays\n');
        assert.deepEqual(await checks.commit(asked('Merge', begun.ours, theirs)), made);
        await two.workspaces.publish(step, {
          base,
          head: made?.commit ?? '',
          branch: 'gantry/f',
          replaces: null,
        });
        return made?.commit ?? '';
      });
      const plain = await git(repository.path, ['merge-tree', '--write-tree', begun.ours, theirs]);
      assert.equal((await git(repository.path, ['rev-parse', `${head}^{tree}`])).trim(), plain.trim());
      assert.equal(await git(repository.path, ['show', `${head}:a.bat`]), 'one\nours\n');
      assert.equal(await git(repository.path, ['show', `${head}:a.u16`]), 'wi\n');
      assert.equal(await git(repository.path, ['show', `${head}:a.id`]), '$Id$\n$Id$\n');
      const links = (await git(repository.path, ['ls-tree', '-r', head])).match(/^160000.*$/gm);
      assert.deepEqual(links, [
        `160000 commit ${v2}\tlib`,
        `160000 commit ${v2}\tnext`,
        `160000 commit ${v1}\tstays`,
      ]);
    });
  }));
