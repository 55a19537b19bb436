import assert from 'node:assert/strict';
import { test } from 'node:test';
import { git } from '../../../test/support/git-repository.ts';
import { hands } from '../../../test/support/debate-script.ts';
import { adds, shopFiles, testOf } from '../../../test/support/session-script.ts';
import { withSessions } from '../../../test/support/sessions.ts';
import { until } from '../../../test/support/until.ts';
import { finished } from '../../../test/support/with-kernel.ts';
import { createCoding } from './index.ts';
import { codingOutputSchema } from './schema.ts';

const goods = ['tea', 'cup', 'pot', 'jam', 'pie'];

/** A writer that changes the same file as all others, and takes its time. */
const writer = (name: string) => {
  const [first, last] = adds(name).turns;
  const price = `export const price = () => '${name}';\n`;
  const same = [
    { tool: 'write', input: { path: 'src/price.js', content: price } },
    { tool: 'write', input: { path: 'test/price.test.js', content: testOf('price', name) } },
  ];
  return { turns: [{ delayMs: 6000, calls: same }, first, last] };
};

test('four sessions at once on one repository keep out of each other’s way; a fifth says what it waits for, then goes on', () =>
  withSessions(
    { create: createCoding, files: shopFiles, forge: 'github', caps: { perRepository: 4 } },
    async ({ kernel: { kernel }, start, stage }) => {
      const ids: string[] = [];
      for (const name of goods) {
        const agents = { writer: writer(name), describer: hands('describe', { title: name, summary: name }) };
        ids.push(
          await start({ script: { agents }, goal: name, auto: true, skip: ['goal', 'plan', 'review'] }),
        );
      }
      const fifth = ids.at(-1) ?? '';
      await until(async () => (await kernel.queuedBecause(await kernel.get(fifth))) !== null);
      const because = await kernel.queuedBecause(await kernel.get(fifth));
      assert.equal(
        because?.text,
        'Waits for its turn: 4 runs work on acme/shop already, which is the limit.',
      );
      for (const [index, id] of ids.entries()) {
        const name = goods[index] ?? '';
        const output = codingOutputSchema.parse((await finished(kernel, id, 120_000)).output);
        assert.deepEqual([output.outcome, output.verification?.passed], ['opened', true]);
        const branch = output.branch ?? '';
        const show = (path: string) => git(stage.path, ['show', `${branch}:${path}`]);
        assert.match(await show('src/price.js'), new RegExp(`'${name}'`));
        assert.match(await show(`src/${name}.js`), new RegExp(name));
        const files = await git(stage.path, ['diff', '--name-only', `main...${branch}`]);
        assert.deepEqual(
          files.split('\n').filter(Boolean).toSorted(),
          ['src/price.js', `src/${name}.js`, 'test/price.test.js', `test/${name}.test.js`].toSorted(),
        );
        const commits = await git(stage.path, ['rev-list', '--count', `main..${branch}`]);
        assert.equal(commits.trim(), '1');
      }
      const pulls: string[] = [];
      for await (const pull of stage.forge.pulls({ state: 'all' })) pulls.push(pull.head.branch);
      assert.equal(new Set(pulls).size, 5);
      assert.equal(pulls.length, 5);
    },
  ));
