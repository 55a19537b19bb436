import assert from 'node:assert/strict';
import { test } from 'node:test';
import { landing, moved, scrollNear, wayMade } from './drag-order.ts';

const rows = [40, 40, 100, 40].map((height, index, all) => ({
  height,
  top: all.slice(0, index).reduce((sum, each) => sum + each, 0),
}));

test('a row lands behind those whose middle it has passed, whatever their heights', () => {
  assert.equal(landing(rows, 0, 0), 0);
  assert.equal(landing(rows, 0, 19), 0);
  assert.equal(landing(rows, 0, 21), 1);
  assert.equal(landing(rows, 0, 80), 1);
  assert.equal(landing(rows, 0, 100), 2);
  assert.equal(landing(rows, 0, 9999), 3);
  assert.equal(landing(rows, 3, -9999), 0);
  assert.equal(landing(rows, 3, -51), 2);
  assert.equal(landing(rows, 2, -21), 1);
  assert.equal(landing([], 0, 50), 0);
});

test('what is moved keeps every item, and the others their order', () => {
  assert.deepEqual(moved(['a', 'b', 'c', 'd'], 0, 2), ['b', 'c', 'a', 'd']);
  assert.deepEqual(moved(['a', 'b', 'c', 'd'], 3, 0), ['d', 'a', 'b', 'c']);
  assert.deepEqual(moved(['a', 'b'], 0, 2), ['a', 'b']);
  assert.deepEqual(moved(['a', 'b'], 5, 0), ['a', 'b']);
});

test('the rows between make way as they will stand', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((index) => wayMade(index, 0, 2, 40)),
    [0, -40, -40, 0],
  );
  assert.deepEqual(
    [0, 1, 2, 3].map((index) => wayMade(index, 3, 1, 40)),
    [0, 40, 40, 0],
  );
});

test('the page scrolls near an edge of the window, the faster the nearer', () => {
  assert.equal(scrollNear(400, 800), 0);
  assert.ok(scrollNear(10, 800) < scrollNear(50, 800) && scrollNear(50, 800) < 0);
  assert.equal(scrollNear(900, 800), 14);
});
