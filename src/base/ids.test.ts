import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isId, newId } from './ids.ts';

test('ids are UUIDv7, all different, and sort in the order of their making, also within a millisecond', () => {
  const ids = Array.from({ length: 20_000 }, () => newId(Date.now()));
  assert.ok(ids.every(isId));
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(ids.toSorted(), ids);
});

test('an id begins with the time of its making', () => {
  const now = Date.now() + 3_600_000;
  assert.equal(Number.parseInt(newId(now).replace('-', '').slice(0, 12), 16), now);
});
