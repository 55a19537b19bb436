import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayText, everyDay, figureText, rangeOf } from './usage-figures.ts';

const zero = { failed: 0, wallMs: 0, cpuMs: 0, tokens: 0, usd: 0 };

test('a range counts UTC days, both ends included', () => {
  assert.deepEqual(rangeOf(7, Date.parse('2026-03-01T00:30:00Z')), { from: '2026-02-23', to: '2026-03-01' });
});

test('days without runs are there with nothing', () => {
  const items = [{ key: '2026-02-28', runs: 3, ...zero }];
  const report = {
    from: '2026-02-27',
    to: '2026-03-01',
    by: 'day',
    items,
    total: { runs: 3, ...zero },
  } as const;
  assert.deepEqual(
    everyDay({ ...report, items }).map(({ key, runs }) => [key, runs]),
    [
      ['2026-02-27', 0],
      ['2026-02-28', 3],
      ['2026-03-01', 0],
    ],
  );
});

test('figures carry their unit', () => {
  assert.deepEqual(
    [
      figureText('runs', 1284),
      figureText('usd', 10.34),
      figureText('tokens', 41_200),
      figureText('wallMs', 62 * 3_600_000),
      figureText('cpuMs', 0),
    ],
    ['1,284', '$10.34', '41.2 k', '62 h', '0 s'],
  );
  assert.equal(dayText('2026-03-01'), '1 Mar');
});
