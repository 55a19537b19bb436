import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTokens, readUsd } from './read-amount.ts';

test('money is read as people type it, and what is none is told from nothing', () => {
  assert.deepEqual(['5', ' $0.50 ', '1,000', '', ' '].map(readUsd), [5, 0.5, 1000, null, null]);
  for (const text of ['0', '-1', '1e3', 'five', '1.', '.5', '2000000', '0x10', '1 2'])
    assert.equal(readUsd(text), undefined, text);
});

test('tokens are read with k and M, and only whole ones', () => {
  assert.deepEqual(['500000', '500,000', '500 k', '2M', '1.5m', ''].map(readTokens), [
    500_000,
    500_000,
    500_000,
    2_000_000,
    1_500_000,
    null,
  ]);
  for (const text of ['0', '-5', '1.5', '1.0001k', 'k', '9'.repeat(20)])
    assert.equal(readTokens(text), undefined, text);
});
