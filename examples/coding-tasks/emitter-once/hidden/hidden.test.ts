import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter } from './src/emitter.ts';

test('nobody is skipped', () => {
  const heard: string[] = [];
  const emitter = new Emitter();
  emitter.once('a', () => heard.push('first'));
  emitter.on('a', () => heard.push('second'));
  emitter.emit('a', 1);
  emitter.emit('a', 1);
  assert.deepEqual(heard, ['first', 'second', 'second']);
});
test('once can be taken back', () => {
  const emitter = new Emitter();
  const listener = () => assert.fail('was taken back');
  emitter.once('a', listener);
  emitter.off('a', listener);
  emitter.emit('a', 1);
});
test('errors wait', () => {
  const heard: string[] = [];
  const emitter = new Emitter();
  emitter.on('a', () => {
    throw new Error('first');
  });
  emitter.on('a', () => heard.push('second'));
  assert.throws(() => emitter.emit('a', 1), /first/);
  assert.deepEqual(heard, ['second']);
});
