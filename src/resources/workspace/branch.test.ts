import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGitServer, type GitServer } from '../../../test/support/git-server.ts';
import { git } from '../../../test/support/git-repository.ts';
import { shell, withWorkspaces } from '../../../test/support/with-workspaces.ts';
import type { CommitRequest } from './workspace.ts';

let server: GitServer;
before(async () => {
  server = await startGitServer();
});
after(() => server.close());

const connected = (name: string) => ({ kind: 'connected' as const, name });
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
    server.allow({ username: 'bot', password: 'canary-push', scope: 'write' });
    bench.connect('acme/first', repository.url, { username: 'bot', password: 'canary-push' });
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
