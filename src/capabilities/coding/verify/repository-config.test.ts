import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GantryError } from '../../../base/errors.ts';
import { parseRepositoryConfig, readRepositoryConfig } from './repository-config.ts';

const parse = (text: string) => parseRepositoryConfig('.gantry.yaml', text);

/** What is said of a file with mistakes. */
function complaint(text: string): string {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof GantryError && error.code === 'INPUT_INVALID', String(error));
    return error.message;
  }
  return assert.fail(`taken: ${text}`);
}

test('a file sets commands, turns kinds of checks off, and leaves the rest to be found', () => {
  const text = 'checks:\n  lint: ruff check .\n  types: false\n  timeout: 90s\nreview: false\npull: draft\n';
  assert.deepEqual(parse(text), {
    checks: { lint: 'ruff check .', types: false },
    checkTimeoutMs: 90_000,
    review: false,
    pull: 'draft',
  });
  assert.deepEqual(parse(''), { checks: {} });
  assert.deepEqual(parse('# nothing yet\n'), { checks: {} });
});

test('mistakes are told with file, line and field', () => {
  assert.equal(
    complaint('checks:\n  lint: true\n  tets: pytest\npull: maybe\n'),
    '.gantry.yaml of the base branch has mistakes: line 2, checks.lint: must be a command, or false for none; line 3, checks.tets: is no field of this; it must name lint, types, tests, security or timeout; line 4, pull: must be draft or ready. Mend it there, then start again. See docs/sessions.md.',
  );
  for (const [text, said] of [
    ['checks: [a]\n', /line 1, checks: must name lint, types/],
    ['- a\n', /line 1: must name checks, review or pull/],
    ['review: yes please\n', /line 1, review: must be true or false/],
    ['checks:\n  timeout: soon\n', /line 2, checks\.timeout: must be a time such as 90s or 10m/],
    ['checks:\n  timeout: 2h\n', /line 2, checks\.timeout: must lie between 1s and 1h/],
    ['checks:\n  tests: a\n  tests: b\n', /line 3: "tests" stands here twice/],
    ['checks:\n  tests: "a\n', /line \d+: /],
    ['a: &x [1]\nb: *x\n', /line 1: anchors and aliases/],
    ['__proto__: {}\n', /line 1, __proto__: is no field/],
    ['review: true\n---\nreview: false\n', /line 2: /],
  ] as const)
    assert.match(complaint(text), said);
});

test('files that would take the reader apart are refused at once', () => {
  const bomb = `a: &a [x,x]\n${Array.from({ length: 30 }, (_, n) => `b${n}: &b${n} [${n === 0 ? '*a,*a' : `*b${n - 1},*b${n - 1}`}]`).join('\n')}`;
  assert.match(complaint(bomb), /anchors and aliases/);
  assert.match(complaint('['.repeat(20_000)), /nested too deeply/);
  assert.match(complaint('[\n'.repeat(20_000)), /nested too deeply/);
  assert.match(complaint('- '.repeat(20_000)), /nested too deeply/);
  assert.match(complaint('? '.repeat(20_000)), /nested too deeply/);
  assert.match(
    complaint(Array.from({ length: 300 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')),
    /nested too deeply/,
  );
  const many = Array.from({ length: 8000 }, (_, n) => `k${n}: ${n}`).join('\n');
  assert.match(complaint(many), /and 7995 more/);
  assert.doesNotMatch(complaint('"\\u001b[31m\\u202e": 1\n'), /[\u001b\u202e]/);
});

test('the file is read from the workspace, by one of its two names', async () => {
  const reading = (files: Readonly<Record<string, Uint8Array>>) =>
    readRepositoryConfig({
      read: async (path, { bytes }) => {
        const content = files[path];
        return content && { content: content.subarray(0, bytes), size: content.length };
      },
    });
  const text = Buffer.from('pull: ready\n');
  assert.deepEqual(await reading({}), { checks: {} });
  assert.deepEqual(await reading({ '.gantry.yml': text }), { checks: {}, pull: 'ready' });
  await assert.rejects(reading({ '.gantry.yml': text, '.gantry.yaml': text }), /stands beside \.gantry\.yml/);
  await assert.rejects(reading({ '.gantry.yaml': Buffer.alloc(70_000) }), /is larger than 64 KiB/);
  await assert.rejects(reading({ '.gantry.yaml': Buffer.from([0xff, 0xfe]) }), /is not UTF-8/);
});
