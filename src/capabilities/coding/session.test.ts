import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hands } from '../../../test/support/debate-script.ts';
import { git } from '../../../test/support/git-repository.ts';
import { adds, sessionOf, shopFiles, testOf, writes } from '../../../test/support/session-script.ts';
import { withSessions, type Sessions, type SessionTest } from '../../../test/support/sessions.ts';
import type { Pull } from '../../resources/ports/forge.ts';
import { createCoding } from './index.ts';
import {
  codingOutputSchema,
  planStateSchema,
  stepStateSchema,
  type CodingOutput,
  type StepState,
} from './schema.ts';

const github = (files: Readonly<Record<string, string>>): SessionTest => ({
  create: createCoding,
  files,
  forge: 'github',
});
const quick = { auto: true, skip: ['goal', 'plan', 'review'] } as const;

async function outputOf(sessions: Sessions, id: string): Promise<CodingOutput> {
  return codingOutputSchema.parse(await sessions.ended(id));
}

async function pullsOf({ stage }: Sessions): Promise<Pull[]> {
  const pulls: Pull[] = [];
  for await (const pull of stage.forge.pulls({ state: 'all' })) pulls.push(pull);
  return pulls;
}

async function stepOf({ states }: Sessions, id: string, name: string): Promise<StepState> {
  return stepStateSchema.parse((await states(id, `step ${name}`)).at(-1));
}

/** The remote refuses branches, in the words of a forge. */
function protect({ path }: Sessions['stage'], isProtected: boolean): void {
  const hook = join(path, 'hooks', 'pre-receive');
  const words = 'error: GH006: Protected branch update failed for refs/heads/gantry.';
  if (isProtected) writeFileSync(hook, `#!/bin/sh\necho '${words}' >&2\nexit 1\n`, { mode: 0o755 });
  else rmSync(hook);
}

/** The subjects that a branch of the remote has beyond `main`, the earliest first. */
async function subjects({ stage }: Sessions, branch: string): Promise<string[]> {
  return (await git(stage.path, ['log', '--first-parent', '--reverse', '--format=%s', `main..${branch}`]))
    .split('\n')
    .filter(Boolean);
}

const cases: [title: string, run: (sessions: Sessions, t: TestContext) => Promise<void>][] = [];
const it = (...each: (typeof cases)[number]) => void cases.push(each);

it('from a goal to one pull request: agreed, planned, proven, retried, committed step by step', async (sessions, t) => {
  const { start, asked, answer, stage, calls } = sessions;
  const script = sessionOf(['tea', 'cup', 'pot'], {
    'writer cup.1': adds('cup', true),
    'writer cup.2': adds('cup'),
  });
  const id = await start({ goal: 'Sell tea, cups and pots.', script });
  await asked(id, 'goal');
  await answer(id, 'accept');
  const question = await asked(id, 'plan');
  const { iterations } = planStateSchema.parse(question.subject?.value);
  const steps = iterations
    .at(-1)
    ?.steps.map((step) => (step.id === 'pot' ? { ...step, title: 'Sell pots too' } : step));
  await answer(id, 'approve', { data: { steps } });
  const output = await outputOf(sessions, id);
  assert.deepEqual([output.outcome, output.notice], ['opened', null]);
  const branch = `gantry/${id.slice(-8)}`;
  assert.equal(output.branch, branch);
  assert.deepEqual(await subjects(sessions, branch), ['feat: Do tea', 'feat: Do cup', 'feat: Sell pots too']);
  assert.deepEqual(
    output.commits.map(({ message }) => message.split('\n\n')[1]),
    ['Adds tea.', 'Adds cup.', 'Adds pot.'],
  );
  assert.equal(output.verification?.passed, true);
  const cup = await stepOf(sessions, id, 'cup');
  assert.deepEqual(
    cup.attempts.map(({ verification }) => verification?.passed),
    [false, true],
  );
  assert.equal(cup.status, 'done');
  assert.equal((await calls(id)).filter((agent) => agent === 'writer cup.2').length, 2);
  const [pull, ...more] = await pullsOf(sessions);
  assert.deepEqual(more, []);
  assert.equal(output.pullUrl, pull?.webUrl);
  assert.deepEqual(
    [pull?.title, pull?.isDraft, pull?.head.branch, pull?.base.branch],
    ['Sell more', false, branch, 'main'],
  );
  assert.match(pull?.body ?? '', /^The shop sells more\.\n\n### Done when\n- It works shows\./);
  assert.match(pull?.body ?? '', /feat: Sell pots too\n\n### Verified\n[^]*npm test: passed/);
  await t.test('what it told has no credential in it', async () => {
    assert.ok(!JSON.stringify(await sessions.events(id)).includes(stage.secret));
  });
  await t.test(
    'a fork from the middle has the commits before it, and a branch and pull request of its own',
    async () => {
      const all = await sessions.kernel.kernel.steps(id);
      const from =
        all.find(({ name }) => name === 'writer pot.1.begin')?.position ?? assert.fail('no such step');
      const { run } = await sessions.kernel.kernel.fork(id, from, { kind: 'system' }, null);
      const forked = await outputOf(sessions, run.id);
      assert.deepEqual(forked.commits.slice(0, 2), output.commits.slice(0, 2));
      assert.notEqual(forked.branch, branch);
      assert.equal((await subjects(sessions, forked.branch ?? '')).length, 3);
      assert.equal((await pullsOf(sessions)).length, 2);
      assert.equal((await stepOf(sessions, run.id, 'tea')).status, 'done');
    },
  );
});

it('a step that does not pass is given up by nobody but a person, who helps, takes it, leaves it out or stops', async (sessions) => {
  const { start, asked, answer } = sessions;
  const wrong = { 'writer tea.1': adds('tea', true), 'writer tea.2': adds('tea', true) };
  const limits = { retries: 1 };
  const skip: ('goal' | 'review')[] = ['goal', 'review'];
  const begin = async (names: string[], writers: Readonly<Record<string, object>>) => {
    const id = await start({
      script: sessionOf(names, writers),
      limits,
      skip,
    });
    await asked(id, 'plan');
    await answer(id, 'approve');
    const question = await asked(id, 'step');
    assert.match(question.text, /Step 1 of \d, "Do tea", does not pass npm test after 2 tries/);
    assert.equal(stepStateSchema.parse(question.subject?.value).status, 'waiting');
    return id;
  };
  const helped = await begin(['tea'], {
    ...wrong,
    'writer tea.3': { turns: [{ when: 'Say tea!', ...adds('tea').turns[0] }, adds('tea').turns[1]] },
  });
  await answer(helped, 'retry', { comment: 'Say tea!' });
  assert.equal((await outputOf(sessions, helped)).outcome, 'opened');

  const taken = await begin(['tea'], wrong);
  await answer(taken, 'accept');
  const asIs = await outputOf(sessions, taken);
  assert.deepEqual([asIs.outcome, asIs.verification?.passed], ['opened', false]);

  const without = await begin(['tea', 'cup', 'pot'], wrong);
  await answer(without, 'skip');
  const rest = await outputOf(sessions, without);
  assert.deepEqual([rest.outcome, rest.notice], ['stopped', '3 of 3 steps were left out.']);
  assert.equal((await stepOf(sessions, without, 'pot')).status, 'skipped');

  const stopped = await start({
    script: sessionOf(['cup', 'tea'], wrong),
    limits,
    skip: ['goal', 'review'],
  });
  await answer(stopped, 'approve');
  await asked(stopped, 'step');
  await answer(stopped, 'stop');
  const half = await outputOf(sessions, stopped);
  assert.deepEqual([half.outcome, half.commits.length, half.pullUrl], ['stopped', 1, null]);
  assert.deepEqual(await subjects(sessions, half.branch ?? ''), ['feat: Do cup']);
});

it('what CI runs is pushed by a person only, also where nothing else is asked, and is kept when it is not', async (sessions) => {
  const { start, asked, answer, stage } = sessions;
  const script = {
    agents: {
      writer: writes({ '.github/workflows/ci.yml': 'on: push\n' }),
      describer: hands('describe', { title: 'CI', summary: 'CI.' }),
    },
  };
  const kept = await start({ script, ...quick, skip: [...quick.skip] });
  const question = await asked(kept, 'publish');
  assert.deepEqual(
    question.items.map(({ title }) => title),
    ['.github/workflows/ci.yml'],
  );
  assert.equal(await stage.forge.branch(`gantry/${kept.slice(-8)}`), undefined);
  await answer(kept, 'stop');
  const output = await outputOf(sessions, kept);
  assert.deepEqual([output.outcome, output.pullUrl, output.commits.length], ['stopped', null, 1]);
  assert.ok(output.bundleFile, 'its commits are lost');
  assert.equal(await stage.forge.branch(`gantry/${kept.slice(-8)}`), undefined);
  const pushed = await start({ script, ...quick, skip: [...quick.skip] });
  await asked(pushed, 'publish');
  await answer(pushed, 'push');
  assert.equal((await outputOf(sessions, pushed)).outcome, 'opened');
});

it('a push that is refused says why, is tried again when it was put right, and loses nothing when it is not', async (sessions) => {
  const { start, asked, answer, stage } = sessions;
  const script = sessionOf(['tea']);
  const skip: ('goal' | 'plan' | 'review')[] = ['goal', 'plan', 'review'];
  const both = { agents: { ...script.agents, writer: adds('tea') } };
  protect(stage, true);
  const id = await start({ script: both, skip });
  const question = await asked(id, 'publish');
  assert.match(question.text, /protected/i);
  protect(stage, false);
  await answer(id, 'push');
  assert.equal((await outputOf(sessions, id)).outcome, 'opened');
  protect(stage, true);
  const alone = await outputOf(sessions, await start({ script: both, ...quick, skip }));
  assert.equal(alone.outcome, 'stopped');
  assert.match(alone.notice ?? '', /could not be pushed.*protected/i);
  assert.ok(alone.bundleFile);
  protect(stage, false);
});

it('nothing to change, a tag in place of a branch, and a repository without commits are said plainly', async (sessions) => {
  const { start, finished, stage } = sessions;
  const nothing = { agents: { writer: hands('done', { summary: 'It is there already.' }) } };
  const output = await outputOf(sessions, await start({ script: nothing, ...quick, skip: [...quick.skip] }));
  assert.deepEqual(
    [output.outcome, output.notice, output.branch],
    ['unchanged', 'Nothing had to be changed.', null],
  );
  const commit = (await stage.forge.branch('main'))?.commit ?? '';
  const repository = { kind: 'connected', name: 'acme/shop', ref: commit } as const;
  const run = await finished(await start({ repository, script: nothing, ...quick, skip: [...quick.skip] }));
  assert.deepEqual([run.status, run.error?.code], ['failed', 'INPUT_INVALID']);
  assert.match(run.error?.message ?? '', /is no branch of acme\/shop/);
});

it('small goals go without phases, pull requests may be drafts, and what may not be pushed is known before it begins', async (sessions) => {
  const { start, asked, answer, finished, stage, states } = sessions;
  const script = {
    agents: { writer: adds('tea', true), describer: hands('describe', { title: 'Tea', summary: 'Tea.' }) },
  };
  const skipped = ['goal', 'plan', 'review', 'verify'] as const;
  const draft = await outputOf(
    sessions,
    await start({ script, auto: true, skip: [...skipped], pull: 'draft' }),
  );
  assert.deepEqual([draft.outcome, draft.pull?.isDraft], ['opened', true]);
  assert.deepEqual(
    draft.verification?.checks.map(({ name, status }) => `${name} ${status}`),
    ['added lines passed'],
  );
  assert.match((await pullsOf(sessions))[0]?.body ?? '', /### Verified\n- added lines: passed/);
  const pushed = await outputOf(sessions, await start({ script, auto: true, skip: [...skipped, 'pull'] }));
  assert.deepEqual([pushed.outcome, pushed.pullUrl], ['pushed', null]);
  const id = await start({ script, auto: true, skip: [...skipped, 'push'] });
  const kept = await outputOf(sessions, id);
  assert.equal(kept.outcome, 'committed');
  assert.equal(await stage.forge.branch(kept.branch ?? ''), undefined);
  assert.ok(kept.bundleFile);
  assert.deepEqual(await states(id, 'baseline'), []);

  stage.archive(true);
  const refused = await finished(await start({ script, auto: true, skip: [...skipped] }));
  assert.deepEqual([refused.status, refused.error?.code], ['failed', 'FORGE_FORBIDDEN']);
  assert.match(refused.error?.message ?? '', /acme\/shop is archived/);
  const asks = await start({ script, skip: [...skipped] });
  assert.equal((await asked(asks, 'publish')).title, 'Begin without the right to push?');
  stage.archive(false);
  await answer(asks, 'begin');
  assert.equal((await outputOf(sessions, asks)).outcome, 'opened');
});

it('a base that moved is left alone where it fits, and merged or shown where it does not', async (sessions) => {
  const { start, asked, answer, stage } = sessions;
  const change = (price: number) => ({
    'src/price.js': `export const price = () => ${price};\n`,
    'test/price.test.js': testOf('price', price),
  });
  const held = {
    ...writes(change(200)),
    turns: [{ calls: [{ tool: 'ask', input: { question: 'Go on?' } }] }, ...writes(change(200)).turns],
  };
  const merger = writes(change(250), 'Takes both.');
  const script = {
    agents: { writer: held, merger, describer: hands('describe', { title: 'Price', summary: 'Price.' }) },
  };
  const skip: ('goal' | 'plan' | 'review')[] = ['goal', 'plan', 'review'];
  const fits = await start({ script, skip });
  await asked(fits);
  await stage.commit({ message: 'Elsewhere', files: { 'other.txt': 'x\n' } });
  await answer(fits, 'reply', { comment: 'Yes.' });
  assert.equal((await outputOf(sessions, fits)).outcome, 'opened');

  const [merged, plain] = [await start({ script, skip }), await start({ script, skip })];
  await Promise.all([asked(merged), asked(plain)]);
  await stage.commit({ message: 'The same line', files: change(300) });
  for (const id of [merged, plain]) await answer(id, 'reply', { comment: 'Yes.' });
  const question = await asked(merged, 'publish');
  assert.match(question.title, /main has moved, with conflicts/);
  assert.deepEqual(
    question.items.map(({ title }) => title),
    ['src/price.js', 'test/price.test.js'],
  );
  await answer(merged, 'merge');
  const both = await outputOf(sessions, merged);
  assert.equal(both.outcome, 'opened', String(both.notice));
  assert.deepEqual(await subjects(sessions, both.branch ?? ''), [
    'feat: Reach the goal',
    `chore: Merge main into ${both.branch}`,
  ]);
  await asked(plain, 'publish');
  await answer(plain, 'push');
  assert.equal((await outputOf(sessions, plain)).commits.length, 1);
});

test('sessions on one repository', async (t) => {
  await withSessions(github(shopFiles), async (sessions) => {
    for (const [title, run] of cases) await t.test(title, (inner) => run(sessions, inner));
  });
});

test('what failed before is not blamed on the change, and what nothing can prove is asked about', async () => {
  await withSessions(
    github({ ...shopFiles, 'test/old.test.js': testOf('price', 'broken') }),
    async (sessions) => {
      const { ended, start, states } = sessions;
      const script = {
        agents: { writer: adds('tea'), describer: hands('describe', { title: 'Tea', summary: 'Tea.' }) },
      };
      const id = await start({ script, ...quick, skip: [...quick.skip] });
      const output = codingOutputSchema.parse(await ended(id));
      assert.equal(output.outcome, 'opened');
      assert.deepEqual(
        output.verification?.checks.map(({ kind, status }) => `${kind} ${status}`),
        ['security passed', 'tests failing-before'],
      );
      assert.equal((await states(id, 'baseline')).length, 1);
      const worse = await start({
        script: { agents: { writer: adds('cup', true) } },
        ...quick,
        skip: [...quick.skip],
        limits: { retries: 0 },
      });
      assert.match((await outputOf(sessions, worse)).notice ?? '', /does not pass npm test/);
    },
  );
  const broken = '{ "scripts": { "test": "exit 3" } }\n';
  await withSessions(github({ 'package.json': broken, 'a.js': '' }), async (sessions) => {
    const skip: ('goal' | 'plan' | 'review')[] = ['goal', 'plan', 'review'];
    const id = await sessions.start({ script: { agents: { writer: adds('tea') } }, skip });
    assert.match((await sessions.asked(id, 'checks')).text, /fail already without saying of what/);
  });
  await withSessions(github({ 'README.md': '# Notes\n' }), async (sessions) => {
    const { start, asked, answer } = sessions;
    const writer = writes({ 'README.md': '# Notes on tea\n' });
    const script = { agents: { writer, describer: hands('describe', { title: 'Tea', summary: 'Tea.' }) } };
    const skip: ('goal' | 'plan' | 'review')[] = ['goal', 'plan', 'review'];
    const id = await start({ script, skip });
    const question = await asked(id, 'checks');
    assert.match(question.text, /No tests, types or linters were found/);
    await answer(id, 'go-on');
    assert.equal((await outputOf(sessions, id)).outcome, 'opened');
  });
});
