import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { CheckFormat } from '../check.ts';
import type { TestCounts } from '../verification.ts';
import { readers } from './read-output.ts';

/** What the real programs printed. */
function printed(name: string): string {
  return readFileSync(new URL(`../../../../../test/support/check-outputs/${name}`, import.meta.url), 'utf8');
}

function told(format: CheckFormat, text: string, prefix = ''): string[] {
  return readers[format](text, prefix).findings.map(
    ({ path, line, rule, message, severity }) => `${severity} ${path}:${line} [${rule}] ${message}`,
  );
}

const ruff = [
  'error app.py:1 [F401] `os` imported but unused',
  'error app.py:2 [F401] `sys` imported but unused',
];
const mypy = [
  'error app.py:6 [operator] Unsupported operand types for + ("str" and "int")',
  'error app.py:10 [return-value] Incompatible return value type (got "int", expected "str")',
];
const eslint = (end: string): string[] => [
  `error src/a.js:1 [no-unused-vars] 'x' is assigned a value but never used${end}`,
  `warning src/a.js:1 [prefer-const] 'x' is never reassigned. Use 'const' instead${end}`,
  `warning src/a.js:2 [prefer-const] 'y' is never reassigned. Use 'const' instead${end}`,
  `error src/a.js:4 [no-unused-vars] 'unused' is assigned a value but never used${end}`,
];
const tsc = [
  "error src/b.ts:1 [TS2322] Type 'string' is not assignable to type 'number'.",
  "error src/b.ts:2 [TS2339] Property 'foo' does not exist on type 'string'.",
];

const complaints: readonly (readonly [name: string, format: CheckFormat, findings: readonly string[]])[] = [
  ['ruff.json', 'ruff-json', ruff],
  [
    'ruff.txt',
    'text',
    [
      ...ruff,
      'error tests/test_app.py:1 [I001] Import block is un-sorted or un-formatted',
      'error tests/test_imp.py:1 [F401] `nope` imported but unused',
    ],
  ],
  ['mypy.jsonl', 'mypy-json', mypy],
  ['mypy.txt', 'mypy-json', mypy],
  [
    'flake8.txt',
    'text',
    [
      "error app.py:1 [F401] 'os' imported but unused",
      "error app.py:2 [F401] 'sys' imported but unused",
      "error tests/test_imp.py:1 [F401] 'nope' imported but unused",
    ],
  ],
  ['eslint.json', 'eslint-json', eslint('.')],
  ['eslint.txt', 'text', eslint('')],
  ['tsc.txt', 'tsc', tsc],
  ['tsc-pretty.txt', 'tsc', tsc],
  [
    'biome.txt',
    'text',
    [
      'warning src/a.js:1 [lint/style/useConst] This let declares a variable that is only assigned once.',
      'warning src/a.js:1 [lint/correctness/noUnusedVariables] This variable x is unused.',
      'warning src/a.js:2 [lint/style/useConst] This let declares a variable that is only assigned once.',
    ],
  ],
  ['go-vet.txt', 'text', ['error a.go:3 [null] fmt.Printf format %d has arg "x" of wrong type string']],
  ['cargo-check.txt', 'text', ['warning src/lib.rs:1 [null] unused variable: `unused`']],
];

for (const [name, format, findings] of complaints)
  test(`complaints in ${name} are found`, () => assert.deepEqual(told(format, printed(name)), findings));

const suites: readonly (readonly [name: string, counts: TestCounts, failed: readonly string[]])[] = [
  [
    'pytest.txt',
    { total: 7, failed: 4, skipped: 1 },
    [
      'error tests/test_app.py:6 [tests/test_app.py::test_total] TypeError: can only concatenate str (not "int") to str',
      'error tests/test_app.py:11 [tests/test_app.py::TestName::test_name] AssertionError: names differ',
      'error tests/test_app.py:15 [tests/test_app.py::TestName::test_each[2]] assert 2 == 1',
      'error tests/test_app.py:29 [tests/test_app.py::test_err] RuntimeError: no db',
    ],
  ],
  [
    'pytest-broken.txt',
    { total: 1, failed: 1, skipped: 0 },
    ["error tests/test_imp.py:1 [tests/test_imp.py] ModuleNotFoundError: No module named 'nope'"],
  ],
  [
    'jest.txt',
    { total: 3, failed: 1, skipped: 1 },
    ['error t/a.test.js:3 [suite › bad > worse] expect(received).toBe(expected) // Object.is equality'],
  ],
  [
    'vitest.txt',
    { total: 3, failed: 1, skipped: 1 },
    [
      'error t/v.spec.mjs:4 [t/v.spec.mjs > suite > bad] AssertionError: expected 1 to be 2 // Object.is equality',
    ],
  ],
  [
    'mocha.txt',
    { total: 4, failed: 2, skipped: 1 },
    [
      'error t/m.cjs:2 [suite > bad] AssertionError [ERR_ASSERTION]: 1 == 2',
      'error t/m.cjs:2 [suite > deep > worse] Error: boom',
    ],
  ],
  [
    'node-tap.txt',
    { total: 5, failed: 3, skipped: 1 },
    ['error t/n.mjs:3 [bad] Expected values to be strictly equal: 1 !== 2', 'error t/n.mjs:4 [sub] boom'],
  ],
  [
    'node-spec.txt',
    { total: 5, failed: 3, skipped: 1 },
    [
      'error t/n.mjs:3 [bad] AssertionError [ERR_ASSERTION]: Expected values to be strictly equal: 1 !== 2',
      'error t/n.mjs:4 [sub] Error: boom',
    ],
  ],
  [
    'go-test.txt',
    { total: null, failed: 3, skipped: 0 },
    [
      'error null:null [TestBad] a_test.go:4: got 1',
      'error null:null [TestSub] fails',
      'error null:null [TestSub/one] a_test.go:5: no',
    ],
  ],
  [
    'go-test-verbose.txt',
    { total: 4, failed: 3, skipped: 0 },
    ['TestBad', 'TestSub', 'TestSub/one'].map((name) => `error null:null [${name}] fails`),
  ],
  [
    'cargo-test.txt',
    { total: 3, failed: 1, skipped: 1 },
    ['error src/lib.rs:5 [tests::bad] assertion failed: `(left == right)`'],
  ],
  [
    'minitest.txt',
    { total: 4, failed: 2, skipped: 1 },
    ['error mt.rb:3 [T#test_a] Expected: 1', 'error null:null [T#test_b] RuntimeError: x'],
  ],
];

for (const [name, counts, failed] of suites)
  test(`tests in ${name} are counted, and those that fail named`, () => {
    assert.deepEqual(readers['test-output'](printed(name), '').tests, counts);
    assert.deepEqual(told('test-output', printed(name)), failed);
  });

test('tests in the words of Surefire, RSpec, Go packages and older Pythons are counted', () => {
  const read = (text: string) => readers['test-output'](text, '');
  assert.deepEqual(
    read(
      '[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! - in TestA\n[ERROR]   TestA.adds:10 expected: <1> but was: <2>\n[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0\n',
    ),
    {
      tests: { total: 2, failed: 1, skipped: 0 },
      findings: [
        {
          path: null,
          line: 10,
          rule: 'TestA.adds',
          message: 'expected: <1> but was: <2>',
          severity: 'error',
        },
      ],
    },
  );
  const rspec = read(
    '3 examples, 1 failure, 1 pending\n\nFailed examples:\n\nrspec ./spec/a_spec.rb:4 # A adds\n',
  );
  assert.deepEqual(rspec.tests, { total: 3, failed: 1, skipped: 1 });
  assert.deepEqual(
    [rspec.findings[0]?.path, rspec.findings[0]?.line, rspec.findings[0]?.rule],
    ['spec/a_spec.rb', 4, 'A adds'],
  );
  const go = read(
    'ok  \texample.com/a\t0.1s\n?   \texample.com/b\t[no test files]\nFAIL\texample.com/c [build failed]\n',
  );
  assert.deepEqual(go.tests, { total: null, failed: 1, skipped: 0 });
  const old = read(
    `${'='.repeat(70)}\nFAIL: test_a (tests.test_a.A)\n${'-'.repeat(70)}\nTraceback (most recent call last):\n  File "/workspace/tests/test_a.py", line 3, in test_a\n    self.fail()\nAssertionError: None\n\n${'-'.repeat(70)}\nRan 2 tests in 0.1s\n\nFAILED (failures=1, skipped=1)\n`,
  );
  assert.deepEqual(old.tests, { total: 2, failed: 1, skipped: 1 });
  assert.deepEqual(old.findings, [
    {
      path: 'tests/test_a.py',
      line: 3,
      rule: 'tests.test_a.A.test_a',
      message: 'AssertionError: None',
      severity: 'error',
    },
  ]);
});

test('data is found between other words, and paths are those of the repository', () => {
  const json = JSON.stringify([
    { filename: '/workspace/packages/web/a.py', code: 'E1', message: 'x\u001b[31m\ny', location: { row: 2 } },
    { filename: '../shared/b.py', code: null, message: '', location: null },
    { filename: '/etc/passwd', code: 'E2', message: 'm', location: { row: -1 } },
    { filename: '../../../etc/x', code: 'E3', message: 'm', location: { row: 1 } },
  ]);
  assert.deepEqual(
    told('ruff-json', `warning: odd\n[not json\n${json}\nFound 4 errors.\n`, 'packages/web/'),
    [
      'error packages/web/a.py:2 [E1] x y',
      'error packages/shared/b.py:null [null] no message',
      'error null:null [E2] m',
      'error null:1 [E3] m',
    ],
  );
  const semgrep = {
    results: [
      {
        check_id: 'rules.sql',
        path: 'a.py',
        start: { line: 3 },
        extra: { message: 'sql', severity: 'WARNING' },
      },
    ],
    errors: [],
  };
  assert.deepEqual(told('semgrep-json', JSON.stringify(semgrep)), ['warning a.py:3 [sql] sql']);
  const bandit = {
    results: [
      { filename: './a.py', line_number: 4, test_id: 'B602', issue_text: 'shell', issue_severity: 'HIGH' },
    ],
  };
  assert.deepEqual(told('bandit-json', JSON.stringify(bandit)), ['error a.py:4 [B602] shell']);
});

test('whatever is printed comes to an end, within bounds', () => {
  const hostile = [
    'x'.repeat(3_000_000),
    '['.repeat(500_000),
    '[{"filename":'.repeat(20_000),
    '}\n'.repeat(200_000),
    'FAILED a::b\n'.repeat(40_000) + '1 failed in 1s\n',
    'test x ... FAILED\n'.repeat(30_000) + 'test result: FAILED. 0 passed; 1 failed; 0 ignored\n',
    'not ok 1 - a\n'.repeat(40_000) + 'TAP version 13\n# tests 1\n',
    `${'='.repeat(70)}\nFAIL: a\n`.repeat(6000) + 'Ran 1 test in 1s\n',
    '  ● a\n'.repeat(60_000) + 'Tests: 1 failed, 1 total\n',
    `a.js\n  1:1  error ${' '.repeat(2000)}\n`.repeat(250),
    `a.js:1: ${' '.repeat(1900)}x\n`.repeat(250),
    `${'a.'.repeat(1000)}\n`.repeat(250),
    '\u001b]'.repeat(200_000),
    '\u0000\u202e\ud800'.repeat(100_000),
  ];
  for (const text of hostile)
    for (const read of new Set(Object.values(readers))) {
      const { findings } = read(text, '');
      assert.ok(findings.length <= 5000);
      for (const { message, rule } of findings.slice(0, 10))
        assert.ok(
          message.length <= 2000 &&
            (rule?.length ?? 0) <= 200 &&
            !/[\u0000-\u001f\u202e]/.test(message + rule),
        );
    }
});
