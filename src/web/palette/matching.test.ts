import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../commands/command.ts';
import { matching } from './matching.ts';

const command = (label: string, object?: string, hidden = false): Command => ({
  id: label,
  group: 'do',
  label,
  ...(object !== undefined && { object }),
  hidden,
  run: () => undefined,
});
const all = [
  command('Cancel run', 'Nightly digest'),
  command('Run code'),
  command('Next row', undefined, true),
];
const labels = (query: string) => matching(all, query).map(({ label }) => label);

test('every word of the query begins a word of the label or its object, in any order', () => {
  assert.deepEqual(labels('can'), ['Cancel run']);
  assert.deepEqual(labels('DIGEST canc'), ['Cancel run']);
  assert.deepEqual(labels('run'), ['Cancel run', 'Run code']);
  assert.deepEqual(labels('un'), []);
});

test('an empty query finds all but what is only for keys', () => {
  assert.deepEqual(labels(' '), ['Cancel run', 'Run code']);
});
