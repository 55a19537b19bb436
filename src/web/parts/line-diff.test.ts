import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { lineDiff } from './line-diff.ts';

/** Applies hunks as `patch` would. */
function apply(before: string, hunks: readonly string[]): string {
  const lines = before.split('\n');
  const result: string[] = [];
  let at = 0;
  for (const hunk of hunks) {
    const [head = '', ...body] = hunk.split('\n');
    const from = Number(/^@@ -(\d+)/.exec(head)?.[1]) - 1;
    while (at < from) result.push(lines[at++] ?? '');
    for (const line of body) {
      if (line[0] !== '+') assert.equal(lines[at++], line.slice(1));
      if (line[0] !== '-') result.push(line.slice(1));
    }
  }
  return [...result, ...lines.slice(at)].join('\n');
}

test('the same texts have no hunks', () => {
  assert.deepEqual(lineDiff('a\nb', 'a\nb'), { hunks: [], added: 0, removed: 0 });
});

test('a change stands with three lines around it', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const { hunks, added, removed } = lineDiff(before.join('\n'), before.with(10, 'other').join('\n'));
  assert.deepEqual([added, removed], [1, 1]);
  assert.deepEqual(hunks, [
    '@@ -8,7 +8,7 @@\n line 7\n line 8\n line 9\n-line 10\n+other\n line 11\n line 12\n line 13',
  ]);
});

test('applied to the first text, the hunks make the second', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 40 })
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      assert.equal(apply(before, lineDiff(before, after).hunks), after);
    }),
    { numRuns: 1000 },
  );
});

test('texts that have nothing in common are one change', () => {
  const many = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word} ${index}`).join('\n');
  const diff = lineDiff(many('a'), many('b'));
  assert.deepEqual([diff.hunks.length, diff.added, diff.removed], [1, 3000, 3000]);
});
