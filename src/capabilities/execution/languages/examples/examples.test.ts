import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withExecutions } from '../../../../../test/support/executions.ts';
import { executionInputSchema } from '../../schema.ts';
import { languages } from '../table.ts';

test('every language has the same examples, which are valid requests', () => {
  for (const { name, examples = [] } of languages) {
    const ids = examples.map(({ id }) => id);
    assert.deepEqual(ids.slice(0, 5), ['hello', 'stdin', 'args', 'output', 'limit'], name);
    for (const { id: _, ...example } of examples)
      assert.equal(executionInputSchema.safeParse({ language: name, ...example }).success, true, name);
  }
});

test('each example does what it says, where its language is installed', async (t) => {
  await withExecutions({}, async ({ output, installed }) => {
    for (const { name, examples = [] } of languages)
      await t.test(name, async (sub) => {
        if (!installed.has(name)) return sub.skip(`${name} is not installed here`);
        for (const { id, interactive, ...example } of examples) {
          const { files: left, ...came } = await output({
            language: name,
            ...example,
            files: [...example.files],
            ...(interactive && { stdin: 'Ada\n' }),
          });
          assert.equal(came.outcome, 'ok', `${id}: ${came.stderr} ${came.compile?.stderr ?? ''}`);
          assert.match(came.stdout, expected[id], id);
          assert.equal(came.stderr, '', id);
          assert.equal(left.length, id === 'output' ? 1 : 0, id);
          if (id === 'output')
            assert.match(`${left[0]?.name} ${left[0]?.mediaType}`, /csv text\/plain|png image\/png/);
        }
      });
  });
});

const expected = {
  hello: /^Hello from /,
  stdin: /^\s*\d+ (words|different words|on|the)|\d\s+\w+/,
  args: /^Hello, Ada\nHello, Grace Hopper\n$/,
  output: /^wrote \/output\//,
  limit: /^(\d+ primes below \d+|the sum to 100000 is 5000050000)\n$/,
  talk: /^What is your name\? Nice to meet you, Ada\n$/,
} as const;
