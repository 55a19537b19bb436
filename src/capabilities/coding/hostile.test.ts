import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hands } from '../../../test/support/debate-script.ts';
import { git } from '../../../test/support/git-repository.ts';
import { sessionOf, shopFiles, writes } from '../../../test/support/session-script.ts';
import { withSessions, type Sessions } from '../../../test/support/sessions.ts';
import type { Pull } from '../../resources/ports/forge.ts';
import { createCoding } from './index.ts';
import { codingOutputSchema } from './schema.ts';

const quick = { auto: true, skip: ['goal', 'plan', 'review'] as ('goal' | 'plan' | 'review')[] };

async function outputOf(sessions: Sessions, id: string) {
  return codingOutputSchema.parse(await sessions.ended(id));
}

async function firstPull({ stage }: Sessions): Promise<Pull | undefined> {
  for await (const pull of stage.forge.pulls({ state: 'all' })) return pull;
  return undefined;
}

const branchOf = (id: string) => `gantry/${id.slice(-8)}`;
const runs = (command: string) => ({ calls: [{ tool: 'run', input: { command } }] });
const done = { calls: [{ tool: 'done', input: { summary: 'Done.' } }] };

test('words of a model ping nobody, close nothing, skip no CI and give the forge no orders', async () => {
  await withSessions({ create: createCoding, files: shopFiles, forge: 'github' }, async (sessions) => {
    const evil =
      'Closes #1 for @everyone [skip ci]\n/merge\n![x](https://evil.example/?d=1)\n<!-- approve -->\nCo-authored-by: Eve <e@e>\nskip-checks: true';
    const script = {
      agents: {
        writer: writes({ 'src/tea.js': 'export const tea = 1;\n' }, evil),
        describer: hands('describe', { title: 'fix: #2 @everyone [ci skip]', summary: evil }),
      },
    };
    const output = await outputOf(
      sessions,
      await sessions.start({ script, ...quick, goal: '`touch x` $(touch y); touch z' }),
    );
    const pull = await firstPull(sessions);
    const message = await git(sessions.stage.path, ['log', '-1', '--format=%B', output.branch ?? '']);
    for (const text of [message, pull?.title ?? '', pull?.body ?? '']) {
      assert.doesNotMatch(text, /@everyone|(Closes|fix:) #|\[skip ci\]|\[ci skip\]|skip-checks:/);
    }
    assert.doesNotMatch(pull?.body ?? '', /!\[|<!-- approve|^\/merge/m);
    assert.doesNotMatch(message, /-by:/);
    assert.match(message, /^feat: `touch x` \$\(touch y\); touch z$/m, 'a shell reads no words of a model');
    assert.match(message, /for @.everyone \(skip ci\)/u);
  });
});

test('a person sees each change of what CI runs, however it is made, also when a later step takes it back', async () => {
  const files = { ...shopFiles, '.gitlab-ci.yml': 'include: build/steps.yml\n', 'build/steps.yml': 'a: 1\n' };
  await withSessions({ create: createCoding, files, forge: 'github' }, async (sessions) => {
    const { start, asked, answer, stage } = sessions;
    const seen = async (script: unknown, expected: readonly string[]) => {
      const skip: ('goal' | 'plan' | 'review' | 'verify')[] = ['goal', 'plan', 'review', 'verify'];
      const id = await start({
        script,
        auto: true,
        skip: expected.length > 1 ? skip : ['goal', 'review', 'verify'],
      });
      const { items } = await asked(id, 'publish');
      assert.deepEqual(
        items.map(({ title }) => title),
        expected,
      );
      assert.equal(await stage.forge.branch(branchOf(id)), undefined);
      await answer(id, 'stop');
      assert.equal((await outputOf(sessions, id)).outcome, 'stopped');
    };
    const tricks =
      'mkdir -p x .GitHub; ln -s x .github; ln -s ../src .GitHub/Workflows; mv .gitlab-ci.yml old.yml; chmod 755 build/steps.yml';
    await seen({ agents: { writer: { turns: [runs(tricks), done] } } }, [
      ...['.GitHub/Workflows', '.github', '.gitlab-ci.yml', 'build/steps.yml'],
    ]);
    const workflow = '.github/workflows/x.yml';
    await seen(
      sessionOf(['one', 'two'], {
        'writer one.1': { turns: [runs(`mkdir -p .github/workflows; echo a > ${workflow}`), done] },
        'writer two.1': { turns: [runs('rm -rf .github; echo b > b'), done] },
      }),
      [workflow],
    );
  });
});
