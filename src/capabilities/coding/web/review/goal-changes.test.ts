import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goalChange, listChanges } from './goal-changes.ts';

const spec = (summary: string, ...acceptance: string[]) => ({
  ...{ summary, acceptance, outOfScope: [], assumptions: [], risks: [] },
});

test('what a version adds and drops is told line by line', () => {
  const [before, now] = [spec('One', 'a', 'b'), spec('Two', 'b', 'c')];
  assert.deepEqual(listChanges(before, now, 'acceptance'), [
    { text: 'b', change: 'same' },
    { text: 'c', change: 'new' },
    { text: 'a', change: 'gone' },
  ]);
  assert.deepEqual(goalChange(before, now), { fresh: 1, gone: 1, summary: true });
});

test('the first version has no changes', () => {
  assert.deepEqual(listChanges(null, spec('One', 'a'), 'acceptance'), [{ text: 'a', change: 'same' }]);
});
