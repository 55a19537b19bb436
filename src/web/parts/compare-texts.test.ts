import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTexts } from './compare-texts.ts';

test('what is alike is left out, and a text on one side only differs throughout', () => {
  const old = { same: 'x', changed: 'a\nb\n', gone: 'p\n' };
  const now = { same: 'x', changed: 'a\nc\n', ...JSON.parse('{"__proto__": "n\\n", "constructor": "k\\n"}') };
  assert.deepEqual(compareTexts(old, now), [
    { name: 'changed', hunks: ['@@ -1,3 +1,3 @@\n a\n-b\n+c\n '], added: 1, removed: 1 },
    { name: 'gone', hunks: ['@@ -1,2 +1,1 @@\n-p\n '], added: 0, removed: 1 },
    { name: '__proto__', hunks: ['@@ -1,1 +1,2 @@\n+n\n '], added: 1, removed: 0 },
    { name: 'constructor', hunks: ['@@ -1,1 +1,2 @@\n+k\n '], added: 1, removed: 0 },
  ]);
});

test('what would take too long to compare is not compared', () => {
  assert.equal(compareTexts({ a: 'x'.repeat(1_500_000) }, { a: 'y'.repeat(1_500_000) }), 'too-large');
});
