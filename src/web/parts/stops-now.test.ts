import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stopsNow } from './stops-now.ts';

const shown = (...states: string[]) =>
  stopsNow(states.map((state, index) => ({ state, index }))).map(({ index }) => index);

test('with little room, what is at work and what comes next is shown', () => {
  assert.deepEqual(shown('done', 'active', 'idle', 'idle'), [1, 2]);
  assert.deepEqual(shown('done', 'done', 'waiting'), [2]);
});

test('a phase that failed stays in view while the run is back at an earlier one', () => {
  assert.deepEqual(shown('done', 'active', 'failed', 'idle', 'idle'), [1, 2, 3]);
});

test('before the first phase the first two are shown, after the last one that one', () => {
  assert.deepEqual(shown('idle', 'idle', 'idle'), [0, 1]);
  assert.deepEqual(shown('done', 'done', 'done'), [2]);
  assert.deepEqual(shown('done', 'stopped', 'idle', 'idle'), [1, 2]);
  assert.deepEqual(shown(), []);
});
