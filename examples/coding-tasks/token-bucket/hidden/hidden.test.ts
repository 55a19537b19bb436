import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bucket } from './src/bucket.ts';

const at = (capacity: number, perSecond: number) => {
  const clock = { ms: 0 };
  return { clock, bucket: new Bucket(capacity, perSecond, () => clock.ms) };
};

test('continuous', () => {
  const { clock, bucket } = at(10, 10);
  assert.equal(bucket.take(10), true);
  clock.ms = 50;
  assert.equal(bucket.take(), false);
  clock.ms = 100;
  assert.equal(bucket.take(), true);
  assert.equal(bucket.take(), false);
});
test('bounded', () => {
  const { clock, bucket } = at(3, 10);
  clock.ms = 60_000;
  assert.equal(bucket.take(3), true);
  assert.equal(bucket.take(), false);
  assert.throws(() => bucket.take(4), RangeError);
});
test('waits', () => {
  const { clock, bucket } = at(4, 2);
  assert.equal(bucket.waitMs(4), 0);
  bucket.take(4);
  assert.equal(bucket.waitMs(3), 1500);
  clock.ms = 1500;
  assert.equal(bucket.waitMs(3), 0);
});
