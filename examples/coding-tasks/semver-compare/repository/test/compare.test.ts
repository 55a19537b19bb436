import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../src/compare.ts';

test('patches are in order', () => {
  assert.ok(compare('1.0.0', '1.0.1') < 0);
});
