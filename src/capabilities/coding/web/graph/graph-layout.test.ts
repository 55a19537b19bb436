import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutGraph } from './graph-layout.ts';
import { layersOf } from './layers.ts';

const step = (id: string, ...dependsOn: string[]) => ({ id, dependsOn });
const size = { width: 100, height: 40, gap: 20, rowGap: 10 };

test('each step stands behind all that it depends on, and what depends on nothing stands first', () => {
  const { steps } = layoutGraph([step('a'), step('b', 'a'), step('c', 'a'), step('d', 'b', 'c')], size);
  const x = Object.fromEntries(steps.map((each) => [each.id, each.x]));
  assert.deepEqual(x, { a: 0, b: 120, c: 120, d: 240 });
  const [b, c] = [steps[1], steps[2]];
  assert.equal(Math.abs((b?.y ?? 0) - (c?.y ?? 0)), 50);
});

test('a line that skips a layer passes it beside the steps there, not through them', () => {
  const { steps, lines, width, height } = layoutGraph(
    [step('a'), step('d'), step('b', 'd'), step('c', 'a', 'b')],
    size,
  );
  assert.equal(lines.length, 3);
  const passing = /H220/.test(lines.find(({ from, to }) => from === 'a' && to === 'c')?.path ?? '');
  assert.ok(passing, 'the line runs level while it passes the layer of b');
  assert.deepEqual([width, height], [340, 90]);
  for (const { y } of steps) assert.ok(y >= 0 && y + 40 <= height);
});

test('circles and steps that there are not leave every step with a place', () => {
  const { steps, lines } = layoutGraph([step('a', 'b'), step('b', 'a'), step('c', 'nothing', 'c')], size);
  assert.equal(steps.length, 3);
  assert.equal(new Set(steps.map(({ x, y }) => `${x},${y}`)).size, 3);
  assert.equal(lines.length, 1);
  assert.deepEqual(layoutGraph([], size), { width: 0, height: 0, steps: [], lines: [] });
});

test('steps of a layer are ordered so that lines do not cross needlessly', () => {
  const { layers } = layersOf([step('a'), step('b'), step('of-b', 'b'), step('of-a', 'a')]);
  assert.deepEqual(
    layers.map((layer) => layer.map(({ id }) => id)),
    [
      ['a', 'b'],
      ['of-a', 'of-b'],
    ],
  );
});

test('fifty steps, each after all before it, are a row: what is implied has no line', () => {
  const ids = Array.from({ length: 50 }, (_, index) => `s${index}`);
  const { steps, lines } = layoutGraph(ids.map((id, index) => step(id, ...ids.slice(0, index))));
  assert.equal(steps.length, 50);
  assert.equal(lines.length, 49);
});
