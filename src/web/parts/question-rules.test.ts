import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../contract/question.ts';
import { commentRules, inOrder, obstacle } from './question-rules.ts';

const answer = (value: string, tone: Answer['tone'], comment: Answer['comment']): Answer => ({
  ...{ value, label: value.toUpperCase(), tone, comment },
});
const [go, change, refuse] = [
  answer('go', 'go', 'optional'),
  answer('change', 'change', 'required'),
  answer('no', 'refuse', 'none'),
];

test('what goes on stands first and what refuses last, otherwise in the order of the question', () => {
  const other = answer('go-2', 'go', 'none');
  assert.deepEqual(inOrder([refuse, change, go, other]), [go, other, change, refuse]);
});

test('an answer that needs words is kept back without them, and one that takes none with them', () => {
  assert.equal(obstacle(go, ''), null);
  assert.equal(obstacle(change, ' \n'), 'needsComment');
  assert.equal(obstacle(change, 'smaller'), null);
  assert.equal(obstacle(refuse, 'why'), 'takesNone');
});

test('the field says what the words go with', () => {
  assert.deepEqual(commentRules({ answers: [go, change, refuse] }), {
    takes: true,
    needed: ['CHANGE'],
    only: ['GO', 'CHANGE'],
  });
  assert.equal(commentRules({ answers: [refuse] }).takes, false);
});
