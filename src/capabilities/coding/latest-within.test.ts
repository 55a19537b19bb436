import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latestWithin } from './latest-within.ts';

test('all versions are told while they are small, and the latest of large ones', () => {
  const small = Array.from({ length: 300 }, (_, iteration) => ({ iteration, text: 'x'.repeat(100) }));
  assert.deepEqual(latestWithin(small), small);
  const large = Array.from({ length: 30 }, (_, iteration) => ({ iteration, text: 'x'.repeat(200_000) }));
  assert.deepEqual(
    latestWithin(large).map(({ iteration }) => iteration),
    [26, 27, 28, 29],
  );
  const huge = Array.from({ length: 3 }, (_, iteration) => ({ iteration, text: 'x'.repeat(2_000_000) }));
  assert.deepEqual(
    latestWithin(huge).map(({ iteration }) => iteration),
    [1, 2],
  );
  assert.deepEqual(latestWithin([]), []);
});
