import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merge } from '../src/merge.ts';

test('nested values are merged', () => {
  assert.deepEqual(merge({ a: { b: 1 } }, { a: { c: 2 } }), { a: { b: 1, c: 2 } });
});
