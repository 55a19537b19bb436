import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noSession, refusedFields, requestOf } from './session-draft.ts';

test('only what was chosen is sent', () => {
  assert.deepEqual(requestOf({ ...noSession, goal: ' Mend it \n' }, 'acme/shop'), {
    ...{ repo: 'acme/shop', goal: 'Mend it' },
  });
  const chosen = {
    ...{ goal: 'x', repository: 'acme/shop', base: ' next ', model: 'a/b', budget: 2 },
    ...{ auto: true, draft: true, followUp: true, skip: ['review', 'goal'] as const },
  };
  assert.deepEqual(requestOf(chosen, 'acme/shop'), {
    ...{ repo: 'acme/shop', goal: 'x', baseBranch: 'next', model: 'a/b', budget: { usd: 2 }, auto: true },
    ...{ skip: ['goal', 'review'], pull: 'draft', followUp: {} },
  });
});

test('without a push no pull request is asked for', () => {
  const draft = { ...noSession, goal: 'x', draft: true, followUp: true, skip: ['push'] as const };
  assert.deepEqual(requestOf(draft, 'a'), { repo: 'a', goal: 'x', skip: ['push'] });
});

test('what the server refuses is shown at its field, in a sentence', () => {
  assert.deepEqual(
    refusedFields([
      { path: 'repo', message: 'is not connected' },
      { path: 'budget.usd', message: 'Too small.' },
      { path: 'skip[0]', message: 'unknown' },
    ]),
    { repository: 'Is not connected.', budget: 'Too small.' },
  );
});
