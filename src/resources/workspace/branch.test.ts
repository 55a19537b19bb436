import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteRuns } from '../../kernel/retention.ts';
import { startGitServer, type GitServer } from '../../../test/support/git-server.ts';
import { git } from '../../../test/support/git-repository.ts';
import { shell, withWorkspaces } from '../../../test/support/with-workspaces.ts';
import type { CommitRequest } from './workspace.ts';

let server: GitServer;
before(async () => {
  server = await startGitServer();
  server.allow({ ...bot, scope: 'write' });
});
after(() => server.close());

const connected = (name: string) => ({ kind: 'connected' as const, name });
const bot = { username: 'bot', password: 'canary-push' };
const ada = { name: 'Ada', email: 'ada@example.com' };
const asked = (message: string, ...parents: string[]): CommitRequest => ({
  ...{ message, parents, author: ada },
  at: '2026-03-04T05:06:07Z',
});

test('commits of a run are pushed to a branch, as any git would have made them', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/first', { public: true });
    await repository.commit({
      files: {
        '.gitignore': 'ignored\n*.log\n',
        'kept.log': 'tracked\n',
        'a.txt': 'one\n',
        'b.txt': 'two\n',
      },
    });
    bench.connect('acme/first', repository.url, bot);
    const [one, two] = [bench.machine(), bench.machine()];
    await bench.story(async (ctx) => {
      const state = await ctx.step('resolve', (step) =>
        one.workspaces.resolve(step, connected('acme/first'), 'trusted'),
      );
      const base = state.base.commit ?? '';
      const first = await ctx.step('first', async (step) => {
        const workspace = await one.workspaces.at(step, state);
        assert.equal(await workspace.commit(asked('Nothing', base)), null);
        await shell(
          workspace,
          `echo more >> a.txt; rm b.txt; mkdir src; echo in > src/in; echo x > ignored; echo y > new.log; echo z >> kept.log
           printf '#!/bin/sh\\n' > run.sh; chmod 755 run.sh; ln -s a.txt link; mkdir -p node_modules/x __pycache__; echo q > node_modules/x/q; echo q > __pycache__/q`,
        );
        const kept = await workspace.checkpoint('Keep');
        const made = await workspace.commit(asked('Add things\n\nWith a body.', base));
        assert.equal((await workspace.checkpoint('Nothing')).checkpoint?.commit, kept.checkpoint?.commit);
        return { kept, made };
      });
      assert.deepEqual(first.made?.changes.map(({ path, status }) => `${status} ${path}`).sort(), [
        ...['added link', 'added run.sh', 'added src/in', 'deleted b.txt', 'modified a.txt'],
        'modified kept.log',
      ]);
      await one.close();
      const second = await ctx.step('second', async (step) => {
        const workspace = await two.workspaces.at(step, first.kept);
        const again = await workspace.commit(asked('Add things\n\nWith a body.', base));
        assert.deepEqual(again, first.made, 'the same on another machine');
        await shell(workspace, 'mv src/in src/out');
        return workspace.commit(asked('Move it', first.made?.commit ?? ''));
      });
      const head = second?.commit ?? '';
      assert.deepEqual(
        second?.changes.map(({ path }) => path),
        ['src/in', 'src/out'],
      );
      for (let n = 0; n < 2; n += 1)
        await ctx.step('publish', async (step) => {
          await two.workspaces.publish(step, {
            base: state.base,
            head,
            branch: 'gantry/one',
            replaces: null,
          });
          return null;
        });
      const log = await git(repository.path, [
        'log',
        '--format=%H %an <%ae> %cn %aI %s|%b',
        'gantry/one',
        '^main',
      ]);
      assert.equal(
        log.trim(),
        `${head} Ada <ada@example.com> Ada 2026-03-04T05:06:07+00:00 Move it|\n${first.made?.commit} Ada <ada@example.com> Ada 2026-03-04T05:06:07+00:00 Add things|With a body.`,
      );
      await git(repository.path, ['fsck', '--strict']);
      const tree = await git(repository.path, ['ls-tree', '-r', 'gantry/one']);
      assert.deepEqual(
        tree
          .trim()
          .split('\n')
          .map((line) => line.replace(/ blob \S+\t/, ' ')),
        [
          ...['100644 .gitignore', '100644 README.md', '100644 a.txt', '100644 kept.log', '120000 link'],
          ...['100755 run.sh', '100644 src/out'],
        ],
      );
    });
  }));

test('a commit holds what the files are, whatever their names, and leaves what nested .gitignore files name', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/names', { public: true });
    await repository.commit({
      files: {
        '.gitignore': '*.tmp\n/out/\n!keep.tmp\n',
        'deep/.gitignore': 'secret\n!/shown/\n',
        'mode.sh': 'x\n',
      },
    });
    bench.connect('acme/names', repository.url, bot);
    const { workspaces } = bench.machine();
    await bench.story((ctx) =>
      ctx.step('all', async (step) => {
        const state = await workspaces.resolve(step, connected('acme/names'), 'stranger');
        const base = state.base.commit ?? '';
        const workspace = await workspaces.at(step, state);
        await shell(
          workspace,
          `chmod 755 mode.sh; mkdir -p out/in deep/secret deep/more 'sp ace' deep/out .gantry closed; echo x > out/in/x; echo x > deep/out/x
           echo x > deep/secret/x; echo x > deep/more/secret; echo x > deep/more/a.tmp; echo x > deep/more/keep.tmp; echo x > 'sp ace/y'
           for name in -x ..x ':(top)a' ':!b' '"quoted"' 'a\\b' '*' '[x]' ' lead' 'trail ' '#hash' '!bang' 'x.tmp ' '.GIT2' ; do echo x > "./$name"; done
           printf x > "$(printf 'new\\nline')"; printf x > "$(printf 'bad\\377utf')"; printf x > "$(printf 'esc\\033[2J')"; printf x > "$(printf '\\342\\200\\256rtl')"
           echo x > .gantry/x; echo x > closed/in; chmod 000 closed; echo x > locked; chmod 000 locked; mkfifo pipe; ln -s /etc/passwd passwd; ln -s .. up; ln -s nowhere ./-l
           mkdir inner; cd inner; git init -q; echo x > .gitignore; echo x > x; echo y > y; mkdir -p .git/hooks`,
        );
        const made = await workspace.commit(asked('Names', base));
        const paths = (made?.changes ?? []).map(({ path, status }) => `${status[0]} ${path}`).sort();
        assert.deepEqual(
          paths,
          [
            ...[
              'a  lead',
              'a !bang',
              'a "quoted"',
              'a #hash',
              'a *',
              'a -l',
              'a -x',
              'a ..x',
              'a .GIT2',
              'a :!b',
            ],
            ...[
              'a :(top)a',
              'a [x]',
              'a a\\b',
              'a bad\uFFFDutf',
              'a closed/in',
              'a deep/more/keep.tmp',
              'a deep/out/x',
            ],
            ...[
              'a esc\u001b[2J',
              'a inner/.gitignore',
              'a inner/y',
              'a locked',
              'm mode.sh',
              'a new\nline',
              'a passwd',
            ],
            ...['a sp ace/y', 'a trail ', 'a up', 'a x.tmp ', 'a \u202ertl'],
          ].sort(),
        );
        assert.equal(await shell(workspace, 'stat -c %a closed locked'), '0\n0\n');
        const kept = await workspace.checkpoint('Keep');
        const head = made?.commit ?? '';
        assert.equal(await workspace.commit(asked('Again', head)), null, 'the same files');
        assert.equal(
          (await workspaces.at(step, kept)).state,
          kept,
          'a commit changes nothing of the workspace',
        );
        // What the first parent has stays, though it is ignored by now; what is gone is gone.
        await shell(
          workspace,
          `printf '%s\\n' '*' > .gitignore; rm ./-x; echo more > ./..x; echo new > new; rm -rf inner`,
        );
        const next = await workspace.commit(asked('Ignore all', head));
        assert.deepEqual(next?.changes.map(({ path, status }) => `${status[0]} ${path}`).sort(), [
          'd -x',
          'd inner/.gitignore',
          'd inner/y',
          'm ..x',
          'm .gitignore',
        ]);
        // Ignore files that are none.
        await shell(
          workspace,
          'rm .gitignore deep/.gitignore; mkfifo .gitignore; ln -s /dev/zero deep/.gitignore',
        );
        const odd = await workspace.commit(asked('Odd', next?.commit ?? ''));
        assert.ok(
          odd?.changes.some(({ path }) => path === 'new'),
          JSON.stringify(odd?.changes),
        );
        assert.ok(odd?.changes.some(({ path }) => path === 'deep/.gitignore'));
        await workspaces.publish(step, {
          base: state.base,
          head: odd?.commit ?? '',
          branch: 'gantry/names',
          replaces: null,
        });
        return null;
      }),
    );
    await git(repository.path, ['fsck', '--strict', '--no-dangling']);
    assert.equal((await git(repository.path, ['ls-tree', 'gantry/names', 'mode.sh'])).slice(0, 6), '100755');
  }));

test('what a commit would not hold is taken away, and what the repository has and what is installed stays', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/strip', { public: true });
    await repository.commit({
      files: {
        '.gitignore': '*.log\n/out/\nnode_modules/\n.venv/\n',
        'kept.log': 'tracked\n',
        'a.txt': 'a\n',
      },
    });
    bench.connect('acme/strip', repository.url, bot);
    const { workspaces } = bench.machine();
    await bench.story((ctx) =>
      ctx.step('all', async (step) => {
        const state = await workspaces.resolve(step, connected('acme/strip'), 'trusted');
        const base = state.base.commit ?? '';
        const writer = await workspaces.at(step, state);
        await shell(
          writer,
          `echo more >> kept.log; echo new > new.txt; mkdir -p out/deep empty/in closed/in; echo x > out/deep/x; ln -s a.txt l.log
           for name in -rf.log ' a.log' ':!a.log' '*.log' '"q".log' a.txt.log; do echo x > "./$name"; done
           printf x > "$(printf 'new\\nline.log')"; printf x > "$(printf 'bad\\377.log')"; printf x > "$(printf 'line\\n.txt')"
           echo x > closed/in/x.log; echo x > closed/in/y; chmod 500 closed/in; chmod 000 closed; chmod 000 a.txt`,
        );
        const kept = await writer.checkpoint('Keep');
        const first = (await writer.commit(asked('First', base)))?.commit ?? '';
        const checks = await workspaces.at(step, kept, { name: 'checks' });
        await shell(
          checks,
          'mkdir -p node_modules/x/empty .venv/empty; echo x > node_modules/x/y.log; echo x > .venv/z.log',
        );
        for (const parent of [base, first]) {
          await checks.strip([parent]);
          assert.equal(await checks.commit(asked('First', first)), null, 'the files of the commit');
          const left = await shell(checks, `find . -mindepth 1 -path ./.git -prune -o -printf '%P\\0'`);
          assert.deepEqual(left.split('\0').filter(Boolean).sort(), [
            ...[
              '.gitignore',
              '.venv',
              '.venv/empty',
              '.venv/z.log',
              'README.md',
              'a.txt',
              'closed',
              'closed/in',
            ],
            ...['closed/in/y', 'kept.log', 'line\n.txt', 'new.txt', 'node_modules', 'node_modules/x'],
            ...['node_modules/x/empty', 'node_modules/x/y.log'],
          ]);
          assert.equal(await shell(checks, 'cat a.txt kept.log closed/in/y'), 'a\ntracked\nmore\nx\n');
        }
        const again = await workspaces.at(step, kept, { name: 'checks' });
        assert.equal(await shell(again, 'cat out/deep/x'), 'x\n', 'the state has it still');
        await assert.rejects(again.strip(['1'.repeat(40)]), { code: 'NOT_FOUND' });
        return null;
      }),
    );
  }));

test('messages and names in a commit are inert, and what is no commit or moment is refused', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/words', { public: true });
    bench.connect('acme/words', repository.url, bot);
    const { workspaces } = bench.machine();
    await bench.story((ctx) =>
      ctx.step('all', async (step) => {
        const state = await workspaces.resolve(step, connected('acme/words'), 'trusted');
        const base = state.base.commit ?? '';
        const workspace = await workspaces.at(step, state);
        await shell(workspace, 'echo x > x');
        const commit = async (request: Partial<CommitRequest>) => {
          const made = await workspace.commit({ ...asked('x', base), ...request });
          const branch = `t/${made?.commit ?? ''}`;
          await workspaces.publish(step, {
            base: state.base,
            head: made?.commit ?? '',
            branch,
            replaces: null,
          });
          return git(repository.path, ['cat-file', 'commit', branch]);
        };
        const hostile = await commit({
          message:
            '\u001b]0;x\u0007Add\u0000 $(touch /tmp/x) `id` "\'\\n%s\r\n\r\nBody \u202edlrow\u2028-m\n-- x\n\ud800',
          author: { name: 'Eve <root@x>\nparent 0', email: 'a>b\n<c' },
          committer: { name: '\u001b.', email: '' },
        });
        assert.match(hostile, /^author Eve {2}root@x {2}parent 0 <a b {2}c> 1772600767 \+0000$/m);
        assert.match(hostile, /^committer Gantry <gantry@localhost> 1772600767 \+0000$/m);
        assert.equal(
          hostile.slice(hostile.indexOf('\n\n') + 2),
          ']0;xAdd $(touch /tmp/x) `id` "\'\\n%s\n\nBody dlrow-m\n-- x\n\uFFFD\n',
        );
        assert.match(await commit({ message: ' \u0007\n ' }), /\n\nChange\n$/);
        const long = await commit({ message: `${'é'.repeat(9_999)}\n\n${'x'.repeat(100_000)}` });
        assert.ok(long.length < 21_000);
        const refused = (request: Partial<CommitRequest>, code: string) =>
          assert.rejects(workspace.commit({ ...asked('x', base), ...request }), { code });
        await refused({ at: 'yesterday' }, 'INPUT_INVALID');
        await refused({ parents: ['HEAD'] }, 'INPUT_INVALID');
        await refused({ parents: ['--all'] }, 'INPUT_INVALID');
        await refused({ parents: [base, base, base] }, 'INPUT_INVALID');
        await refused({ parents: ['1'.repeat(40)] }, 'NOT_FOUND');
        await shell(
          workspace,
          `printf '[submodule "x"]\n\tpath = x\n\turl = --upload-pack=x\n' > .gitmodules`,
        );
        await assert.rejects(workspace.commit(asked('x', base)), {
          code: 'INPUT_INVALID',
          message: /harmful in a commit: .*gitmodulesUrl/,
        });
        const kept = await workspace.checkpoint('Keep');
        await refused({ parents: [kept.checkpoint?.commit ?? ''] }, 'INPUT_INVALID');
        return null;
      }),
    );
  }));

test('the first commits of an empty repository are pushed, and those of an upload leave as a bundle', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/none', { public: true, commits: [] });
    bench.connect('acme/none', repository.url, bot);
    const { workspaces } = bench.machine();
    await bench.story((ctx) =>
      ctx.step('all', async (step) => {
        const state = await workspaces.resolve(step, connected('acme/none'), 'trusted');
        const workspace = await workspaces.at(step, state);
        assert.equal(await workspace.commit(asked('Nothing')), null);
        await shell(workspace, 'echo first > first');
        const head = (await workspace.commit(asked('First')))?.commit ?? '';
        await assert.rejects(workspaces.latest(step, state.base), { code: 'NOT_FOUND' });
        await workspaces.publish(step, { base: state.base, head, branch: 'main', replaces: null });
        const bundle = await workspaces.bundle(step, { base: state.base, head, branch: 'main' });
        assert.match(bundle.toString('latin1'), /^# v2 git bundle\n[0-9a-f]{40} refs\/heads\/main\n\n/);
        return null;
      }),
    );
    assert.equal((await git(repository.path, ['log', '--format=%s', 'main'])).trim(), 'First');
  }));

test('a fork goes on from the commits of another run, also when that is deleted', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/fork', { public: true });
    bench.connect('acme/fork', repository.url, bot);
    const [one, two] = [bench.machine(), bench.machine()];
    let first = '';
    const kept = await bench.story(async (ctx) => {
      first = ctx.run.id;
      return ctx.step('first', async (step) => {
        const state = await one.workspaces.resolve(step, connected('acme/fork'), 'trusted');
        const workspace = await one.workspaces.at(step, state);
        await shell(workspace, 'echo x > x');
        const made = await workspace.commit(asked('First', state.base.commit ?? ''));
        return { state: await workspace.checkpoint('First'), commit: made?.commit ?? '' };
      });
    });
    const { base } = kept.state;
    const head = await bench.story((ctx) =>
      ctx.step('second', async (step) => {
        const workspace = await two.workspaces.at(step, kept.state);
        await shell(workspace, 'echo y > y');
        const made = await workspace.commit(asked('Second', kept.commit));
        await deleteRuns(bench.kernel.db, [first]);
        const beside = (await workspace.commit(asked('Beside', base.commit ?? '')))?.commit ?? '';
        const both = asked('Both', made?.commit ?? '', beside);
        await assert.rejects(workspace.commit(both), {
          code: 'INPUT_INVALID',
          message: /one of the repository/,
        });
        const request = { base, head: made?.commit ?? '', branch: 'gantry/fork', replaces: null };
        await two.workspaces.publish(step, request);
        return request.head;
      }),
    );
    const between = await git(repository.path, ['rev-list', 'gantry/fork', '^main']);
    assert.deepEqual(between.trim().split('\n'), [head, kept.commit]);
  }));
