import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffLines } from './diff-lines.ts';

test('lines carry both numbers, and a replaced word is marked on both sides', () => {
  const hunk = '@@ -7,3 +9,3 @@ export\n same\n-const reply = post(url);\n+const reply = send(url);\n end';
  assert.deepEqual(
    diffLines([hunk]).map((line) => [line.kind, line.oldNumber, line.newNumber, line.mark]),
    [
      ['place', undefined, undefined, undefined],
      ['same', 7, 9, undefined],
      ['gone', 8, undefined, [14, 18]],
      ['new', undefined, 10, [14, 18]],
      ['same', 9, 11, undefined],
    ],
  );
});

test('lines that have little in common have no marks', () => {
  const lines = diffLines(['@@ -1,1 +1,1 @@\n-abc def ghi\n+xyz 123 456']);
  assert.deepEqual(
    lines.map((line) => line.mark),
    [undefined, undefined, undefined],
  );
});
