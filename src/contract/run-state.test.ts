import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addState, createRunState } from './run-state.ts';

const at = '2026-11-21T10:00:00.000Z';

function stateOf(...said: readonly (readonly [string, unknown])[]) {
  const state = createRunState();
  for (const [index, [key, value]] of said.entries())
    addState(state, { key, value: value as never }, { seq: index + 1, at });
  return state;
}

test('each key has the last value that it was given, and its changes are kept in order', () => {
  const state = stateOf(['plan', { steps: 1 }], ['branch', 'main'], ['plan', { steps: 2 }]);
  assert.deepEqual([...state.now.keys()], ['plan', 'branch']);
  assert.deepEqual(state.now.get('plan')?.value, { steps: 2 });
  assert.deepEqual(
    state.changes.map(({ key, seq }) => [key, seq]),
    [
      ['plan', 1],
      ['branch', 2],
      ['plan', 3],
    ],
  );
});

test('a value that a key has already is no change', () => {
  const state = stateOf(['plan', { steps: [1] }], ['plan', { steps: [1] }]);
  assert.equal(state.changes.length, 1);
  assert.equal(state.now.get('plan')?.seq, 1);
});

test('of many changes the latest are kept, and every key keeps its value', () => {
  const many = Array.from({ length: 600 }, (_, index) => ['count', index] as const);
  const state = stateOf(['first', true], ...many);
  assert.equal(state.changes.length, 500);
  assert.equal(state.changes.at(-1)?.value, 599);
  assert.equal(state.now.get('first')?.value, true);
});
