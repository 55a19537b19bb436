import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StateChange } from '../../../contract/run-state.ts';
import { gistOf, placeOf, stateAt, textsAt } from './state-at.ts';

const change = (seq: number, key: string, value: unknown): StateChange => ({
  key,
  seq,
  value,
  at: `t${seq}`,
});
const changes = [
  change(3, 'plan', { status: 'proposed' }),
  change(7, 'branch', 'a'),
  change(9, 'plan', { status: 'approved' }),
];

test('at a moment each key has the value that it had then, in the order in which the keys came', () => {
  const at = (seq: number) =>
    stateAt(changes, seq).map(({ key, change: { value }, times }) => [key, value, times]);
  assert.deepEqual(at(2), []);
  assert.deepEqual(at(8), [
    ['plan', { status: 'proposed' }, 1],
    ['branch', 'a', 1],
  ]);
  assert.deepEqual(at(9), [
    ['plan', { status: 'approved' }, 2],
    ['branch', 'a', 1],
  ]);
});

test('a moment is that of the change before it, and without one the last', () => {
  assert.equal(placeOf(changes, undefined), 2);
  assert.equal(placeOf(changes, 8), 1);
  assert.equal(placeOf(changes, 1), 0);
  assert.equal(placeOf(changes, 99), 2);
});

test('a moment can be compared as texts, key by key', () => {
  assert.deepEqual(textsAt(changes, 7), { plan: '{\n  "status": "proposed"\n}', branch: '"a"' });
  assert.deepEqual(Object.keys(textsAt([change(1, '__proto__', 1)], 1)), ['__proto__']);
});

test('a value says in a line what it is', () => {
  assert.equal(gistOf({ id: 's1', status: 'writing' }), 'writing');
  assert.equal(gistOf({ name: 'x', base: 'main' }), 'name, base');
  assert.equal(gistOf([1, 2]), '[2]');
  assert.equal(gistOf('x'.repeat(500)).length, 120);
  assert.equal(gistOf(null), 'null');
});
