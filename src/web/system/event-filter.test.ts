import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventFiltersOf, eventQueryOf, replayFilterOf, withFilter } from './event-filter.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

test('an address says what is looked for, and nothing else of it counts', () => {
  const search = { type: 'run.dead', when: '1h', by: '', other: 'x', q: 7 };
  assert.deepEqual(eventFiltersOf(search), { type: 'run.dead', when: '1h' });
  assert.deepEqual(eventFiltersOf({ when: 'ever' }), {});
});

test('a span of time becomes a moment, and an emptied filter goes', () => {
  assert.deepEqual(eventQueryOf({ when: '24h', q: 'a' }, now), { q: 'a', after: '2026-11-20T12:00:00.000Z' });
  assert.deepEqual(withFilter({ q: 'a', type: 'log' }, 'q', ''), { type: 'log' });
});

test('a replay means the runs of the filter, or the one run that is shown', () => {
  assert.deepEqual(replayFilterOf({ capability: 'execution', type: 'log' }, now), {
    capability: 'execution',
  });
  assert.deepEqual(replayFilterOf({ run: 'r', q: 'a' }, now), { ids: ['r'] });
});
