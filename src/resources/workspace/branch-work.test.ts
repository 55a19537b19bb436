import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startGitServer, type GitServer } from '../../../test/support/git-server.ts';
import { git, initBare } from '../../../test/support/git-repository.ts';
import { shell, withWorkspaces } from '../../../test/support/with-workspaces.ts';
import type { CommitRequest } from './workspace.ts';

const MiB = 1024 ** 2;
let server: GitServer;
let place: string;
before(async () => {
  server = await startGitServer();
  place = mkdtempSync(join(tmpdir(), 'gantry-work-'));
});
after(async () => {
  await server.close();
  rmSync(place, { recursive: true, force: true });
});

const asked = (message: string, ...parents: string[]): CommitRequest => ({
  ...{ message, parents, author: { name: 'Ada', email: 'ada@example.com' } },
  at: '2026-03-04T05:06:07Z',
});

test('commits of an uploaded repository are merged and compared, and leave as a bundle that any git fetches', () =>
  withWorkspaces(async (bench) => {
    await bench.kernel.db.query("INSERT INTO users (id, name, email) VALUES ('ada', 'ada', 'ada')");
    const repository = await server.add('local/work');
    await repository.commit({ files: { a: 'one\n', '.gitignore': 'built\n' } });
    const other = await repository.commit({ branch: 'topic', files: { b: 'two\n' } });
    const file = join(place, 'up.bundle');
    await git(repository.path, ['bundle', 'create', '-q', file, '--all', 'HEAD']);
    const [one, two] = [bench.machine(), bench.machine()];
    const upload = async function* () {
      yield readFileSync(file);
    };
    const { id } = await one.bundles.upload('ada', upload());
    const choice = { kind: 'bundle' as const, bundleId: id, name: 'local' };
    await bench.story(async (ctx) => {
      const begun = await ctx.step('begin', async (step) => {
        const state = await one.workspaces.resolve(step, choice, 'trusted');
        const workspace = await one.workspaces.at(step, state);
        await shell(workspace, 'echo more >> a; echo x > built; git gc -q');
        const ours = (await workspace.commit(asked('Ours', state.base.commit ?? '')))?.commit ?? '';
        return { state: await workspace.checkpoint('Ours'), ours };
      });
      const { base } = begun.state;
      const bundle = await ctx.step('rest', async (step) => {
        const { workspaces } = two;
        const workspace = await workspaces.at(step, begun.state);
        assert.deepEqual(await workspace.merge(begun.ours, other), { conflicts: [] });
        const head = (await workspace.commit(asked('Merge', begun.ours, other)))?.commit ?? '';
        assert.deepEqual(await workspaces.conflicts(step, base, begun.ours, other), []);
        const { text } = await workspaces.compare(step, base, {
          from: base.commit ?? '',
          to: head,
          maxBytes: MiB,
        });
        assert.deepEqual(text.match(/^\+[^+].*$/gm), ['+more', '+two']);
        const unable = { code: 'FORGE_UNABLE', message: /Take the commits as a bundle/ };
        await assert.rejects(workspaces.latest(step, base), unable);
        await assert.rejects(workspaces.publish(step, { base, head, branch: 'x', replaces: null }), unable);
        await assert.rejects(workspaces.bundle(step, { base, head, branch: '--all' }), {
          code: 'INPUT_INVALID',
        });
        const made = await workspaces.bundle(step, { base, head, branch: 'gantry/b' });
        return { head, made: made.toString('base64') };
      });
      const fetched = join(place, 'made.bundle');
      writeFileSync(fetched, Buffer.from(bundle.made, 'base64'));
      await git(repository.path, ['bundle', 'verify', '-q', fetched]);
      await git(repository.path, ['-c', 'fetch.fsckObjects=true', 'fetch', '-q', fetched, '*:*']);
      await git(repository.path, ['fsck', '--strict']);
      assert.equal((await git(repository.path, ['rev-parse', 'gantry/b'])).trim(), bundle.head);
      assert.deepEqual(
        (await git(repository.path, ['rev-list', 'gantry/b', '^main', '^topic'])).trim().split('\n'),
        [bundle.head, begun.ours],
      );
      const empty = join(place, 'empty.git');
      await initBare(empty);
      await assert.rejects(git(empty, ['fetch', '-q', fetched, '*:*']), 'it holds no more than what is new');
    }, 'ada');
  }));

test('a second workspace of a run is used beside the first, and goes with it', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/second', { public: true });
    const { id } = bench.connect('acme/second', repository.url);
    const { workspaces, mirrors } = bench.machine();
    await bench.story((ctx) =>
      ctx.step('both', async (step) => {
        const state = await workspaces.resolve(step, { kind: 'connected', name: 'acme/second' }, 'trusted');
        const first = await workspaces.at(step, state);
        await shell(first, 'echo first > own');
        const kept = await first.checkpoint('First');
        const second = await workspaces.at(step, kept, { name: 'review' });
        // Each waits for the other: two sandboxes.
        const [one, other] = await Promise.all([
          shell(first, 'echo here > only; cat own only'),
          shell(second, 'cat own; ls only 2>/dev/null || echo none'),
        ]);
        assert.deepEqual([one, other], ['first\nhere\n', 'first\nnone\n']);
        assert.equal(await mirrors.remove(id), false);
        await workspaces.release(step.owner.runId);
        assert.equal(await mirrors.remove(id), true, 'both are closed');
        for (const each of [first, second])
          await assert.rejects(each.read('own', { offset: 0, bytes: 9 }), { code: 'SANDBOX_FAILED' });
        return null;
      }),
    );
  }));
