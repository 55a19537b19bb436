import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withAgents, type AgentRuns } from '../../test/support/agents.ts';
import { runNowSql } from '../resources/gateway/run-time.ts';
import { until } from '../../test/support/until.ts';

const files = {
  'README.md': 'hello\nworld\n',
  'src/a.ts': 'const a = 1;\n',
  'src/deep/b.ts': 'const b = 2;\n',
  'AGENTS.md': 'Root advice: use tabs.\n',
  'src/AGENTS.md': 'Source advice: no semicolons.\n',
  'src/deep/CLAUDE.md': 'Deep advice.\n',
  'long.txt': `${'a line of text\n'.repeat(4000)}`,
};

const read = (path: string) => ({ tool: 'read', input: { path } });
const kindsOf = async ({ kernel }: AgentRuns, runId: string) =>
  (await kernel.kernel.events(runId, 0, 1000)).map(({ type }) => type);

test('what an agent does and is kept from', async (t) => {
  await withAgents(files, { sizes: ['scripted:tiny=9000/500'] }, async (agents) => {
    const { result, start, asked, answer, ended, kernel } = agents;

    await t.test('it reads, searches, changes and runs, and ends with what it says', async () => {
      const edit = { path: 'src/a.ts', replacements: [{ old: '= 1', new: '= 2' }] };
      const id = await start({
        turns: [
          { text: 'I look.', calls: [read('README.md'), { tool: 'list', input: {} }] },
          { when: 'src/a.ts', calls: [{ tool: 'search', input: { pattern: 'const' } }] },
          { when: 'src/a.ts:1:const a = 1;', calls: [{ tool: 'edit', input: edit }] },
          { calls: [{ tool: 'run', input: { command: 'cat src/a.ts; exit 3' } }] },
          { when: { matches: 'const a = 2;\\s+\\[exit code 3\\]' }, text: 'Done.' },
        ],
      });
      const done = await ended(id);
      assert.deepEqual(done.end, { kind: 'finished', output: null });
      assert.equal(done.text, 'Done.');
      assert.ok(done.state.checkpoint);
      const run = await kernel.kernel.get(id);
      assert.ok((run.usage.tokens ?? 0) > 100);
      const kinds = await kindsOf(agents, id);
      assert.equal(kinds.filter((kind) => kind === 'model').length, 5);
      assert.equal(kinds.filter((kind) => kind === 'tool.answered').length, 5);
      assert.ok(kinds.includes('said') && kinds.includes('output'));
    });

    await t.test(
      'advice of the repository is told for what is touched, once, the nearest first',
      async () => {
        await result({
          turns: [
            { when: 'Root advice', calls: [read('src/deep/b.ts')] },
            { when: { matches: 'Deep advice[^]*Source advice' }, calls: [read('src/a.ts')] },
            { when: 'const a = 1', calls: [read('README.md')] },
            { text: 'Done.' },
          ],
        });
      },
    );

    await t.test('a limit of turns gives one more to come to an end, and says which it was', async () => {
      const turns = [{ calls: [read('README.md')] }, { calls: [read('src/a.ts')] }];
      const script = { turns: [...turns, { when: 'Your limit is reached', text: 'So far.' }] };
      const { end, text } = await result(script, { more: { limits: { turns: 2 } } });
      assert.equal(end.kind === 'limit' && end.limit, 'turns');
      assert.match(end.kind === 'limit' ? end.notice : '', /after 2 turns/);
      assert.equal(text, 'So far.');
    });

    await t.test('so do the limits of tokens and of time', async () => {
      const calls = [{ tool: 'run', input: { command: 'sleep 0.05' } }];
      const tokens = { input: 5000, output: 10 };
      const script = { turns: [{ calls, tokens }, { text: 'So far.' }] };
      for (const [limits, limit] of [
        [{ tokens: 5000 }, 'tokens'],
        [{ activeMs: 40 }, 'time'],
      ] as const) {
        const { end } = await result(script, { more: { limits } });
        assert.equal(end.kind === 'limit' && end.limit, limit);
      }
    });

    await t.test('who repeats itself is told so, then ended', async () => {
      const turn = (when?: string) => ({ ...(when && { when }), calls: [read('README.md')] });
      const script = { turns: [turn(), turn(), turn(), turn('You repeat the same calls'), turn(), turn()] };
      const { end, turns } = await result(script);
      assert.equal(end.kind === 'limit' && end.limit, 'loop');
      assert.equal(turns, 5);
    });

    await t.test('a person allows calls one by one or all of a kind, or refuses with a word', async () => {
      const run = (command: string, when?: string) => ({
        ...(when && { when }),
        calls: [{ tool: 'run', input: { command } }],
      });
      const turns = [
        run('echo one'),
        run('echo two', 'They say: not that'),
        run('echo three', 'two'),
        run('echo four', 'three'),
      ];
      const id = await start(
        { turns: [...turns, { when: 'four', text: 'Done.' }] },
        { more: { confirm: 'changes' } },
      );
      const question = await asked(id);
      assert.equal(question.title, 'Allow: run echo one');
      assert.deepEqual(question.facts, [{ label: 'command', value: 'echo one' }]);
      await answer(id, 'refuse', 'not that');
      await until(async () => (await asked(id)).title === 'Allow: run echo two');
      await answer(id, 'once');
      await until(async () => (await asked(id)).title === 'Allow: run echo three');
      await answer(id, 'all');
      assert.equal((await ended(id)).end.kind, 'finished');
    });

    await t.test('it asks a person, and reads the answer', async () => {
      const id = await start({
        turns: [
          { calls: [{ tool: 'ask', input: { question: 'Which one?', choices: ['Left', 'Right'] } }] },
          { when: 'The user chose: Right. And soon.', text: 'Done.' },
        ],
      });
      assert.equal((await asked(id)).title, 'The agent asks: Which one?');
      await answer(id, 'choice-1', 'And soon.');
      assert.equal((await ended(id)).text, 'Done.');
    });

    await t.test(
      'what a person writes while it works is heard before the next turn, also before an end',
      async () => {
        const id = await start({
          turns: [
            { text: 'Done?', delayMs: 700 },
            { when: 'Also the tests.', text: 'Done with the tests.' },
          ],
        });
        const follow = kernel.kernel.follow(id, 0, AbortSignal.timeout(20_000));
        for await (const event of follow)
          if (event.type === 'step.started' && event.data.step === 'model') break;
        await kernel.kernel.signal(id, 'message', { text: 'Also the tests.' }, 'mira');
        assert.equal((await ended(id)).text, 'Done with the tests.');
        const told = (await kernel.kernel.events(id, 0, 1000)).flatMap((event) =>
          event.type === 'told' ? [event.data] : [],
        );
        assert.deepEqual(told, [{ text: 'Also the tests.', by: 'mira' }]);
      },
    );

    await t.test(
      'calls that make no sense are answered with what is wrong, and a sound one goes on',
      async () => {
        const { text } = await result({
          turns: [
            { calls: [{ tool: 'fly', input: {} }] },
            {
              when: 'There is no tool "fly". There are: read,',
              calls: [{ tool: 'read', input: { file: 1 } }],
            },
            { when: 'The input of read is not valid. path:', calls: [{ tool: 'read', input: 'not { json' }] },
            { when: 'The input of read is no JSON', calls: [read('../etc/passwd')] },
            { when: 'leads out of the repository', calls: [read('none.txt')] },
            { when: 'There is no file none.txt', text: '' },
            { when: 'Your reply was empty', text: 'cut', finish: 'length' },
            { when: 'cut because it was too long', text: 'Done.' },
          ],
        });
        assert.equal(text, 'Done.');
      },
    );

    await t.test(
      'nonsense without end, a refusal and a megabyte of words each come to a clear end',
      async () => {
        const empty = await result({ turns: [{ repeat: 'forever' }] });
        assert.equal(empty.end.kind === 'stopped' && empty.end.why, 'nonsense');
        const refused = await result({ turns: [{ text: 'No.', finish: 'refused' }] });
        assert.equal(refused.end.kind === 'stopped' && refused.end.why, 'refused');
        const huge = await start({
          turns: [
            { text: { repeat: 'blah ', count: 210_000 } },
            { when: 'Your reply had 1050000 characters', text: 'Short.' },
          ],
        });
        assert.equal((await ended(huge)).text, 'Short.');
        const size = JSON.stringify(await kernel.kernel.steps(huge)).length;
        assert.ok(size < 100_000, `${size}`);
      },
    );

    await t.test('a model that gives no answer is asked about; nothing is lost by stopping', async () => {
      const id = await start({
        turns: [
          { calls: [read('README.md')] },
          { error: 'MODEL_KEY_REFUSED', times: 'forever' },
          { text: 'x' },
        ],
      });
      const question = await asked(id);
      assert.equal(question.title, 'The model gives no answer. Try again?');
      await answer(id, 'again');
      await until(
        async () => (await kernel.kernel.steps(id)).filter(({ name }) => name === 'outage').length === 2,
      );
      await answer(id, 'stop');
      const { end } = await ended(id);
      assert.equal(end.kind === 'stopped' && end.why, 'model');
    });

    await t.test(
      'a budget that is reached is asked about before it is passed, and the run goes on with more',
      async () => {
        const turn = { calls: [read('README.md')], tokens: { input: 4500, output: 100 } };
        const id = await start({ turns: [turn, { text: 'Done.' }] }, { budget: { tokens: 5000 } });
        const question = await asked(id);
        assert.equal(question.title, 'Go beyond the budget of this run?');
        assert.equal(question.facts[0]?.value, '5,000 tokens');
        const more = question.answers[1]?.value ?? '';
        await answer(id, more);
        assert.equal((await ended(id)).text, 'Done.');
        const stopped = await start({ turns: [turn, { text: 'Done.' }] }, { budget: { tokens: 5000 } });
        await asked(stopped);
        await answer(stopped, 'stop');
        const { end } = await ended(stopped);
        assert.equal(end.kind, 'declined');
        const paid = await kernel.db.query('SELECT count(*) AS calls FROM model_calls WHERE run_id = $1', [
          stopped,
        ]);
        assert.deepEqual(paid, [{ calls: 1 }]);
      },
    );

    await t.test('a budget that is raised from outside lets the run look again, and go on', async () => {
      const turn = { calls: [read('README.md')], tokens: { input: 4500, output: 100 } };
      const id = await start({ turns: [turn, { text: 'Done.' }] }, { budget: { tokens: 5000 } });
      await asked(id);
      await kernel.kernel.setBudget(id, { tokens: 500_000, usd: 3 }, null);
      await answer(id, 'changed');
      assert.equal((await ended(id)).text, 'Done.');
      assert.deepEqual((await kernel.kernel.get(id)).budget, { tokens: 500_000, usd: 3 });
    });

    await t.test(
      'time is counted while the run works, not while it waits, and asked about like money',
      async () => {
        const turn = { calls: [read('README.md')], delayMs: 150 };
        const id = await start({ turns: [turn, { text: 'Done.' }] }, { budget: { wallMs: 100 } });
        const question = await asked(id);
        assert.equal(question.title, 'Go beyond the budget of this run?');
        assert.deepEqual(question.facts[0], { label: 'Budget', value: '100 ms' });
        assert.match(question.text, /^The run has worked as long as it may/);
        const spent = async () =>
          (await kernel.db.query<{ ms: number }>(`SELECT ${runNowSql('$1::uuid')}`, [id]))[0];
        const before = await spent();
        await kernel.kernel.setBudget(id, { wallMs: 3_600_000 }, null);
        assert.deepEqual(
          { ...(await spent()), budget: null },
          { ...before, budget: null },
          'waiting costs no time',
        );
        await answer(id, 'changed');
        assert.equal((await ended(id)).text, 'Done.');
      },
    );

    await t.test(
      'a conversation that becomes too long is cut down and goes on with what matters',
      async () => {
        const long = { tool: 'read', input: { path: 'long.txt', lines: 2000 } };
        const plan = { tool: 'plan', input: { items: [{ text: 'Read it all', status: 'doing' }] } };
        const id = await start(
          {
            turns: [
              { calls: [plan] },
              { calls: [long] },
              { text: 'NOTES: the file is long.' },
              { when: '[Cut short; call the tool again', text: 'Done.' },
            ],
          },
          { more: { model: 'scripted:tiny' } },
        );
        assert.equal((await ended(id)).text, 'Done.');
        const models = (await kernel.kernel.events(id, 0, 1000)).flatMap((event) =>
          event.type === 'model' ? [event.data.purpose] : [],
        );
        assert.deepEqual(models, ['turn', 'turn', 'compact', 'turn']);
      },
    );

    await t.test('secrets that a tool comes upon are neither stored nor told', async () => {
      const id = await start(
        {
          turns: [
            {
              calls: [
                {
                  tool: 'run',
                  input: { command: 'echo key=sk-canary-12345; echo sk-canary-12345 | base64' },
                },
              ],
            },
            { when: 'key=[redacted]', text: 'Done.' },
          ],
        },
        { secrets: ['sk-canary-12345'] },
      );
      await ended(id);
      const kept = JSON.stringify([
        (await kernel.kernel.steps(id)).filter(({ name }) => name === 'tool'),
        (await kernel.kernel.events(id, 0, 1000)).filter(
          ({ type }) => type === 'output' || type === 'tool.answered',
        ),
      ]);
      assert.ok(!kept.includes('sk-canary-12345'));
      assert.ok(!kept.includes(Buffer.from('sk-canary-12345').toString('base64').slice(0, 18)));
    });
  });
});
