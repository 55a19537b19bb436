import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hands } from '../../../test/support/debate-script.ts';
import { git } from '../../../test/support/git-repository.ts';
import { adds, describes, sessionOf, shopFiles, writes } from '../../../test/support/session-script.ts';
import { withSessions, type Sessions } from '../../../test/support/sessions.ts';
import { until } from '../../../test/support/until.ts';
import { renderMetrics } from '../../base/metrics.ts';
import { createCoding } from './index.ts';
import { codingOutputSchema } from './schema.ts';

type Skips = ('goal' | 'plan' | 'review')[];
const github = { create: createCoding, files: shopFiles, forge: 'github' } as const;
const quick = { auto: true, skip: ['goal', 'plan', 'review'] as Skips };
const passes = hands('review', { summary: 'Good.', verdict: 'passed', findings: [] });
const branchOf = (id: string) => `gantry/${id.slice(-8)}`;

/** Waits until the run is in the midst of a step of this name. */
async function begins({ events }: Sessions, id: string, name: string): Promise<void> {
  await until(async () => {
    const all = await events(id);
    const of = (type: string) =>
      all.filter((event) => event.type === type && 'step' in event.data && event.data.step === name).length;
    return of('step.started') > of('step.succeeded');
  }, 60_000);
}

const sources = {
  queue: async () => ({ queued: 0, dead: 0, slots: 1, busy: 0 }),
  pool: () => ({ total: 1, idle: 1, waiting: 0 }),
  sandboxes: () => ({ started: 0, warmHits: 0, warmMisses: 0 }),
};

/** Whether it is one of the programs that the tests have sandboxes run. */
function isSlow(pid: string): boolean {
  try {
    return /31\.25|slow3125/.test(readFileSync(join('/proc', pid, 'cmdline'), 'utf8'));
  } catch {
    return false;
  }
}

/** No workspace of any run is open on the machine, and no sandbox runs anything. */
async function isEmpty(): Promise<void> {
  const open = async () => {
    const { body } = await renderMetrics(sources);
    return /^gantry_workspaces_open (\d+)$/m.exec(body)?.[1];
  };
  await until(async () => (await open()) === '0');
  const running = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isSlow(pid));
  assert.deepEqual(running, []);
}

test('a session that is cancelled in any phase leaves no workspace, no half a branch and no pull request', async () => {
  await withSessions(github, async (sessions) => {
    const { start, asked, finished, stage, kernel } = sessions;
    const slow = { command: 'sleep 31.25' };
    const script = {
      agents: {
        ...sessionOf(['tea']).agents,
        writer: { turns: [{ calls: [{ tool: 'run', input: slow }] }, ...adds('tea').turns] },
      },
    };
    const cancelled = async (id: string) => {
      await kernel.kernel.cancel(id, null);
      assert.equal((await finished(id)).status, 'cancelled');
      await isEmpty();
    };
    const preparing = await start({ script, ...quick });
    await begins(sessions, preparing, 'check the base');
    await cancelled(preparing);
    const waiting = await start({ script });
    await asked(waiting, 'goal');
    // What a waiting run holds is let go of by its process (src/platform/let-go.ts), which is not here.
    await sessions.machine.workspaces.release(waiting);
    await cancelled(waiting);
    const writing = await start({ script, ...quick });
    await begins(sessions, writing, 'writer goal.1.tool');
    await cancelled(writing);
    const files = {
      'test/slow3125.test.js':
        "import { test } from 'node:test';\ntest('slow', () => new Promise((done) => setTimeout(done, 60_000)));\n",
    };
    const proven = await start({ script: { agents: { writer: writes(files) } }, ...quick });
    await begins(sessions, proven, 'verify goal.1');
    await cancelled(proven);
    writeFileSync(join(stage.path, 'hooks', 'pre-receive'), '#!/bin/sh\nsleep 3\n', { mode: 0o755 });
    const pushing = await start({
      script: { agents: { writer: adds('tea'), describer: describes } },
      ...quick,
    });
    await begins(sessions, pushing, 'push the branch');
    await cancelled(pushing);
    const left = (await git(stage.path, ['for-each-ref', '--format=%(refname)', 'refs/heads/gantry'])).trim();
    assert.ok(['', `refs/heads/${branchOf(pushing)}`].includes(left), left);
    await git(stage.path, ['fsck', '--connectivity-only']);
    for await (const pull of stage.forge.pulls({ state: 'all' })) assert.fail(pull.title);
  });
});

test('a session stops at its budget whoever works, also beside running checks, and goes on or ends as it is told', async () => {
  await withSessions(github, async (sessions) => {
    const { start, asked, answer, finished, ended } = sessions;
    const much = { tokens: { input: 60_000, output: 10 } };
    const [first, last] = adds('tea').turns;
    const begin = (agents: object, skip: Skips) =>
      start(
        {
          script: { agents: { writer: adds('tea'), reviewer: passes, describer: describes, ...agents } },
          auto: true,
          skip,
        },
        { tokens: 61_000 },
      );
    const dear = { writer: { turns: [first, { ...much, ...last }] } };
    const stopped = await begin(dear, ['goal', 'plan']);
    assert.match((await asked(stopped)).name, /^reviewer goal\.1\.budget/);
    await answer(stopped, 'stop');
    const run = await finished(stopped);
    assert.deepEqual([run.status, run.error?.code], ['failed', 'BUDGET_REACHED']);
    await isEmpty();
    const allowed = await begin(dear, ['goal', 'plan']);
    await asked(allowed);
    await answer(allowed, 'more-1');
    assert.equal(codingOutputSchema.parse(await ended(allowed)).outcome, 'opened');
    const describing = await begin(dear, ['goal', 'plan', 'review']);
    assert.match((await asked(describing)).name, /^describer\.budget/);
    await answer(describing, 'stop');
    assert.equal(codingOutputSchema.parse(await ended(describing)).outcome, 'opened');
    await isEmpty();
  });
});

test('a model that works without end is ended by the limits of the session, and so is a session by its time', async () => {
  await withSessions(github, async (sessions) => {
    const { start, asked, answer, finished, ended } = sessions;
    const endless = {
      turns: [{ calls: [{ tool: 'run', input: { command: 'date +%s%N' } }], repeat: 'forever' }],
    };
    const script = { agents: { writer: endless, describer: describes } };
    const id = await start({ script, ...quick, limits: { turns: 4 } });
    assert.equal(codingOutputSchema.parse(await ended(id)).outcome, 'unchanged');
    const timed = await start({ script, ...quick, limits: { turns: 500 } }, { wallMs: 1500 });
    const question = await asked(timed);
    assert.match(question.title, /budget of this run/);
    await answer(timed, 'stop');
    assert.equal((await finished(timed)).error?.code, 'BUDGET_REACHED');
  });
});

test('what a writer has changed and not committed is there when a person answers days later, on another machine', async () => {
  await withSessions(github, async (sessions) => {
    const { start, asked, answer, ended, machine, stage } = sessions;
    const [first, last] = adds('tea').turns;
    const writer = { turns: [first, { calls: [{ tool: 'ask', input: { question: 'Go on?' } }] }, last] };
    const id = await start({
      script: { agents: { writer, describer: hands('describe', { title: 'T', summary: 'T.' }) } },
      skip: quick.skip,
    });
    await asked(id);
    await machine.workspaces.release(id);
    await isEmpty();
    await answer(id, 'reply', { comment: 'Yes.' });
    const output = codingOutputSchema.parse(await ended(id));
    assert.equal(output.outcome, 'opened');
    assert.match(await git(stage.path, ['show', `${output.branch}:src/tea.js`]), /tea/);
  });
});

test('a session whose workspace can not be made ends with why, and leaves nothing', async () => {
  await withSessions(github, async (sessions) => {
    const { start, finished, stage } = sessions;
    const script = { agents: { writer: adds('tea') } };
    const repository = { kind: 'connected', name: 'acme/shop', ref: 'nowhere' } as const;
    const missing = await finished(await start({ repository, script, ...quick }));
    assert.deepEqual([missing.status, missing.error?.code], ['failed', 'NOT_FOUND']);
    stage.revoke();
    const refused = await finished(await start({ script, ...quick }));
    assert.deepEqual([refused.status, refused.error?.code], ['failed', 'FORGE_KEY_REFUSED']);
    await isEmpty();
  });
});

test('a writer that fills its workspace is told so and goes on from the files before, and commits what is sound', async () => {
  await withSessions(github, async (sessions) => {
    const { start, ended, stage } = sessions;
    const fills = { calls: [{ tool: 'run', input: { command: 'head -c 40000000 /dev/urandom > big' } }] };
    const [first, last] = adds('tea').turns;
    const writer = { turns: [fills, { when: 'Nothing of what this call changed was kept', ...first }, last] };
    const output = codingOutputSchema.parse(
      await ended(await start({ script: { agents: { writer, describer: describes } }, ...quick })),
    );
    assert.deepEqual([output.outcome, output.verification?.passed], ['opened', true]);
    const files = await git(stage.path, ['ls-tree', '--name-only', output.branch ?? '']);
    assert.ok(!files.split('\n').includes('big'), files);
  });
});
