import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanStep } from '../../schema.ts';
import { changeDraft, draftOf, isSamePlan, linesOf, newStep, type PlanAct } from './plan-draft.ts';

function step(id: string, ...dependsOn: string[]): PlanStep {
  const rest = { description: '', files: [], acceptance: [] };
  return { id, title: `Do ${id}`, dependsOn, type: 'feat', size: 'small', ...rest };
}

const plan = { steps: [step('a'), step('b', 'a'), step('c', 'a', 'b')] };
const after = (...acts: PlanAct[]) => acts.reduce(changeDraft, draftOf(plan));
const ids = ({ steps }: { steps: readonly PlanStep[] }) => steps.map(({ id }) => id).join(' ');

test('steps are moved, added and removed, and each change can be taken back', () => {
  const draft = after(
    { act: 'move', from: 2, to: 0 },
    { act: 'add', step: step('d'), at: 1 },
    { act: 'remove', id: 'a' },
  );
  assert.equal(ids(draft), 'c d b');
  assert.deepEqual(
    draft.steps.map(({ dependsOn }) => dependsOn),
    [['b'], [], []],
  );
  const undo = (count: number) =>
    Array.from({ length: count }).reduce<typeof draft>((now) => changeDraft(now, { act: 'undo' }), draft);
  assert.equal(ids(undo(1)), 'c d a b');
  assert.equal(ids(undo(2)), 'c a b');
  assert.ok(isSamePlan(undo(3).steps, plan.steps));
  assert.ok(isSamePlan(undo(9).steps, plan.steps));
});

test('what is typed while one form is open is one change', () => {
  const typed = ['D', 'Do', 'Do it'].map((title): PlanAct => ({
    act: 'edit',
    id: 'b',
    change: { title },
    under: 'form 1',
  }));
  const draft = after(...typed, { act: 'edit', id: 'b', change: { size: 'large' }, under: 'form 2' });
  assert.equal(draft.past.length, 2);
  assert.equal(changeDraft(draft, { act: 'undo' }).steps[1]?.title, 'Do it');
  assert.equal(changeDraft(draft, { act: 'undo' }).steps[1]?.size, 'small');
});

test('what changes nothing is no change', () => {
  const draft = draftOf(plan);
  assert.equal(changeDraft(draft, { act: 'move', from: 0, to: 0 }), draft);
  assert.equal(changeDraft(draft, { act: 'move', from: 0, to: 7 }), draft);
  assert.equal(changeDraft(draft, { act: 'remove', id: 'z' }), draft);
  assert.equal(changeDraft(draft, { act: 'edit', id: 'a', change: { title: 'Do a' }, under: 'x' }), draft);
});

test('going back to the proposal is a change like any other, and words stay', () => {
  const draft = after(
    { act: 'comment', text: 'Smaller steps' },
    { act: 'remove', id: 'a' },
    { act: 'reset', to: plan },
  );
  assert.ok(isSamePlan(draft.steps, plan.steps));
  assert.equal(draft.comment, 'Smaller steps');
  assert.equal(ids(changeDraft(draft, { act: 'undo' })), 'b c');
});

test('a new step has an id that no step has or had', () => {
  assert.equal(newStep(['a', 'added-1', 'added-2']).id, 'added-3');
  assert.match(newStep([]).id, /^[a-z0-9-]{1,40}$/);
});

test('lines say something', () => {
  assert.deepEqual(linesOf(' src/a.ts \n\n\tsrc/b.ts\n'), ['src/a.ts', 'src/b.ts']);
});
