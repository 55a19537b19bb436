import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanStep } from '../schema.ts';
import { planProblems } from './check-plan.ts';
import { inOrder } from './plan-order.ts';

function step(id: string, ...dependsOn: string[]): PlanStep {
  const rest = { description: '', type: 'feat' as const, files: [], acceptance: [], size: 'small' as const };
  return { id, title: `Do ${id}`, dependsOn, ...rest };
}

const problems = (...steps: PlanStep[]) => planProblems({ steps });
const ids = ({ steps }: { steps: readonly PlanStep[] }) => steps.map(({ id }) => id).join(' ');

test('a plan whose steps come after what they depend on has no problem', () => {
  assert.deepEqual(problems(step('a'), step('b', 'a'), step('c', 'a', 'b')), []);
});

test('an empty plan, an id that is there twice and a step without a title are named', () => {
  assert.deepEqual(problems(), ['The plan has no steps. Add at least one.']);
  assert.deepEqual(problems(step('a'), step('b'), step('a', 'x')), [
    'Steps 1 and 3 have the same id "a". Give each its own.',
  ]);
  assert.deepEqual(problems({ ...step('a'), title: ' ' }), ['Step 1 has no title. Say what it does.']);
});

test('what a step depends on must exist and come before it', () => {
  assert.deepEqual(problems(step('a', 'gone')), [
    'Step 1 ("Do a") depends on "gone", and no step has that id. Remove it.',
  ]);
  assert.deepEqual(problems(step('b', 'a'), step('a')), [
    'Step 1 ("Do b") depends on step 2 ("Do a"), which comes later. Move it behind that one, or remove the dependency.',
  ]);
});

test('a circle is told once, whatever its length, and nothing else of its steps', () => {
  assert.deepEqual(problems(step('a', 'a')), ['Step 1 depends on itself. Remove that dependency.']);
  assert.deepEqual(problems(step('x', 'b'), step('a', 'c'), step('b', 'a'), step('c', 'b')), [
    'Steps 3, 2 and 4 wait for each other (b -> a -> c -> b). Remove one of these dependencies.',
    'Step 1 ("Do x") depends on step 3 ("Do b"), which comes later. Move it behind that one, or remove the dependency.',
  ]);
});

test('a long or hostile title does not make the words long', () => {
  const [problem = ''] = problems({ ...step('a', 'gone'), title: '<b>'.repeat(3000) });
  assert.ok(problem.length < 200, problem);
});

test('steps move behind what they depend on, and keep their order otherwise', () => {
  assert.equal(ids(inOrder({ steps: [step('a', 'c'), step('b'), step('c'), step('d', 'a')] })), 'b c a d');
  assert.equal(ids(inOrder({ steps: [step('a'), step('b', 'a'), step('c')] })), 'a b c');
});

test('putting a plan in order loses no step, also where some wait in a circle or for nothing that exists', () => {
  assert.equal(ids(inOrder({ steps: [step('a', 'b'), step('b', 'a'), step('c', 'gone')] })), 'c a b');
  assert.equal(ids(inOrder({ steps: [step('a'), step('a')] })), 'a a');
});

test('every plan of three steps is either named as a circle or put in an order without problems', () => {
  const names = ['a', 'b', 'c'];
  for (let edges = 0; edges < 2 ** 9; edges += 1) {
    const steps = names.map((id, row) =>
      step(id, ...names.filter((_, column) => (edges & (1 << (row * 3 + column))) !== 0)),
    );
    const plan = { steps };
    const circle = planProblems(plan).some((each) => /wait for each other|depends on itself/.test(each));
    assert.equal(planProblems(inOrder(plan)).length === 0, !circle, JSON.stringify(steps));
  }
});
