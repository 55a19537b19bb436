import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moneyText, shortCountText } from './amount.ts';
import { ageText, durationText } from './duration.ts';
import { shortTime } from './time.ts';

test('durations are short and say their unit', () => {
  const shown = [0.4, 7, 300, 1240, 41_000, 860_000, 11_100_000, 520_000_000, -1].map(durationText);
  assert.deepEqual(shown, ['0 s', '7 ms', '0.3 s', '1.2 s', '41 s', '14:20', '3:05:00', '6 d', '–']);
});

test('ages have one unit', () => {
  assert.deepEqual([4000, 250_000, 7_200_000, 600_000_000].map(ageText), ['4 s', '4 min', '2 h', '6 d']);
});

test('money that was spent is never shown as nothing', () => {
  assert.deepEqual([0, 0.18, 5, 1234.5, 0.0004].map(moneyText), [
    '$0.00',
    '$0.18',
    '$5.00',
    '$1,234.50',
    '$0.0004',
  ]);
});

test('large counts name their unit', () => {
  assert.deepEqual([980, 41_200, 3_100_000].map(shortCountText), ['980', '41.2 k', '3.1 M']);
});

test('a time of another day is shown as its date', () => {
  const now = new Date('2026-11-21T15:00:00');
  assert.equal(shortTime('2026-11-21T12:04:00', now), '12:04');
  assert.equal(shortTime('2026-11-14T12:04:00', now), '14 Nov');
  assert.equal(shortTime('2025-11-14T12:04:00', now), '14 Nov 2025');
});
