import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from './src/duration.ts';

test('several units', () => {
  assert.equal(parseDuration('1h 30m'), 5_400_000);
  assert.equal(parseDuration('2D4h'), 187_200_000);
  assert.equal(parseDuration('1.5h'), 5_400_000);
  assert.equal(parseDuration('250ms'), 250);
});
test('anything else', () => {
  for (const text of ['', ' ', '5', 'h', '5x', '1h 5', '-1h', '1h30'])
    assert.throws(() => parseDuration(text), RangeError);
  assert.throws(() => parseDuration('5x'), /5x/);
});
