import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSchema } from '../schema.ts';
import { guessCommit } from './guess-type.ts';
import { planOfGoal } from './plan-of-goal.ts';

const spec = { summary: 'It works.', acceptance: ['It shows.'], outOfScope: [], assumptions: [], risks: [] };

test('the type of a commit is guessed by the wording of the goal', () => {
  const guesses = {
    'Fix the crash when the cart is empty': 'fix',
    'The export fails on Windows': 'fix',
    'Login does not work with two keys': 'fix',
    'Add a search box': 'feat',
    'Add tests for the broken parser': 'test',
    'Rename cart to basket': 'refactor',
    'Document the API': 'docs',
    'Correct typos in the README': 'fix',
    'Update the changelog': 'docs',
    'Make the list faster': 'perf',
    'Upgrade fastify to 5': 'build',
    'Run the tests in GitHub Actions': 'ci',
    'perf(db)!: keep statements': 'perf',
    'Fix: it': 'fix',
    'note: this is no type': 'feat',
  };
  for (const [goal, type] of Object.entries(guesses)) assert.equal(guessCommit(goal).type, type, goal);
});

test('a goal that is written as a commit gives type, scope and title', () => {
  assert.deepEqual(guessCommit('feat(cart): add coupons'), {
    type: 'feat',
    scope: 'cart',
    title: 'add coupons',
  });
});

test('the goal as a plan is a valid plan of one step, whatever the goal says', () => {
  for (const goal of [
    'x',
    '\n\n  Do it.\nMore.',
    '...',
    '\u202e\u0000',
    'y '.repeat(25_000),
    'fix(a): ...',
    `feat(${'s'.repeat(60)}): z`,
  ]) {
    const plan = planSchema.parse(
      planOfGoal(goal, { ...spec, acceptance: Array<string>(30).fill('It shows.') }),
    );
    const [step] = plan.steps;
    assert.deepEqual([plan.steps.length, step?.id, step?.acceptance.length], [1, 'goal', 20]);
    assert.ok((step?.title.length ?? 99) <= 80, goal.slice(0, 50));
  }
  const [step] = planOfGoal('Do it.\nMore.', spec).steps;
  assert.deepEqual([step?.title, step?.description], ['Do it', 'It works.\n\nDo it.\nMore.']);
});
