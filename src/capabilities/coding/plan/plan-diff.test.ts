import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, PlanStep } from '../schema.ts';
import { planDiff } from './plan-diff.ts';

function step(id: string, more: Partial<PlanStep> = {}): PlanStep {
  const rest = { description: '', type: 'feat' as const, files: [], acceptance: [], size: 'small' as const };
  return { id, title: `Do ${id}`, dependsOn: [], ...rest, ...more };
}

const plan = (...steps: (string | PlanStep)[]): Plan => ({
  steps: steps.map((each) => (typeof each === 'string' ? step(each) : each)),
});

const told = (before: Plan | null, after: Plan) =>
  planDiff(before, after)
    .map(({ step: { id }, change, fields, moved }) =>
      [id, change, ...(fields ?? []), ...(moved === true && change !== 'moved' ? ['+moved'] : [])].join(' '),
    )
    .join(', ');

test('without an earlier plan all steps are new; the same plan has no change', () => {
  assert.equal(told(null, plan('a', 'b')), 'a new, b new');
  assert.equal(told(plan('a', 'b'), plan('a', 'b')), 'a same, b same');
});

test('a step that changed says in what, and how it was', () => {
  const [first] = planDiff(plan('a'), plan(step('a', { title: 'Do it', size: 'large' })));
  assert.deepEqual([first?.change, first?.fields], ['changed', ['title', 'size']]);
  assert.equal(first?.before?.title, 'Do a');
});

test('removed steps stand where they were', () => {
  assert.equal(
    told(plan('x', 'a', 'y', 'z', 'b'), plan('a', 'b')),
    'x removed, a same, y removed, z removed, b same',
  );
  assert.equal(told(plan('a'), plan('b')), 'a removed, b new');
});

test('only the steps that were taken elsewhere are moved, not those that made room', () => {
  assert.equal(told(plan('a', 'b', 'c', 'd'), plan('d', 'a', 'b', 'c')), 'd moved, a same, b same, c same');
  assert.equal(told(plan('a', 'b', 'c'), plan('n', 'a', 'c')), 'n new, a same, b removed, c same');
});

test('a step can be changed and moved at once', () => {
  const after = plan(step('c', { size: 'large' }), 'a', 'b');
  assert.equal(told(plan('a', 'b', 'c'), after), 'c changed size +moved, a same, b same');
});
