import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter } from '../src/emitter.ts';

test('listeners hear what is emitted', () => {
  const heard: unknown[] = [];
  const emitter = new Emitter();
  emitter.on('a', (value) => heard.push(value));
  emitter.emit('a', 1);
  assert.deepEqual(heard, [1]);
});
