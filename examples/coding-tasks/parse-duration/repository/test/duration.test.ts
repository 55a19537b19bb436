import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from '../src/duration.ts';

test('minutes are read', () => {
  assert.equal(parseDuration('5m'), 300_000);
});
