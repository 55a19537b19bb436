import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Session } from '../capabilities/coding/session-reply.ts';
import { sessionRoutes } from '../capabilities/coding/routes.ts';
import { createArtifacts } from '../resources/artifacts.ts';
import { insertRow, listRows, toRepository } from '../resources/repositories/repository-rows.ts';
import type { Database } from '../store/database.ts';
import { newId } from '../base/ids.ts';
import { runFileRoutes } from '../api/run-files.ts';
import { gantry, gantryOnTerminal } from '../../test/support/command-line.ts';
import { sessionStory, plannedStep } from '../../test/support/session-story.ts';
import { until } from '../../test/support/until.ts';
import { withApi } from '../../test/support/with-api.ts';

interface Line {
  readonly directory: string;
  run(...words: string[]): ReturnType<typeof gantry>;
  json<Answer>(...words: string[]): Promise<Answer>;
  /** Types one of these lines at each prompt. */
  onTerminal(words: readonly string[], says: readonly string[]): ReturnType<typeof gantry>;
}

/** The command line of a member beside a server on which sessions do nothing but ask and say. */
async function withLine(use: (line: Line) => Promise<void>, bundle?: () => Buffer): Promise<void> {
  const held: { db?: Database } = {};
  const db = () => held.db ?? assert.fail('The database is not open.');
  const artifacts = createArtifacts(() => held.db);
  const repositories = () => ({ list: async () => (await listRows(db())).map(toRepository) });
  const directory = await mkdtemp(join(tmpdir(), 'gantry-session-'));
  const settings = {
    capabilities: [sessionStory(() => artifacts, bundle)],
    routes: (kernel: Parameters<typeof sessionRoutes>[0]) => [
      ...sessionRoutes(kernel, { artifacts, repositories }),
      ...runFileRoutes(kernel, artifacts),
    ],
  };
  try {
    await withApi(settings, async (api) => {
      held.db = api.db;
      await insertRow(api.db, {
        ...{ id: newId(), name: 'acme/shop', forge: 'github', baseUrl: null, remote: 'acme/shop' },
        ...{ url: 'https://github.com/acme/shop.git', webUrl: null, defaultBranch: 'main' },
        ...{ isPrivate: false, auth: 'none', status: 'ok', problem: null, createdBy: null },
      });
      await api.work();
      const { key } = await api.join('member', 'ada');
      const env = {
        ...{ GANTRY_URL: api.address, GANTRY_API_KEY: key },
        GANTRY_DATA_DIR: join(directory, 'data'),
      };
      const run = (...words: string[]) => gantry(words, { env, cwd: directory });
      await use({
        directory,
        run,
        json: async (...words) => {
          const { code, stdout, stderr } = await run(...words, '--json');
          assert.equal(code, 0, stderr);
          return JSON.parse(stdout);
        },
        onTerminal: (words, says) => {
          let seen = '';
          let answered = 0;
          return gantryOnTerminal(words, {
            env,
            cwd: directory,
            onStart: ({ stdout, stdin }) =>
              stdout?.on('data', (piece: Buffer) => {
                seen += piece.toString();
                const wanted = seen.split(/Your answer \[1-3\]: |Say it: |plan> /).length - 1;
                for (; answered < wanted; answered += 1) stdin?.write(`${says[answered] ?? 'help'}\r`);
              }),
          });
        },
      });
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const begin = ['session', '--repo', 'acme/shop', '--goal', 'Mend the totals'];

test('a session without questions is told line by line, and as JSON at its end', () =>
  withLine(async ({ run, json }) => {
    const { code, stdout, stderr } = await run(...begin, '--auto');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^a{10} fix: s1\na{10} fix: s2\nbranch gantry\/12345678\nhttps:\/\/forge\/7\n$/);
    for (const line of [
      ...[
        /^Prepare$/m,
        /^✓ Goal accepted: Totals are right$/m,
        /^✓ Plan approved:\n {2}1\. Do s1\n {2}2\. Do s2$/m,
      ],
      ...[/^✗ Step 1: nothing was checked$/m, /^✓ a{7} fix: it \(1 file, \+1 -1\)$/m],
      /^✓ Pull request #7 opened: https:\/\/forge\/7$/m,
    ])
      assert.match(stderr, line);
    const over = await json<Session>(...begin, '--auto', '--skip', 'review,goal', '--budget', '2', '--draft');
    assert.equal(over.output?.outcome, 'opened');
    assert.deepEqual(
      over.output?.commits.map(({ message }) => message),
      ['fix: s1', 'fix: s2'],
    );
    assert.deepEqual(
      [over.input.skip, over.input.pull, over.budget],
      [['review', 'goal'], 'draft', { usd: 2 }],
    );
  }));

test('a session that is left to itself is answered, shown and looked back on from scripts', () =>
  withLine(async ({ run, json, directory }) => {
    await writeFile(join(directory, 'goal.md'), '# Mend\n\nthe totals\n');
    const started = await run('session', '--repo', 'acme/shop', '--goal', '@goal.md', '--detach');
    assert.equal(started.code, 0, started.stderr);
    const id = started.stdout.trim();
    const asks = async (name: string) => {
      let session: Session | undefined;
      await until(async () => {
        session = await json<Session>('session', 'show', id);
        return session.questions.some((each) => each.name === name);
      });
      return session ?? assert.fail();
    };
    assert.equal((await asks('goal')).input.goal, '# Mend\n\nthe totals');
    const attached = run('session', '--attach', id);
    const wrong = await run('session', 'resume', id, 'approve');
    assert.equal(wrong.code, 65);
    assert.match(wrong.stderr, /It asks "Accept the goal\?" \(goal\), which takes accept, refine, reject/);
    const answered = await run('session', 'resume', id, 'accept');
    assert.equal(answered.stdout, 'Accept the goal? Accept.\n');
    await asks('plan');
    const shown = await run('session', 'show', id);
    assert.match(
      shown.stdout,
      /status +waiting\n[^]*GOAL \(accepted\)\nTotals are right\n[^]*PLAN \(proposed\)[^]*Do s2/,
    );
    assert.match(shown.stdout, new RegExp(`gantry session resume ${id} approve\\|modify\\|reject`));
    assert.match((await run('sessions')).stdout, /asks you +acme\/shop +# Mend/);
    await writeFile(
      join(directory, 'bad.json'),
      JSON.stringify({ steps: [plannedStep('a', { dependsOn: ['b'] })] }),
    );
    const bad = await run('session', 'resume', id, 'approve', '--plan', 'bad.json');
    assert.equal(bad.code, 2);
    assert.match(bad.stderr, /can't be worked on[^]*no step has that id/);
    await writeFile(join(directory, 'plan.json'), JSON.stringify({ steps: [plannedStep('only')] }));
    assert.equal((await run('session', 'resume', id, 'approve', '--plan', 'plan.json')).code, 0);
    const { code, stdout, stderr } = await attached;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^a{10} fix: only\n/);
    assert.match(
      stderr,
      /It waits for an answer: Accept the goal\? Answer it in the inbox, or with `gantry session resume/,
    );
    const history = await run('session', 'history', id);
    assert.match(history.stdout, /goal +ada: Accept\n[^]*plan +ada: Approve\n[^]*step only +done/);
    assert.match((await run('session', 'diff', id, '--step', 'only')).stdout, /^diff --git a\/a b\/a\n/);
    const more = await run('session', 'follow-up', id, '--no-checks', '--hours', '8', '--budget', '3');
    assert.equal(more.code, 0, more.stderr);
    const { input, budget } = await json<Session>('session', 'show', more.stdout.trim());
    assert.deepEqual(budget, { usd: 3 });
    assert.deepEqual([input.continues, input.followUp?.checks, input.followUp?.hours], [id, false, 8]);
  }));

test('on a terminal the goal is talked over and the plan changed, and the work is watched', () =>
  withLine(async ({ onTerminal }) => {
    const says = ['2', 'Taxes as well', '1', 'move 2 1', 'undo', 'drop 2', 'title 1 Do it well', 'approve'];
    const { code, stdout } = await onTerminal(begin, says);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /Totals are right/);
    assert.match(stdout, /comes later/);
    assert.match(stdout, /✓.* Plan approved:\r\n {2}1\. Do it well\r\n/);
    assert.match(stdout, /a{10} fix: s1\r\nbranch/);
    assert.doesNotMatch(stdout, /fix: s2/);
  }));

test('how it ended decides the exit code', () =>
  withLine(async ({ run, onTerminal }) => {
    const rejected = await onTerminal(begin, ['3']);
    assert.equal(rejected.code, 0, rejected.stdout);
    assert.match(rejected.stdout, /The session was rejected; nothing was changed/);
    const broken = await run('session', '--repo', 'acme/shop', '--goal', 'broken', '--auto');
    assert.equal(broken.code, 65, broken.stderr);
    assert.match(broken.stderr, /The remote said no\. See `gantry session show/);
    const refused = async (words: string[], code: number, why: RegExp) => {
      const result = await run('session', ...words);
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, why);
    };
    await refused([], 2, /Say what is to be different/);
    await refused(['--goal', 'x', '--repo', 'acme/none'], 66, /gantry repos add/);
    await refused(['--goal', 'x', '--repo', 'acme/shop', '--skip', 'everything'], 2, /skip\[0\]/);
    await refused(['--goal', 'x', '--retries', 'many'], 2, /--retries takes a whole number from 0/);
    await refused(['show', newId()], 66, /no such session/);
  }));

test('the branch of a local repository comes back into it, with nothing checked out and no hook run', async () => {
  const held: { bundle?: Buffer } = {};
  await withLine(
    async ({ run, directory }) => {
      const here = join(directory, 'shop');
      const git = (cwd: string, ...words: string[]) =>
        execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
          cwd,
          encoding: 'utf8',
        });
      execFileSync('git', ['init', '--quiet', '--initial-branch', 'main', here]);
      await writeFile(join(here, 'a'), '1\n');
      git(here, 'add', '.');
      git(here, 'commit', '--quiet', '-m', 'first');
      const work = join(directory, 'work');
      execFileSync('git', ['clone', '--quiet', here, work]);
      git(work, 'checkout', '--quiet', '-b', 'gantry/12345678');
      await writeFile(join(work, 'a'), '2\n');
      git(work, 'commit', '--quiet', '-am', 'fix: it');
      git(work, 'bundle', 'create', '--quiet', 'b', 'main..gantry/12345678');
      held.bundle = await readFile(join(work, 'b'));
      const hook = join(here, '.git', 'hooks', 'reference-transaction');
      await writeFile(hook, '#!/bin/sh\ntouch "$GIT_DIR/hooked"\n', { mode: 0o755 });

      const started = await run(...begin, '--auto', '--detach');
      const id = started.stdout.trim();
      const ended = await run('session', '--attach', id, '--repo', here);
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(
        ended.stderr,
        /The work is on the branch gantry\/12345678.*git diff main\.\.\.gantry\/12345678/,
      );
      assert.equal(git(here, 'show', 'gantry/12345678:a'), '2\n');
      assert.equal(await readFile(join(here, 'a'), 'utf8'), '1\n');
      assert.equal(git(here, 'status', '--porcelain'), '');
      await assert.rejects(readFile(join(here, '.git', 'hooked')));
      const again = await run('session', 'fetch', id, '--repo', here);
      assert.equal(again.code, 0, again.stderr);

      const other = join(directory, 'other');
      execFileSync('git', ['init', '--quiet', other]);
      const lacks = await run('session', 'fetch', id, '--repo', other);
      assert.equal(lacks.code, 65);
      assert.match(lacks.stderr, /lacks the commit that the session began from.*gantry session diff/);
    },
    () => held.bundle ?? assert.fail(),
  );
});
