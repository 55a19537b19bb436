import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeats } from './repeats.ts';

const after = (text: string) => repeats([...text]);

test('the same call with the same answer is hinted at the third time and ended at the fifth', () => {
  assert.equal(after('xaa'), null);
  assert.equal(after('xaaa'), 'hint');
  assert.equal(after('xaaaa'), null);
  assert.equal(after('xaaaaa'), 'end');
});

test('a cycle of a few calls is found as well', () => {
  assert.equal(after('xabab'), null);
  assert.equal(after('xababab'), 'hint');
  assert.equal(after('xabababab'), null);
  assert.equal(after('xababababab'), 'end');
  assert.equal(after('abcabcabc'), 'hint');
});

test('calls that come to something new are no loop', () => {
  assert.equal(after('abcdefg'), null);
  assert.equal(after('aabbaaccaa'), null);
  assert.equal(after(''), null);
});
