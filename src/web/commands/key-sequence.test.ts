import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSequence, nameOf, type KeyPress } from './key-sequence.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test('presses have one name on every keyboard', () => {
  assert.equal(nameOf(press('g')), 'g');
  assert.equal(nameOf(press('G')), 'g', 'with caps lock');
  assert.equal(nameOf(press('X', { shiftKey: true })), 'Shift+X');
  assert.equal(nameOf(press('?', { shiftKey: true })), '?');
  assert.equal(nameOf(press('k', { metaKey: true })), 'Mod+k');
  assert.equal(nameOf(press('ArrowUp', { altKey: true })), 'Alt+ArrowUp');
  assert.equal(nameOf(press('Shift', { shiftKey: true })), undefined);
});

test('keys one after another make a sequence, and a pause ends it', () => {
  const known = ['g r', 'g i', 'r'];
  const keys = createSequence();
  assert.deepEqual(keys.press('g', 0, known), { pending: true });
  assert.deepEqual(keys.press('r', 500, known), { match: 'g r', pending: false });
  keys.press('g', 1000, known);
  assert.deepEqual(keys.press('r', 5000, known), { match: 'r', pending: false });
});

test('a key that leads nowhere begins anew', () => {
  const keys = createSequence();
  keys.press('g', 0, ['g r', 'n e']);
  assert.deepEqual(keys.press('n', 10, ['g r', 'n e']), { pending: true });
  assert.deepEqual(keys.press('e', 20, ['g r', 'n e']), { match: 'n e', pending: false });
});
