import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/cart.js';

test('a cart costs the sum of its items', () => {
  assert.equal(
    total([
      { name: 'tea', price: 450, count: 2 },
      { name: 'cup', price: 1200, count: 1 },
    ]),
    2100,
  );
});

test('an empty cart costs nothing', () => {
  assert.equal(total([]), 0);
});
