import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '../../capabilities/coding/schema.ts';
import { plannedStep } from '../../../test/support/session-story.ts';
import { planAct, planText } from './plan-commands.ts';

const plan: Plan = {
  steps: [
    plannedStep('s1', { description: 'Because.', files: ['a.py'] }),
    plannedStep('s2', { dependsOn: ['s1'] }),
    plannedStep('s3'),
  ],
};

function changed(line: string, from = plan): Plan {
  const act = planAct(from, line);
  assert.equal(act.kind, 'changed', JSON.stringify(act));
  return act.kind === 'changed' ? act.plan : from;
}

const ids = ({ steps }: Plan) => steps.map(({ id }) => id).join(' ');
const toldOf = (line: string, from = plan) => {
  const act = planAct(from, line);
  return act.kind === 'told' ? act.told : assert.fail(JSON.stringify(act));
};

test('steps are moved, left out, named and added by a word and a number', () => {
  assert.equal(ids(changed('move 3 1')), 's3 s1 s2');
  assert.equal(ids(changed('m 1 3')), 's2 s3 s1');
  const without = changed('drop 1');
  assert.equal(ids(without), 's2 s3');
  assert.deepEqual(without.steps[0]?.dependsOn, []);
  assert.equal(changed('title 2 Round  each total').steps[1]?.title, 'Round each total');
  const more = changed('add Document it', without);
  assert.equal(ids(more), 's2 s3 s4');
  assert.equal(more.steps[2]?.title, 'Document it');
});

test('what can not be done is told, and a plan that can not be worked on is not sent', () => {
  assert.match(toldOf('move 9 1'), /no step 9; they go from 1 to 3/);
  assert.match(toldOf('move 1 9'), /place from 1 to 3/);
  assert.match(toldOf('xyz'), /"xyz" is no command here[^]*approve/);
  assert.match(toldOf(''), /no command/);
  assert.match(toldOf('change'), /Say what is to change/);
  assert.match(toldOf('drop 1', { steps: [plannedStep('s1')] }), /needs a step/);
  assert.match(toldOf('show 1'), /Because\.\n {2}Files: a\.py/);
  const act = planAct(plan, 'move 2 1');
  assert.match(act.kind === 'changed' ? act.told : '', /comes later/);
  assert.match(toldOf('approve', changed('move 2 1')), /can't be worked on yet/);
});

test('an answer takes the words that follow it', () => {
  assert.deepEqual(planAct(plan, ' Approve '), { kind: 'answer', answer: 'approve', comment: '' });
  assert.deepEqual(planAct(plan, 'change split step 2'), {
    ...{ kind: 'answer', answer: 'modify', comment: 'split step 2' },
  });
  assert.deepEqual(planAct(plan, 'rej'), { kind: 'answer', answer: 'reject', comment: '' });
  assert.equal(planText(plan).split('\n')[1], '  2. Do s2 (small, after 1)');
});
