import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ZodType } from 'zod';
import { addState, createRunState } from '../../contract/run-state.ts';
import { readBranch, readFollowUp, readGoal, readPlanState, readPull, readStep } from './read-state.ts';
import type { Read } from './read-value.ts';
import {
  branchStateSchema,
  commitTypes,
  followUpStateSchema,
  goalStateSchema,
  planStateSchema,
  pullStateSchema,
  stepStateSchema,
  type PlanStep,
  type StepState,
} from './schema.ts';
import { latestGoal, latestPlan, sessionView } from './session-view.ts';
import { checkKinds } from './verify/verification.ts';

const sha = 'a'.repeat(40);
const spec = {
  summary: 'Totals are right',
  acceptance: ['a test says so'],
  outOfScope: ['taxes'],
  assumptions: ['prices in cents'],
  risks: ['rounding'],
};
const planned = (id: string): PlanStep => ({
  ...{ id, title: `Do ${id}`, description: 'why', type: 'fix', scope: 'cart', files: ['a.py'] },
  ...{ dependsOn: [], acceptance: ['it works'], size: 'small' },
});
const commit = { sha, message: 'fix: it', step: 's1', files: 1, added: 2, removed: 3 };
const verification = {
  passed: false,
  checks: checkKinds.flatMap((kind) =>
    (['passed', 'failed', 'failing-before', 'unavailable'] as const).map((status) => ({
      ...{ kind, name: `${kind} ${status}`, command: null, status, summary: 'one line', output: 'text' },
      ...{ findings: [{ path: 'a', line: 1, rule: null, message: 'm', severity: 'error' as const }] },
      ...{ durationMs: 5, more: 3, tests: { total: 4, failed: 1, skipped: 0 } },
    })),
  ),
};
const step = (id: string, position: number): StepState => ({
  ...{ id, title: `Do ${id}`, position, status: 'done', commit, diffFile: 'diffs/s1.patch' },
  attempts: [{ attempt: 1, turns: 4, notice: null, verification }],
});

/** Every word of each schema's lists, so that a new one can't be forgotten in the reader. */
test('what a schema knows of a state is read as it is', () => {
  const same = (schema: ZodType, read: Read<object>, value: unknown) =>
    assert.deepEqual(read(value), schema.parse(value));
  const rounds = [
    ...(['ready', 'revise', 'infeasible'] as const).map((verdict, index) => ({
      round: index + 1,
      proposal: spec,
      critique: {
        summary: 's',
        points: (['blocking', 'minor'] as const).map((severity) => ({ severity, text: 't' })),
      },
      judgement: { verdict, reason: 'r', instructions: ['i'] },
    })),
    { round: 4, proposal: null, critique: null, judgement: null },
  ];
  for (const status of goalStateSchema.shape.status.options)
    same(goalStateSchema, readGoal, { status, iterations: [{ iteration: 1, feedback: 'f', rounds, spec }] });
  for (const status of planStateSchema.shape.status.options)
    same(planStateSchema, readPlanState, {
      status,
      iterations: commitTypes.map((type, index) => ({
        ...{ iteration: index + 1, by: index === 0 ? 'agent' : 'person', feedback: null },
        steps: (['small', 'medium', 'large'] as const).map((size) => ({ ...planned(size), type, size })),
      })),
    });
  for (const status of stepStateSchema.shape.status.options)
    same(stepStateSchema, readStep, { ...step('s1', 1), status });
  same(branchStateSchema, readBranch, {
    ...{ name: 'gantry/1', base: 'main', baseCommit: sha, commits: [commit], pushed: null },
  });
  for (const state of pullStateSchema.shape.state.options)
    same(pullStateSchema, readPull, { number: 1, url: 'u', title: 't', state, isDraft: true });
  for (const doing of followUpStateSchema.shape.doing.options)
    same(followUpStateSchema, readFollowUp, {
      ...{ attempts: 1, of: 3, doing, notice: null },
      answered: [{ comment: 'c', author: 'a', url: null }],
    });
});

function viewOf(values: Readonly<Record<string, unknown>>) {
  const state = createRunState();
  let seq = 0;
  for (const [key, value] of Object.entries(values))
    addState(state, { key, value: value as never }, { seq: (seq += 1), at: '2026-11-21T10:00:00.000Z' });
  return sessionView({ state });
}

test('a session that has only begun has nothing to show', () => {
  const nothing = { goal: null, plan: null, branch: null, pull: null, baseline: null, followUp: null };
  assert.deepEqual(viewOf({}), { ...nothing, steps: [] });
});

test('steps stand in the order of the latest plan, with what came of them; what the plan dropped comes last', () => {
  const iteration = (number: number, ids: readonly string[]) => ({
    ...{ iteration: number, by: 'agent', feedback: null, steps: ids.map(planned) },
  });
  const view = viewOf({
    'step gone': step('gone', 1),
    'step s1': step('s1', 2),
    plan: {
      status: 'approved',
      iterations: [iteration(1, ['s1', 's2', 'gone']), iteration(2, ['s2', 's1'])],
    },
  });
  assert.deepEqual(
    view.steps.map((each) => [
      each.position,
      each.id,
      each.planned?.title ?? null,
      each.state?.status ?? null,
    ]),
    [
      [1, 's2', 'Do s2', null],
      [2, 's1', 'Do s1', 'done'],
      [3, 'gone', null, 'done'],
    ],
  );
  assert.equal(latestPlan(view.plan)?.iteration, 2);
});

test('a value of a strange shape hides nothing else', () => {
  const view = viewOf({
    goal: { status: 'accepted', iterations: [{ iteration: 1, rounds: 'none', spec }, 7, null] },
    plan: 'no plan',
    'step s1': { id: 's1', status: 'writing' },
    'step s2': [],
    branch: { name: 5 },
  });
  assert.equal(latestGoal(view.goal)?.summary, spec.summary);
  assert.deepEqual(view.goal?.iterations, [{ iteration: 1, feedback: null, rounds: [], spec }]);
  assert.equal(view.plan, null);
  assert.equal(view.branch, null);
  assert.deepEqual(
    view.steps.map(({ id, state }) => [id, state?.attempts]),
    [['s1', []]],
  );
});

test('an unchanged value is the same object each time', () => {
  const state = createRunState();
  addState(state, { key: 'step s1', value: step('s1', 1) as never }, { seq: 1, at: '' });
  assert.equal(sessionView({ state }).steps[0]?.state, sessionView({ state }).steps[0]?.state);
});
