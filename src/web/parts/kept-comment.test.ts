import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptComment } from './kept-comment.ts';

const asked = { runId: 'r', signal: 'goal', ordinal: 0 };

test('words that were not sent are there again for the same question, and for no other', () => {
  const kept = new Map<string, string>();
  const place = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  keptComment(place, asked).write('Say cents');
  assert.equal(keptComment(place, asked).comment, 'Say cents');
  assert.equal(keptComment(place, { ...asked, ordinal: 1 }).comment, '');
  keptComment(place, asked).done();
  assert.equal(kept.size, 0);
  keptComment(place, asked).write('Say euros');
  keptComment(place, asked).write('');
  assert.equal(kept.size, 0);
});

test('a browser that refuses its storage does no harm', () => {
  const comment = keptComment(() => {
    throw new Error('SecurityError');
  }, asked);
  comment.write('Say cents');
  comment.done();
  assert.equal(comment.comment, '');
});
