import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceAllIn } from './replace.ts';

const problemOf = (result: ReturnType<typeof replaceAllIn>) => ('problem' in result ? result.problem : '');

test('texts are replaced in order, and what is replaced is taken as it is', () => {
  const result = replaceAllIn('one\ntwo\nthree\n', [
    { old: 'two', new: '$& $1' },
    { old: 'three', new: '3' },
  ]);
  assert.deepEqual(result, { text: 'one\n$& $1\n3\n', lines: [2, 3] });
});

test('a text that stands there twice has to be told apart, unless all are meant', () => {
  assert.match(problemOf(replaceAllIn('a\nb\na\n', [{ old: 'a', new: 'c' }])), /lines 1 and 3/);
  assert.deepEqual(replaceAllIn('a\nb\na\n', [{ old: 'a', new: 'c', everywhere: true }]), {
    text: 'c\nb\nc\n',
    lines: [1],
  });
});

test('a miss says what is there instead', () => {
  const blanks = replaceAllIn('if (x) {\n    go();\n}\n', [{ old: 'if (x) {\n  go();\n}', new: '' }]);
  assert.match(problemOf(blanks), /From line 1 it stands there with other blanks:\nif \(x\) \{\n {4}go\(\);/);
  const first = replaceAllIn('start\nmiddle\n', [{ old: 'start\nend', new: '' }]);
  assert.match(problemOf(first), /first line is at line 1/);
  assert.match(problemOf(replaceAllIn('x', [{ old: 'y', new: '' }])), /read the file again/);
});

test('a file with line ends of Windows keeps them', () => {
  const result = replaceAllIn('one\r\ntwo\r\n', [{ old: 'one\ntwo', new: '1\n2' }]);
  assert.deepEqual(result, { text: '1\r\n2\r\n', lines: [1] });
});
