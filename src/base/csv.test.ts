import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvLine } from './csv.ts';

test('texts with commas, quotes and line ends stay one cell each', () => {
  assert.equal(
    csvLine(['a,b', 'say "hi"', 'two\nlines', 3, true, null]),
    '"a,b","say ""hi""","two\nlines",3,true,\r\n',
  );
  assert.equal(csvLine([' a', 'b ', undefined, -3.5]), '" a","b ",,-3.5\r\n');
});

test('no text is taken for a formula, and numbers stay numbers', () => {
  for (const text of [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    ' =1',
    '\t=1',
    '\r=1',
    '＝1',
    '\uFEFF=1',
    '\0=1',
    '|x',
    '%x',
  ]) {
    assert.match(csvLine([text]), /^"?'/, JSON.stringify(text));
  }
  assert.equal(csvLine([-1, 'a=b']), '-1,a=b\r\n');
});
