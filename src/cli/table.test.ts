import assert from 'node:assert/strict';
import { test } from 'node:test';
import { details, displayWidth, table } from './table.ts';

test('columns are aligned by what a terminal shows, wide characters and marks included', () => {
  const rows = [
    ['日本', 'a'],
    ['e\u0301', 'b'],
    ['👩', 'c'],
  ];
  assert.equal(table(['NAME', 'X'], rows, 80), 'NAME  X\n日本  a\ne\u0301     b\n👩    c');
  assert.equal(displayWidth('日本e\u0301x'), 6);
});

test('a line that is too long for the terminal is cut, and never for a pipe', () => {
  const title = 'x'.repeat(100);
  assert.equal(table(['A', 'B'], [['1', title]], 10), `A  B\n1  ${'x'.repeat(6)}…`);
  assert.equal(table(['A', 'B'], [['1', title]], Number.POSITIVE_INFINITY), `A  B\n1  ${title}`);
});

test('names and titles of strangers keep to their cell and are not acted on', () => {
  assert.equal(table(['T'], [['a\n\x1b[2J']], 80), 'T\na\\n\\x1b[2J');
  assert.equal(details([['title', '\x1b]0;x\x07']]), 'title  \\x1b]0;x\\x07');
});

test('details leave out what is not known', () => {
  assert.equal(
    details([
      ['id', '1'],
      ['parent', null],
      ['status', 'queued'],
      ['cpu', undefined],
    ]),
    'id      1\nstatus  queued',
  );
});
