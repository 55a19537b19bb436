import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withRepositoryWorkspaces } from '../../../../test/support/repository-workspaces.ts';
import { shell } from '../../../../test/support/with-workspaces.ts';
import type { Check } from './check.ts';
import { detectChecks } from './detect-checks.ts';
import { judgeChecks } from './judge.ts';
import { runChecks } from './run-checks.ts';
import type { CheckResult } from './verification.ts';

const never = new AbortController().signal;

function check(name: string, command: string, more: Partial<Check> = {}): Check {
  return {
    kind: 'tests',
    name,
    command,
    format: 'test-output',
    timeoutMs: 15_000,
    from: 'detected',
    ...more,
  };
}

function named(results: readonly CheckResult[], name: string): CheckResult {
  const found = results.find((each) => each.name === name);
  assert.ok(found, name);
  return found;
}

const python = {
  'shop/__init__.py': '',
  'shop/cart.py': 'def total(prices):\n    return sum(prices)\n',
  'tests/__init__.py': '',
  'tests/test_cart.py': `import unittest
from shop.cart import total

class CartTest(unittest.TestCase):
    def test_adds(self):
        self.assertEqual(total([1, 2]), 3)

    def test_empty(self):
        self.assertEqual(total([]), 0)

    @unittest.skip("later")
    def test_later(self):
        pass
`,
};
const javascript = {
  'package.json': JSON.stringify({ name: 'shop', type: 'module', scripts: { test: 'node --test' } }),
  'price.js': 'export const price = (n) => n * 2;\n',
  'test/price.test.js': `import { test } from 'node:test';
import assert from 'node:assert/strict';
import { price } from '../price.js';
test('doubles', () => assert.equal(price(2), 4));
test('keeps nothing', () => assert.equal(price(0), 0));
`,
};

test('checks of real repositories, in real sandboxes', (t) =>
  withRepositoryWorkspaces(async (inWorkspace) => {
    await t.test(
      'real tests of Python and JavaScript run side by side, and a change that breaks some is told from one that breaks none',
      () =>
        inWorkspace({ ...python, ...javascript }, async (workspace) => {
          const checks = await detectChecks(workspace, { checks: {} });
          assert.deepEqual(
            checks.map(({ name }) => name),
            ['unittest', 'npm test'],
          );
          const live: string[] = [];
          const base = await runChecks(workspace, checks, {
            signal: never,
            onOutput: (name, text) => live.push(`${name}: ${text}`),
          });
          const before = judgeChecks(base, null);
          assert.equal(before.passed, true, JSON.stringify(base));
          assert.equal(named(base, 'unittest').summary, '3 tests pass, 1 skipped');
          assert.equal(named(base, 'npm test').summary, '2 tests pass');
          assert.ok(live.some((each) => each.startsWith('unittest: ')));
          await shell(
            workspace,
            `sed -i 's/sum(prices)/sum(prices) + 1/' shop/cart.py; sed -i 's/n \\* 2/n * 3/' price.js`,
          );
          const after = judgeChecks(await runChecks(workspace, checks, { signal: never }), before);
          assert.equal(after.passed, false);
          const [unittest, npm] = [named(after.checks, 'unittest'), named(after.checks, 'npm test')];
          assert.equal(unittest.summary, '2 of 3 tests fail');
          assert.deepEqual(
            unittest.findings.map(({ path, line, rule, message }) => ({ path, line, rule, message })),
            [
              {
                path: 'tests/test_cart.py',
                line: 6,
                rule: 'tests.test_cart.CartTest.test_adds',
                message: 'AssertionError: 4 != 3',
              },
              {
                path: 'tests/test_cart.py',
                line: 9,
                rule: 'tests.test_cart.CartTest.test_empty',
                message: 'AssertionError: 1 != 0',
              },
            ],
          );
          assert.equal(npm.summary, '1 of 2 tests fails');
          const [finding] = npm.findings;
          assert.deepEqual(
            [finding?.path, finding?.line, finding?.rule],
            ['test/price.test.js', 4, 'doubles'],
          );
          assert.match(unittest.output, /AssertionError: 4 != 3/);
        }),
    );

    await t.test(
      'what hangs, is missing, writes without end or lies about others does not keep a check from its end',
      () =>
        inWorkspace({ 'a.txt': 'a\n' }, async (workspace) => {
          const checks = [
            check('good', 'echo fine', { kind: 'lint', format: 'text' }),
            check('hangs', 'echo before; sleep 60', { timeoutMs: 1000 }),
            check('deaf', `trap '' TERM; while :; do sleep 1; done`, { timeoutMs: 1000 }),
            check('missing', 'no-such-tool --all', { kind: 'lint', format: 'text' }),
            check('no module', 'python3 -m no_such_module'),
            check('one line', `head -c 10000000 /dev/zero | tr '\\0' x; exit 1`),
            check('rubbish', `head -c 300000 /dev/urandom; printf '[{"filename": 3}'; exit 1`, {
              kind: 'lint',
              format: 'ruff-json',
            }),
            check(
              'colours',
              `printf '\\033[31m\\033]0;title\\007src/a.py:3:1: E501 too \\033[1mlong\\033[0m\\202\\n'; exit 1`,
              { kind: 'lint', format: 'text' },
            ),
            check('leaves', `(sleep 50; echo late) & echo done`),
            check('elsewhere', 'pwd; exit 1', { cwd: 'no/such/directory' }),
            check(
              'liar',
              `for p in /proc/[0-9]*; do tr '\\0' '\\n' < $p/cmdline; cat $p/environ; done 2>/dev/null | grep -c '^[0-9a-f]\\{24\\}$' || true; echo '000000000000000000000000 0>0'; exit 1`,
            ),
          ];
          const results = await runChecks(workspace, checks, { signal: never });
          const of = (name: string): [string, string] => {
            const { status, summary } = named(results, name);
            return [status, summary];
          };
          assert.deepEqual(of('good'), ['passed', 'Nothing to complain about']);
          assert.deepEqual(of('hangs'), ['failed', 'Not done after 1 s, and stopped']);
          assert.equal(named(results, 'hangs').output, 'before');
          assert.deepEqual(of('deaf'), ['failed', 'Not done after 1 s, and stopped']);
          assert.equal(of('missing')[0], 'unavailable');
          assert.match(
            of('missing')[1],
            /no-such-tool is not installed .* set checks\.lint in \.gantry\.yaml/,
          );
          assert.match(of('no module')[1], /^no_such_module is not installed/);
          assert.equal(of('one line')[0], 'failed');
          assert.ok(named(results, 'one line').output.length <= 8000);
          assert.equal(of('rubbish')[0], 'failed');
          for (const { output, summary } of results)
            assert.doesNotMatch(output + summary, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
          const [finding] = named(results, 'colours').findings;
          assert.deepEqual([finding?.path, finding?.line, finding?.rule], ['src/a.py', 3, 'E501']);
          assert.equal(of('leaves')[0], 'passed');
          assert.equal(of('elsewhere')[0], 'unavailable');
          assert.equal(of('liar')[0], 'failed');
          assert.match(
            named(results, 'liar').output,
            /^0\n/,
            'the word by which the results are told can be read',
          );
        }),
    );

    // Memory is bounded together by cgroups alone, which need root.
    const skip =
      process.getuid?.() === 0 ? false : 'without cgroups memory is bounded for each process alone';
    await t.test('checks that are too much together run again one by one', { skip }, () =>
      inWorkspace({ 'a.txt': 'a\n' }, async (workspace) => {
        const hungry = `python3 -c "import time; x = bytearray(300 * 1024 * 1024); time.sleep(1); print('ate')"`;
        const text = { kind: 'lint', format: 'text' } as const;
        const results = await runChecks(
          workspace,
          [
            check('one', hungry, text),
            check('two', hungry, text),
            check('too much', 'python3 -c "x = bytearray(900 * 1024 * 1024)"', text),
          ],
          { signal: never },
        );
        assert.deepEqual(
          results.map(({ status }) => status),
          ['passed', 'passed', 'failed'],
          JSON.stringify(results),
        );
        assert.match(named(results, 'too much').summary, /needs more memory/);
      }),
    );

    await t.test('a run that is cancelled cancels its checks', () =>
      inWorkspace({ 'a.txt': 'a\n' }, async (workspace) => {
        const stop = new AbortController();
        const running = runChecks(workspace, [check('long', 'echo begun; sleep 60')], {
          signal: stop.signal,
          onOutput: () => stop.abort(),
        });
        await assert.rejects(running, { name: 'AbortError' });
      }),
    );

    await t.test('the change itself is looked at, with its links, modes, programs and sizes', () =>
      inWorkspace({ 'src/app.py': 'print(1)\n', 'gone.txt': 'x\n' }, async (workspace) => {
        const token = ['gh', 'p_q7Rk2vX9bLmZ4wTj8sNc5yHd1fGp3aKe6uQx'].join('');
        await shell(
          workspace,
          `printf 'token = "${token}"\\nok = 1\\n' >> src/app.py
          ln -s ../../etc/passwd src/out; ln -s app.py src/in
          cp /bin/true tool; head -c 6000000 /dev/urandom > data.bin; head -c 2000000 /dev/zero > zeros.bin
          printf 'KEY=value\\n' > .env; printf 'KEY=\\n' > .env.example
          mkdir -p tests; printf 'secret = "q7Rk2vX9bLmZ4wTj8sNc5yHd1fGp"\\nfine = 2\\n' > tests/test_a.py
          printf 'echo\\n' > run.sh; chmod +x run.sh; printf '#!/bin/sh\\n' > good.sh; chmod +x good.sh
          printf 'if x: # \\342\\200\\256 no\\n' > src/odd.py; rm gone.txt`,
        );
        const { text } = await workspace.diff('base', 16_000_000);
        const paths = [
          'src/app.py',
          'src/out',
          'src/in',
          'tool',
          'data.bin',
          'zeros.bin',
          '.env',
          '.env.example',
        ];
        const all = [...paths, 'tests/test_a.py', 'run.sh', 'good.sh', 'src/odd.py', 'gone.txt'];
        const look = async (change: Parameters<typeof runChecks>[2]['changed']): Promise<CheckResult> =>
          named(
            await runChecks(workspace, [], { signal: never, ...(change && { changed: change }) }),
            'added lines',
          );
        const { status, summary, findings, output } = await look({ paths: all, diff: text });
        assert.deepEqual(
          findings.map(({ path, line, rule, severity }) => `${severity} ${path}:${line} ${rule}`).toSorted(),
          [
            'error .env:null settings-file',
            'error data.bin:null large-binary',
            'error src/app.py:2 github-token',
            'error src/odd.py:1 bidi',
            'error src/out:null link-outside',
            'error tool:null program',
            'warning run.sh:null executable',
            'warning tests/test_a.py:1 secret-value',
            'warning zeros.bin:null large-binary',
          ],
        );
        assert.deepEqual([status, summary], ['failed', '6 problems, 3 warnings']);
        assert.ok(
          !JSON.stringify([findings, output]).includes(token),
          'the credential is not written down again',
        );
        const cut = await look({ paths: ['src/app.py'], diff: text.slice(0, 100), isDiffCut: true });
        assert.deepEqual(
          cut.findings.map(({ rule }) => rule),
          ['github-token'],
        );
      }),
    );
  }));
