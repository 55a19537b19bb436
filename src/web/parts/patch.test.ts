import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf, markOf, openAtFirst, type DiffFile } from './diff-file.ts';
import { diffLines } from './diff-lines.ts';
import { fileTree, inTreeOrder } from './file-tree.ts';
import { parsePatch } from './parse-patch.ts';
import { splitRows } from './split-rows.ts';

const patch = [
  'diff --git a/src/a.ts b/src/a.ts',
  'index 111..222 100644',
  '--- a/src/a.ts',
  '+++ b/src/a.ts',
  '@@ -1,3 +1,4 @@ function a() {',
  ' one',
  '-two',
  '+two and',
  '+three',
  ' four',
  '@@ -10 +11 @@',
  '--- a/not/a/file',
  '+++ b/not/a/file',
  'diff --git a/new file.txt b/new file.txt',
  'new file mode 100644',
  '--- /dev/null',
  '+++ b/new file.txt\t',
  '@@ -0,0 +1 @@',
  '+hello',
  '\\ No newline at end of file',
  'diff --git a/gone.md b/gone.md',
  'deleted file mode 100644',
  '--- a/gone.md',
  '+++ /dev/null',
  '@@ -1 +0,0 @@',
  '-bye',
  'diff --git a/old.ts b/moved.ts',
  'similarity index 100%',
  'rename from old.ts',
  'rename to moved.ts',
  'diff --git "a/na\\303\\257ve \\"x\\".bin" "b/na\\303\\257ve \\"x\\".bin"',
  'index 111..222 100644',
  'Binary files "a/na\\303\\257ve \\"x\\".bin" and "b/na\\303\\257ve \\"x\\".bin" differ',
  'diff --git a/two words b/two words',
  'old mode 100644',
  'new mode 100755',
  '',
].join('\n');

test('a patch gives its files with what happened to each', () => {
  assert.deepEqual(
    parsePatch(patch).map(({ name, status, added, removed, from, isBinary, hunks }) => [
      ...[name, status, added, removed, hunks.length],
      from ?? isBinary ?? null,
    ]),
    [
      ['src/a.ts', 'changed', 3, 2, 2, null],
      ['new file.txt', 'added', 1, 0, 1, null],
      ['gone.md', 'deleted', 0, 1, 1, null],
      ['moved.ts', 'renamed', 0, 0, 0, 'old.ts'],
      ['naïve "x".bin', 'changed', 0, 0, 0, true],
      ['two words', 'changed', 0, 0, 0, null],
    ],
  );
  assert.deepEqual(parsePatch('no patch\nat all'), []);
});

test('side by side, what was removed stands beside what took its place', () => {
  const lines = diffLines(['@@ -1,4 +1,5 @@\n one\n-two\n-gone\n+two and\n+new\n+newer\n four']);
  const rows = splitRows(lines).map(({ old, now }) => [old?.text, now?.text]);
  assert.deepEqual(rows, [
    ['@@ -1,4 +1,5 @@', undefined],
    ['one', 'one'],
    ['two', 'two and'],
    ['gone', 'new'],
    [undefined, 'newer'],
    ['four', 'four'],
  ]);
});

const file = (name: string, lines = 1): DiffFile => ({
  ...{ name, added: lines, removed: 0 },
  hunks: [['@@ -0,0 +1 @@', ...Array.from({ length: lines }, () => '+x')].join('\n')],
});

test('the tree joins folders that hold nothing but one, and lists folders before files', () => {
  const files = ['z.md', 'src/web/run/b.ts', 'src/web/run/a.ts', 'src/web/c.ts', 'docs/x/y/z.md'].map(
    (name) => file(name),
  );
  assert.deepEqual(
    fileTree(files).map(({ depth, name }) => `${' '.repeat(depth)}${name}`),
    ['docs/x/y', ' z.md', 'src/web', ' run', '  a.ts', '  b.ts', ' c.ts', 'z.md'],
  );
  assert.deepEqual(
    inTreeOrder(files).map(({ name }) => name),
    ['docs/x/y/z.md', 'src/web/run/a.ts', 'src/web/run/b.ts', 'src/web/c.ts', 'z.md'],
  );
});

test('of a large change the first files are open, and always one', () => {
  const open = (...lengths: number[]) => [
    ...openAtFirst(lengths.map((length, index) => file(`f${index}`, length))),
  ];
  assert.deepEqual(open(10, 20, 30), ['f0', 'f1', 'f2']);
  assert.deepEqual(open(100_000, 1), ['f0']);
  assert.deepEqual(open(1000, 1000, 1), ['f0']);
  assert.equal(linesOf(file('a', 3)), 4);
});

test('a mark on a file is of one change of it', () => {
  assert.equal(markOf(file('a')), markOf(file('a')));
  assert.notEqual(markOf(file('a')), markOf(file('a', 2)));
  assert.notEqual(markOf(file('a')), markOf(file('b')));
});
