import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gistOf } from './event-gist.ts';

test('what an event says fits one line, whatever a program wrote', () => {
  assert.equal(gistOf({ stream: 'stdout', text: 'a\nb\u001b[31m\u202e' }), 'a b [31m');
  assert.equal(gistOf({ error: { code: 'X', message: 'No room.' } }), 'No room.');
  assert.equal(gistOf({ worker: 'w', attempt: 2 }), 'worker: w, attempt: 2');
  assert.equal(gistOf({ cut: 'a\u202eb', name: 'x\ny' }), 'cut: a b, name: x y');
  assert.equal(gistOf('a\u202eb'), 'a b');
  assert.equal(gistOf(null), '');
});
