import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withAgents } from '../../test/support/agents.ts';

test('an agent reads, searches, changes and runs, and ends with what it says', () =>
  withAgents(
    { 'README.md': 'hello\nworld\n', 'src/a.ts': 'const a = 1;\n' },
    {},
    async ({ result, kernel, start }) => {
      const script = {
        turns: [
          {
            text: 'I look.',
            calls: [
              { tool: 'read', input: { path: 'README.md' } },
              { tool: 'list', input: {} },
            ],
          },
          { when: 'src/a.ts', calls: [{ tool: 'search', input: { pattern: 'const' } }] },
          {
            when: 'src/a.ts:1:const a = 1;',
            calls: [
              { tool: 'edit', input: { path: 'src/a.ts', replacements: [{ old: '= 1', new: '= 2' }] } },
            ],
          },
          { calls: [{ tool: 'run', input: { command: 'cat src/a.ts; exit 3' } }] },
          { when: { matches: 'const a = 2;\\s+\\[exit code 3\\]' }, text: 'Done.' },
        ],
      };
      const done = await result(script);
      assert.deepEqual(done.end, { kind: 'finished', output: null });
      assert.equal(done.text, 'Done.');
      assert.ok(done.state.checkpoint);
      void kernel;
      void start;
    },
  ));
