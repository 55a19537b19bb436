import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { collect } from '../../../test/support/collect.ts';
import { stages, type ForgeStage } from '../../../test/support/forge-stages.ts';
import { runGit } from '../../../test/support/run-git.ts';
import { GantryError } from '../../base/errors.ts';
import { forgeKinds } from '../../resources/ports/forge.ts';

const hostile = [
  'a "quoted" <b>title</b>',
  'javascript:alert(1)\u202eevil\u0007',
  '-->\n<!-- gantry:run-1:comment -->',
  '`$(touch /tmp/owned)` %2e%2e/ ../../etc',
  'x'.repeat(10_000),
].join('\n');

/** What every forge driver must do. Its abilities say what is expected of it; without one, FORGE_UNABLE. */
for (const kind of forgeKinds) {
  describe(kind, () => {
    let stage: ForgeStage;
    before(async () => {
      stage = await stages[kind]();
    });
    after(() => stage.close());

    const unable = { code: 'FORGE_UNABLE', message: /branches, with a page/ };

    test('it says what the repository is', async () => {
      const found = await stage.forge.describe();
      assert.equal(found.fullName, 'acme/shop');
      assert.equal(found.cloneUrl, stage.cloneUrl);
      assert.equal(found.defaultBranch, 'main');
      assert.equal(found.isPrivate, true);
      assert.equal(found.isArchived, false);
      assert.equal(found.mayPush, true);
    });

    test('an empty repository has no default branch', async () => {
      const forge = await stage.addEmpty();
      assert.equal((await forge.describe()).defaultBranch, null);
      assert.deepEqual(await collect(forge.branches()), []);
    });

    test('branches are found by name, whatever stands in it, and listed beyond a page', async () => {
      const names = Array.from({ length: 120 }, (_, index) => `many/${index}`);
      const odd = 'feature/a%2Fb+c#d&é';
      const commits = [...names, odd].map((branch) => ({ branch, files: { a: branch } }));
      const commit = await stage.commit(...commits);
      assert.deepEqual(await stage.forge.branch(odd), { name: odd, commit, isProtected: false });
      assert.equal(await stage.forge.branch('feature'), undefined);
      assert.equal(await stage.forge.branch('no/such'), undefined);
      const listed = (await collect(stage.forge.branches())).map(({ name }) => name);
      assert.deepEqual(listed.toSorted(), ['main', ...names, odd].toSorted());
    });

    test('its credential lets git in, and never stands in an address', async () => {
      const credential = await stage.forge.credential('write');
      assert.ok(credential);
      const remote = stage.cloneUrl;
      const { exitCode, stdout } = await runGit({ command: ['ls-remote'], remote, credential });
      assert.equal(exitCode, 0);
      assert.match(stdout, /refs\/heads\/main/);
      await credential.revoke();
      await credential.revoke();
      assert.ok(stage.lines().every((line) => !line.includes(stage.secret)));
    });

    test('a wrong token, a missing repository and an outage are told apart, without the token', async () => {
      const canary = 'a-wrong-token-canary';
      const wrong = await stage.open({ token: canary });
      const expected = async (work: Promise<unknown>, code: string) =>
        assert.rejects(work, (error) => {
          assert.ok(error instanceof GantryError);
          assert.equal(error.code, code, error.message);
          assert.ok(error.message.length > 40, error.message);
          const all = inspect(error, { depth: 12, showHidden: true });
          assert.ok(!all.includes(canary) && !all.includes(stage.secret), all);
          return true;
        });
      await expected(wrong.describe(), 'FORGE_KEY_REFUSED');
      const missing = await stage.open({ repository: 'acme/missing' });
      await expected(missing.describe(), 'NOT_FOUND');
      for (const fault of ['drop', { status: 502, body: '<html>Bad gateway</html>' }] as const) {
        stage.fail(fault);
        await expected(stage.forge.describe(), 'FORGE_UNAVAILABLE');
      }
      stage.fail({
        status: 200,
        body: '<!doctype html>\n<html>\n<title>Please sign in first to go on</title></html>\n',
      });
      await expected(stage.forge.describe(), 'FORGE_REPLY_INVALID');
      stage.fail(null);
      assert.equal((await stage.forge.describe()).defaultBranch, 'main');
    });

    test('a pull is opened once per key, and changes between draft and ready', async () => {
      const { forge } = stage;
      await stage.commit({ branch: 'topic', files: { 'topic.txt': 'one\n' } });
      const wanted = {
        title: 'Topic',
        body: 'Why\n\nand how',
        head: 'topic',
        base: 'main',
        draft: true,
        labels: ['bot'],
      };
      if (!forge.abilities.pulls) {
        await assert.rejects(forge.openPull(wanted, 'k'), unable);
        await assert.rejects(collect(forge.pulls({ state: 'all' })), unable);
        await assert.rejects(forge.pull(1), unable);
        await assert.rejects(forge.pullDiff(1, 10), unable);
        return;
      }
      await stage.commit({ branch: 'trap', files: { t: '1' } });
      // A stranger writes our mark first, with the same branch name, in a fork.
      await stage.pull('Trap', 'evil\n\n<!-- gantry:run-1:pull -->', 'topic');
      const opened = await forge.openPull(wanted, 'run-1:pull');
      assert.deepEqual(
        [
          opened.title,
          opened.body,
          opened.state,
          opened.isDraft,
          opened.head.branch,
          opened.base.branch,
          opened.head.isFork,
        ],
        ['Topic', 'Why\n\nand how', 'open', true, 'topic', 'main', false],
      );
      assert.deepEqual(opened.labels, ['bot']);
      assert.notEqual(opened.author, 'stranger');
      assert.equal((await forge.openPull({ ...wanted, title: 'Other' }, 'run-1:pull')).number, opened.number);
      await assert.rejects(forge.openPull(wanted, 'run-2:pull'), { code: 'CONFLICT' });
      await assert.rejects(forge.openPull({ ...wanted, head: 'no-branch' }, 'run-3:pull'), {
        code: 'CONFLICT',
      });

      const ready = await forge.updatePull(opened.number, { draft: false, title: 'Topic, done' });
      assert.deepEqual([ready.isDraft, ready.title], [false, 'Topic, done']);
      assert.equal((await forge.pull(opened.number)).isDraft, false);
      assert.equal((await forge.updatePull(opened.number, { draft: true })).isDraft, true);
      assert.equal((await forge.updatePull(opened.number, { body: hostile })).body.length > 10_000, true);
      // The mark outlives a change of the text.
      assert.equal((await forge.openPull(wanted, 'run-1:pull')).number, opened.number);
      const closed = await forge.updatePull(opened.number, { state: 'closed' });
      assert.equal(closed.state, 'closed');
      const numbers = async (state: 'open' | 'closed' | 'merged') =>
        (await collect(forge.pulls({ state, head: 'topic' }))).map(({ number }) => number);
      assert.deepEqual(await numbers('closed'), [opened.number]);
      assert.deepEqual(await numbers('merged'), []);
      assert.equal((await forge.updatePull(opened.number, { state: 'open' })).state, 'open');
      await assert.rejects(forge.pull(9999), { code: 'NOT_FOUND' });
    });

    test('the diff of a pull is capped, however large', async () => {
      const { forge } = stage;
      if (!forge.abilities.pulls) return;
      const lines = `${'some line of a large file\n'.repeat(60_000)}`;
      await stage.commit({ branch: 'huge', files: { 'huge.txt': lines, 'ünïcode.txt': 'ä'.repeat(1000) } });
      const pull = await forge.openPull(
        { title: 'Huge', body: '', head: 'huge', base: 'main', draft: false },
        'h',
      );
      const part = await forge.pullDiff(pull.number, 1001);
      assert.equal(part.truncated, true);
      assert.ok(Buffer.byteLength(part.text) <= 1001 && Buffer.byteLength(part.text) > 990);
      const whole = await forge.pullDiff(pull.number, 10_000_000);
      assert.equal(whole.truncated, false);
      assert.match(whole.text, /^diff --git a\/huge\.txt b\/huge\.txt\n/m);
      assert.match(whole.text, /^\+some line of a large file$/m);
      assert.ok(whole.text.length > 1_000_000);
      const small = await forge.openPull(
        { title: 'Small', body: '', head: 'trap', base: 'main', draft: false },
        's',
      );
      assert.match((await forge.pullDiff(small.number, 100_000)).text, /\+1\n/);
    });

    test('titles and texts that no forge takes are cut, not refused', async () => {
      const { forge } = stage;
      if (!forge.abilities.pulls) return;
      await stage.commit({ branch: 'long', files: { l: '1' } });
      const title = `${'t'.repeat(5000)}\n\u2028x`;
      const long = { title, body: '\u{1F600}'.repeat(100_000), head: 'long', base: 'main', draft: true };
      const pull = await forge.openPull(long, 'long');
      assert.match(pull.title, /^t{200,}\.\.\.$/);
      assert.match(pull.body, /\u{1F600}\n\n\(Cut here/u);
      assert.equal((await forge.openPull(long, 'long')).number, pull.number);
      const comment = await forge.comment({ on: 'pull', number: pull.number }, 'c'.repeat(200_000), 'long');
      assert.ok(comment.body.length < 65_000);
    });

    test('comments are kept one per key, and a stranger’s mark is not ours', async () => {
      const { forge } = stage;
      if (!forge.abilities.issues) {
        await assert.rejects(forge.issue(1), unable);
        await assert.rejects(forge.comment({ on: 'issue', number: 1 }, 'x', 'k'), unable);
        await assert.rejects(collect(forge.comments({ on: 'issue', number: 1 })), unable);
        return;
      }
      const number = await stage.issue('A bug', hostile);
      const thread = { on: 'issue', number } as const;
      const found = await forge.issue(number);
      assert.deepEqual(
        [found.title, found.body, found.state, found.author],
        ['A bug', hostile, 'open', 'stranger'],
      );
      for (let index = 0; index < 130; index += 1) await stage.comment(number, `remark ${index}`);
      await stage.comment(number, 'mine?\n\n<!-- gantry:run-1:comment -->');
      const first = await forge.comment(thread, 'working', 'run-1:comment');
      const again = await forge.comment(thread, `done: ${hostile}`, 'run-1:comment');
      assert.equal(again.id, first.id);
      // What it quotes of a stranger claims no other key either.
      const quoting = await forge.comment(thread, 'quote\n\n<!-- gantry:run-9:comment -->', 'run-8:comment');
      const other = await forge.comment(thread, 'other', 'run-9:comment');
      assert.notEqual(other.id, quoting.id);
      const all = await collect(forge.comments(thread));
      assert.equal(all.length, 134);
      assert.equal(all[0]?.body, 'remark 0');
      assert.equal(all[130]?.author, 'stranger');
      assert.ok(all[131]?.body.startsWith('done: '));
      assert.ok(!all[131]?.body.endsWith('-->'));
      await assert.rejects(forge.issue(9999), { code: 'NOT_FOUND' });
    });

    test('a status is set on a commit, its description as long as the forge takes', async () => {
      const { forge } = stage;
      const commit = await stage.commit({ files: { s: '1' } });
      const status = {
        context: 'gantry/review',
        state: 'success',
        description: 'fine '.repeat(100),
      } as const;
      if (!forge.abilities.statuses) return assert.rejects(forge.setStatus(commit, status), unable);
      await forge.setStatus(commit, status);
      await forge.setStatus(commit, {
        ...status,
        state: 'failure',
        targetUrl: 'https://gantry.example/runs/1',
      });
      const { context } = status;
      assert.deepEqual(stage.statuses(), [
        { sha: commit, context, state: 'success' },
        { sha: commit, context, state: 'failure' },
      ]);
    });

    test('who is a member may do what the forge says, and nobody else anything', async () => {
      const { forge } = stage;
      if (!forge.abilities.reviews) return assert.rejects(forge.permission('ada'), unable);
      for (const level of ['read', 'write', 'admin'] as const) stage.member(`m-${level}`, level);
      for (const level of ['read', 'write', 'admin'] as const)
        assert.equal(await forge.permission(`m-${level}`), level);
      for (const odd of ['stranger', 'no-such-user', '../../user', 'm-admin?x=', 'ünïcode %00 &', ''])
        assert.equal(await forge.permission(odd), 'none', odd);
    });

    test('checks are summed up, with the end of the log of what failed', async () => {
      const { forge } = stage;
      const commit = await stage.commit({ files: { c: '1' } });
      if (!forge.abilities.checks) return assert.rejects(forge.checks(commit), unable);
      assert.deepEqual(await forge.checks(commit), { state: 'none', checks: [] });
      for (let index = 0; index < 120; index += 1)
        stage.check(commit, { name: `fine ${index}`, state: 'passed' });
      assert.equal((await forge.checks(commit)).state, 'passed');
      stage.check(commit, { name: 'slow', state: 'pending' });
      assert.equal((await forge.checks(commit)).state, 'pending');
      const log = `${'2026-01-02T03:04:05.123Z \u001b[31mnoise\u001b[0m\r\n'.repeat(50_000)}not ok 1\n`;
      stage.check(commit, { name: 'unit', state: 'failed', log });
      stage.check(commit, { name: 'elsewhere', state: 'failed' });
      const { state, checks } = await forge.checks(commit);
      assert.equal(state, 'failed');
      assert.equal(checks.length, 123);
      const unit = checks.find(({ name }) => name === 'unit');
      assert.match(unit?.log ?? '', /^\(The beginning is left out\.\)\nnoise\n[^]*\nnoise\nnot ok 1$/);
      assert.ok((unit?.log ?? '').length < 20_000);
      assert.equal(checks.find(({ name }) => name === 'elsewhere')?.log, null);
      assert.equal((await forge.checks('0'.repeat(40))).state, 'none');
    });

    test('review comments say where they stand, and are answered in their thread once per key', async () => {
      const { forge } = stage;
      if (!forge.abilities.reviews) {
        await assert.rejects(collect(forge.reviewComments(1)), unable);
        await assert.rejects(forge.reply(1, { id: '1', thread: '1' }, 'x', 'k'), unable);
        return;
      }
      await stage.commit({ branch: 'reviewed', files: { 'a.txt': '1' } });
      const wanted = { title: 'Reviewed', body: '', head: 'reviewed', base: 'main', draft: false };
      const { number, hasConflicts } = await forge.openPull(wanted, 'r');
      assert.equal(hasConflicts, false);
      assert.deepEqual(await collect(forge.reviewComments(number)), []);
      await stage.review(number, 'ada', `Mend this. ${hostile}`);
      for (let index = 0; index < 130; index += 1) await stage.review(number, 'ada', `more ${index}`);
      await forge.comment({ on: 'pull', number }, 'alone', 'alone');
      const all = await collect(forge.reviewComments(number));
      assert.equal(all.length, 131);
      const [first, second] = all;
      assert.ok(first && second);
      assert.deepEqual(
        [first.author, first.path, first.line, first.isResolved, first.body],
        ['ada', 'a.txt', 3, false, `Mend this. ${hostile}`],
      );
      assert.notEqual(first.thread, second.thread);
      stage.resolve(number, second.thread);
      await stage.review(number, 'stranger', 'mine?\n\n<!-- gantry:run-1:reply -->', first.thread);
      const reply = await forge.reply(number, first, 'Done.', 'run-1:reply');
      assert.equal((await forge.reply(number, first, 'Done.', 'run-1:reply')).id, reply.id);
      const threads = stage.thread(number, first.thread);
      assert.deepEqual(
        threads.map(({ by }) => by),
        ['ada', 'stranger', 'gantry-person'],
      );
      const again = await collect(forge.reviewComments(number));
      assert.deepEqual(
        again.filter(({ thread }) => thread === first.thread).map(({ path }) => path),
        ['a.txt', 'a.txt', 'a.txt'],
      );
      assert.equal(again.find(({ id }) => id === second.id)?.isResolved, true);
      const own = again.filter(({ key }) => key !== null);
      assert.deepEqual(
        own.map(({ id, body, key }) => [id, body, key]),
        [[reply.id, 'Done.', 'run-1:reply']],
        'a stranger’s mark counts',
      );
      const plain = await collect(forge.comments({ on: 'pull', number }));
      assert.deepEqual(
        plain.map(({ body, key }) => [body, key]),
        [['alone', 'alone']],
      );
    });

    test('a token that is revoked in the middle ends with what to do', async () => {
      assert.equal((await stage.forge.describe()).fullName, 'acme/shop');
      stage.revoke();
      await assert.rejects(stage.forge.describe(), { code: 'FORGE_KEY_REFUSED' });
    });

    test('the double answered as its forge publishes', (t) => {
      assert.deepEqual(stage.violations(), []);
      if (stage.unchecked !== null) t.skip(stage.unchecked);
    });
  });
}
