import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canProve, judgeChecks } from './judge.ts';
import type { CheckResult, Finding } from './verification.ts';

function finding(message: string, more: Partial<Finding> = {}): Finding {
  return { path: 'a.py', line: 1, rule: 'E1', message, severity: 'error', ...more };
}

function result(more: Partial<CheckResult>): CheckResult {
  const base = { kind: 'lint', name: 'ruff', command: 'ruff', status: 'failed', summary: 'Bad' } as const;
  return { ...base, findings: [], output: '', durationMs: 1, ...more };
}

/** What becomes of a result, when the base had the other. */
function judged(now: Partial<CheckResult>, then: Partial<CheckResult>): CheckResult {
  const { checks } = judgeChecks([result(now)], judgeChecks([result(then)], null));
  assert.ok(checks[0]);
  return checks[0];
}

const tests = { kind: 'tests', name: 'pytest' } as const;
const failing = (...names: string[]): Partial<CheckResult> => ({
  ...tests,
  tests: { total: 10, failed: names.length, skipped: 0 },
  findings: names.map((rule) => finding(`failed at ${names.length}`, { rule })),
});

test('what failed before and is no worse does not count, wherever its lines have moved to', () => {
  const then = { findings: [finding('x', { line: 3 }), finding('name already defined on line 4')] };
  const now = {
    findings: [finding('name already defined on line 40', { line: 41 }), finding('x', { line: 30 })],
  };
  const { status, summary } = judged(now, then);
  assert.deepEqual([status, summary], ['failing-before', 'Bad, as before']);
  assert.equal(judged(failing('a'), failing('b', 'a')).status, 'failing-before');
  const { passed } = judgeChecks([result(now)], judgeChecks([result(then)], null));
  assert.equal(passed, true);
});

test('what is new fails, and is named first', () => {
  const then = { findings: [finding('x')] };
  const now = judged({ findings: [finding('x'), finding('new', { path: 'b.py' })] }, then);
  assert.deepEqual([now.status, now.summary], ['failed', 'Bad, 1 of them new']);
  assert.deepEqual(
    now.findings.map(({ message }) => message),
    ['new', 'x'],
  );
  assert.equal(
    judged({ findings: [finding('x'), finding('x')] }, then).status,
    'failed',
    'once more than before',
  );
  assert.equal(
    judged({ findings: [finding('x'), finding('y', { severity: 'warning' })] }, then).status,
    'failing-before',
  );
  assert.equal(judged(failing('a', 'c'), failing('a', 'b')).status, 'failed', 'as many, but another');
  assert.equal(judged({ findings: [finding('x')] }, { status: 'passed' }).status, 'failed');
  assert.equal(judged({ findings: [finding('x')] }, { status: 'unavailable' }).status, 'failed');
});

test('where complaints are not told apart, their number decides', () => {
  assert.equal(judged({}, {}).status, 'failing-before', 'nothing but that it fails');
  assert.equal(
    judged({ findings: [finding('x')] }, {}).status,
    'failing-before',
    'before it did not even run',
  );
  assert.equal(judged({}, { findings: [finding('x')] }).status, 'failed', 'now it does not even run');
  const counts = (failed: number) => ({ ...tests, tests: { total: 9, failed, skipped: 0 } });
  assert.equal(judged(counts(2), counts(2)).status, 'failing-before');
  assert.equal(judged(counts(3), counts(2)).status, 'failed');
  const many = (count: number) => ({
    findings: Array.from({ length: 500 }, (_, n) => finding(`m${n}`)),
    more: count,
  });
  assert.equal(judged(many(7), many(7)).status, 'failing-before');
  assert.equal(judged(many(8), many(7)).status, 'failed');
});

test('a check that can no longer run, or tests that are gone, are no success', () => {
  const gone = judged({ status: 'unavailable', summary: 'eslint is not installed.' }, { status: 'passed' });
  assert.deepEqual(
    [gone.status, gone.summary],
    ['failed', "It could run before the change, and can't any more. eslint is not installed."],
  );
  assert.equal(judged({ status: 'unavailable' }, { status: 'unavailable' }).status, 'unavailable');
  const passed = (total: number): Partial<CheckResult> => ({
    ...{
      ...tests,
      status: 'passed',
      summary: `${total} tests pass`,
      tests: { total, failed: 0, skipped: 0 },
    },
  });
  const none: Partial<CheckResult> = { ...passed(0), status: 'unavailable' };
  const left = judged(none, passed(41));
  assert.deepEqual(
    [left.status, left.summary],
    ['failed', 'No tests are left, where 41 ran before the change'],
  );
  assert.equal(judged(none, none).status, 'unavailable');
  const silent = judged({ ...tests, status: 'passed', summary: 'Fine' }, passed(41));
  assert.deepEqual(
    [silent.status, silent.summary],
    ['failed', 'It no longer says which tests it ran, where 41 ran before the change'],
  );
  assert.deepEqual(
    [judged(passed(40), passed(41)).status, judged(passed(40), passed(41)).summary],
    ['passed', '40 tests pass; there were 41 before'],
  );
});

test('of the base more is kept than of what comes later, and what is left out is counted', () => {
  const findings = Array.from({ length: 600 }, (_, n) => finding(`m${n}`));
  const before = judgeChecks([result({ findings })], null);
  assert.deepEqual(
    [before.checks[0]?.findings.length, before.checks[0]?.more, before.passed],
    [500, 100, false],
  );
  const after = judgeChecks([result({ findings: findings.slice(0, 500), more: 100 })], before);
  assert.deepEqual([after.checks[0]?.findings.length, after.checks[0]?.more, after.passed], [50, 550, true]);
});

test('checks of the same name but another kind, and checks that the base did not have, are not compared', () => {
  const before = judgeChecks([result({ findings: [finding('x')] })], null);
  const { checks, passed } = judgeChecks(
    [result({ kind: 'security', findings: [finding('x')] }), result({ name: 'other' })],
    before,
  );
  assert.deepEqual([checks.map(({ status }) => status), passed], [['failed', 'failed'], false]);
});

test('a check of the base that can not run, or fails without saying of what, proves nothing later', () => {
  const worth = [
    { status: 'passed' as const },
    { findings: [finding('x')] },
    failing('one'),
    { status: 'unavailable' as const },
    {},
  ];
  assert.deepEqual(
    worth.map((each) => canProve(result(each))),
    [true, true, true, false, false],
  );
});
