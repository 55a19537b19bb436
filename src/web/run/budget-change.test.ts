import assert from 'node:assert/strict';
import { test } from 'node:test';
import { budgetChange, readMinutes } from './budget-change.ts';

test('only what differs from before is sent, and what was emptied is taken away', () => {
  const before = { usd: 2, tokens: 1000 };
  assert.equal(budgetChange(before, { usd: '2', tokens: '1k', minutes: '' }), undefined);
  assert.deepEqual(budgetChange(before, { usd: '5', tokens: '', minutes: '90' }), {
    ...{ usd: 5, tokens: null, wallMs: 5_400_000 },
  });
  assert.deepEqual(budgetChange(null, { usd: '$0.50', tokens: '', minutes: '' }), { usd: 0.5 });
});

test('minutes are numbers above 0', () => {
  assert.deepEqual(['', '1.5', '0', '-1', 'x', '1,000'].map(readMinutes), [
    ...[null, 90_000, undefined, undefined, undefined, 60_000_000],
  ]);
});
