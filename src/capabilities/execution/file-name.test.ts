import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clashes, nameProblem } from './file-name.ts';

test('plain relative names are taken as they are', () => {
  const names = [
    'main.py',
    'lib/deep/a.py',
    'a b.txt',
    'ünï.py',
    '日本語.js',
    '..a',
    'a..',
    '.hidden',
    'x'.repeat(255),
  ];
  for (const name of names) assert.equal(nameProblem(name), undefined, name);
});

test('names that could leave the workspace or confuse a tool are refused', () => {
  const hostile = {
    '': /empty/,
    '/etc/passwd': /relative/,
    '../x': /"\.\."/,
    'a/../../x': /"\.\."/,
    'a/./b': /"\."/,
    'a//b': /empty part/,
    'a/': /empty part/,
    'a\0b': /control/,
    'a\nb': /control/,
    'a\u001b[2Jb': /control/,
    'a\u009bb': /control/,
    '\ud800.py': /Unicode/,
    '-rf.py': /option/,
    '.gantry-program': /\.gantry-/,
    ['x'.repeat(256)]: /255 bytes/,
    ['é'.repeat(128)]: /255 bytes/,
    ['d/'.repeat(20) + 'f']: /20 levels/,
    ['x/'.repeat(600)]: /1024 bytes/,
  };
  for (const [name, reason] of Object.entries(hostile))
    assert.match(nameProblem(name) ?? 'fine', reason, JSON.stringify(name));
});

test('two files of one name, and a file where another needs a directory, are found', () => {
  assert.deepEqual(clashes(['a', 'b/c', 'b/d']), []);
  assert.deepEqual(
    clashes(['a', 'b', 'a']).map(({ index }) => index),
    [2],
  );
  assert.deepEqual(
    clashes(['a/b', 'a']).map(({ index }) => index),
    [1],
  );
  assert.deepEqual(
    clashes(['a', 'a/b/c']).map(({ index }) => index),
    [1],
  );
});
