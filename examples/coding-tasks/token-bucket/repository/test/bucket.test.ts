import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bucket } from '../src/bucket.ts';

test('an empty bucket gives nothing', () => {
  const bucket = new Bucket(1, 1, () => 0);
  assert.equal(bucket.take(), true);
  assert.equal(bucket.take(), false);
});
