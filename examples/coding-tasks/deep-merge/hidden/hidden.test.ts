import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merge } from './src/merge.ts';

test('arguments stay as they are', () => {
  const first = { a: { b: 1 } };
  merge(first, { a: { c: 2 } });
  assert.deepEqual(first, { a: { b: 1 } });
});
test('arrays replace', () => {
  assert.deepEqual(merge({ a: [1, 2, 3] }, { a: [9] }), { a: [9] });
});
test('prototypes are safe', () => {
  merge(
    {},
    JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
  );
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});
test('undefined keeps', () => {
  assert.deepEqual(merge({ a: 1 }, { a: undefined, b: null }), { a: 1, b: null });
});
