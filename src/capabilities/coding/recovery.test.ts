import assert from 'node:assert/strict';
import { test } from 'node:test';
import { git } from '../../../test/support/git-repository.ts';
import { criticizes, plans, stepOf } from '../../../test/support/debate-script.ts';
import { sessionOf, shopFiles, testOf } from '../../../test/support/session-script.ts';
import { loseWithMachine, spawnSessionWorker } from '../../../test/support/session-worker.ts';
import { withSessions, type Sessions } from '../../../test/support/sessions.ts';
import { until } from '../../../test/support/until.ts';
import { createCoding } from './index.ts';
import { codingOutputSchema } from './schema.ts';

const story = { module: import.meta.resolve('./index.ts'), name: createCoding.name };

/** Waits until the run begins a step of this name that isn't recorded. */
async function begins({ kernel: { kernel } }: Sessions, id: string, name: string): Promise<void> {
  await until(async () => {
    const events = await kernel.events(id, 0, 100_000);
    const of = (type: string) =>
      events.filter((event) => event.type === type && 'step' in event.data && event.data.step === name)
        .length;
    return of('step.started') > of('step.succeeded');
  }, 60_000);
}

async function subjects({ stage }: Sessions, branch: string): Promise<string[]> {
  return (await git(stage.path, ['log', '--first-parent', '--reverse', '--format=%s', `main..${branch}`]))
    .split('\n')
    .filter(Boolean);
}

async function pullsOf({ stage }: Sessions): Promise<string[]> {
  const pulls: string[] = [];
  for await (const pull of stage.forge.pulls({ state: 'all' })) pulls.push(pull.head.branch);
  return pulls;
}

const slow = { delayMs: 1500 };
/** A writer whose first tool takes its time. */
const toils = {
  turns: [
    {
      calls: [
        { tool: 'run', input: { command: 'sleep 2; echo tea > made.txt' } },
        { tool: 'write', input: { path: 'src/tea.js', content: `export const tea = () => 'tea';\n` } },
        { tool: 'write', input: { path: 'test/tea.test.js', content: testOf('tea', 'tea') } },
      ],
    },
    { calls: [{ tool: 'done', input: { summary: 'Adds tea.' } }] },
  ],
};

interface Place {
  /** What happens just before the worker and its machine are lost. */
  readonly when: (sessions: Sessions, id: string, branch: string) => Promise<void>;
}

const step = (name: string): Place => ({ when: (sessions, id) => begins(sessions, id, name) });
const pushed: Place = {
  when: ({ stage }, _, branch) => until(async () => (await stage.forge.branch(branch)) !== undefined, 60_000),
};
const opened: Place = {
  when: (sessions, _, branch) => until(async () => (await pullsOf(sessions)).includes(branch), 60_000),
};
const asks = (name: string, value: string): Place => ({
  when: async ({ asked, answer }, id) => {
    await asked(id, name);
    await answer(id, value);
  },
});

/** One session on workers that are lost one after another; answers the subjects on its branch. */
async function endsOn(
  sessions: Sessions,
  input: Parameters<Sessions['start']>[0],
  places: readonly Place[],
): Promise<{ id: string; branch: string }> {
  const { kernel, remote, start, ended, events } = sessions;
  const id = await start(input);
  const branch = `gantry/${id.slice(-8)}`;
  let worker = await spawnSessionWorker(kernel.url, remote, story);
  try {
    for (const { when } of places) {
      await when(sessions, id, branch);
      await loseWithMachine(worker);
      worker = await spawnSessionWorker(kernel.url, remote, story);
    }
    const output = codingOutputSchema.parse(await ended(id));
    assert.deepEqual([output.outcome, output.notice, output.branch], ['opened', null, branch]);
    assert.equal((await pullsOf(sessions)).filter((each) => each === branch).length, 1);
    const all = await events(id);
    const done = all.flatMap((event) =>
      event.type === 'step.succeeded' ? [`${event.data.step}#${event.data.ordinal}`] : [],
    );
    assert.equal(new Set(done).size, done.length, 'a step was done twice');
    const workers = new Set(
      all.flatMap((event) => (event.type === 'run.started' ? [event.data.worker] : [])),
    );
    assert.ok(workers.size >= places.length, `it was on ${workers.size} workers only`);
    return { id, branch };
  } finally {
    await loseWithMachine(worker);
  }
}

test('workers are lost with their machines in every phase of a session: another ends it, with each commit once and one pull request', async (t) => {
  await withSessions(
    { create: createCoding, files: shopFiles, forge: 'github', idle: true },
    async (sessions) => {
      await t.test('while it prepares, debates, asks and plans', async () => {
        const script = sessionOf(['tea', 'cup'], {
          critic: criticizes(null, slow),
          planner: plans([stepOf('tea'), stepOf('cup', { dependsOn: ['tea'] })], slow),
        });
        const places = [
          step('resolve'),
          step('critic 1.1.model'),
          asks('goal', 'accept'),
          step('planner 1.model'),
          asks('plan', 'approve'),
        ];
        const { branch } = await endsOn(sessions, { script }, places);
        assert.deepEqual(await subjects(sessions, branch), ['feat: Do tea', 'feat: Do cup']);
      });
      await t.test('in the middle of a tool, a commit and a check', async () => {
        const script = sessionOf(['tea', 'cup'], { 'writer tea.1': toils });
        const places = [step('writer tea.1.tool'), step('commit tea.1'), step('verify cup.1')];
        const { branch } = await endsOn(sessions, { script, auto: true, skip: ['goal'] }, places);
        assert.deepEqual(await subjects(sessions, branch), ['feat: Do tea', 'feat: Do cup']);
        assert.equal((await git(sessions.stage.path, ['show', `${branch}:made.txt`])).trim(), 'tea');
      });
      await t.test('just after the push, and just after the pull request is open', async () => {
        const script = sessionOf(['tea']);
        const skip: ('goal' | 'plan' | 'review')[] = ['goal', 'review'];
        const { branch } = await endsOn(sessions, { script, auto: true, skip }, [pushed, opened]);
        assert.deepEqual(await subjects(sessions, branch), ['feat: Do tea']);
      });
    },
  );
});
