import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventBody } from '../../../../contract/event.ts';
import { applyEvent, createRunView, type RunView } from '../../../../contract/run-view.ts';
import type { Step } from '../../../../contract/step.ts';
import type { PlanStep, StepState } from '../../schema.ts';
import { readAgentName } from './agent-name.ts';
import { doingsOf, stepOfDoing, wordOfStep } from './doings.ts';
import { forkPosition } from './fork-position.ts';
import { failedBefore, retriesOf, workView } from './work-view.ts';

const begun = Date.parse('2026-11-21T10:00:00.000Z');
const time = (seconds: number) => new Date(begun + seconds * 1000).toISOString();

/** The view of what happened, an event a second. */
function viewOf(...bodies: readonly EventBody[]): RunView {
  const view = createRunView({ id: '0198c1b2-0000-7000-8000-000000000001' });
  for (const [index, body] of bodies.entries())
    applyEvent(view, { runId: view.runId, seq: index + 1, at: time(index), ...body } as Event);
  return view;
}

const started: EventBody = { type: 'run.started', data: { worker: 'w', attempt: 1 } };
const state = (key: string, value: unknown): EventBody => ({
  type: 'state',
  data: { key, value: value as never },
});
const planned = (id: string, ...dependsOn: string[]): PlanStep => ({
  ...{ id, title: `Do ${id}`, description: 'why', type: 'fix', files: [], acceptance: [] },
  ...{ dependsOn, size: 'small' },
});
const plan = state('plan', {
  status: 'approved',
  iterations: [{ iteration: 1, by: 'agent', feedback: null, steps: [planned('s1'), planned('s2', 's1')] }],
});
const verification = (passed: boolean) => ({
  passed,
  checks: [
    {
      ...{ kind: 'tests', name: 'npm test', command: 'npm test', status: passed ? 'passed' : 'failed' },
      ...{ summary: '1 of 18 tests fail', findings: [], output: '', durationMs: 5 },
    },
  ],
});
const tried = (attempt: number, passed: boolean) => ({
  ...{ attempt, turns: 2, notice: null, verification: verification(passed) },
});
const step = (status: StepState['status'], attempts: readonly unknown[] = [], id = 's1') =>
  state(`step ${id}`, {
    ...{ id, title: `Do ${id}`, position: 1, status, attempts, commit: null, diffFile: null },
  });
const asked = (agent: string, usd: number): EventBody => ({
  type: 'model',
  data: {
    ...{ agent, turn: 0, purpose: 'turn', model: 'm/x', inputTokens: 1, cachedTokens: 0, outputTokens: 1 },
    ...{ usd, fromCache: false, finish: 'stop', durationMs: 1 },
  },
});

test('each step has its tries, from when to when, with what they cost, and stands open before it is begun', () => {
  const { steps } = workView(
    viewOf(
      ...[started, plan, step('writing'), asked('writer s1.1', 0.25), step('verifying')],
      ...[asked('reviewer s1.1', 0.05), step('verifying', [tried(1, false)])],
      ...[step('writing', [tried(1, false)]), asked('writer s1.2', 1)],
    ),
  );
  assert.deepEqual(
    steps.map(({ id, status, usd, dependsOn }) => [id, status, Number(usd.toFixed(2)), dependsOn]),
    [
      ['s1', 'writing', 1.3, []],
      ['s2', 'open', 0, ['s1']],
    ],
  );
  assert.deepEqual(steps[0]?.span, { ...steps[0]?.span, startedAt: time(2), endedAt: null });
  assert.deepEqual(
    steps[0]?.tries.map(({ number, result, span, usd }) => [
      ...[number, result?.verification?.passed ?? null, span?.startedAt, span?.endedAt, usd],
    ]),
    [
      [1, false, time(2), time(6), 0.3],
      [2, null, time(7), null, 1],
    ],
  );
});

test('a step ends when it is done; where the run ends in its midst it has stopped', () => {
  const done = viewOf(
    started,
    plan,
    step('writing'),
    step('verifying', [tried(1, true)]),
    step('done', [tried(1, true)]),
  );
  assert.partialDeepStrictEqual(workView(done).steps[0], {
    status: 'done',
    span: { startedAt: time(2), endedAt: time(4) },
    tries: [{ number: 1 }],
  });
  const ended: EventBody = { type: 'run.cancelled', data: { by: null } };
  const stopped = workView(viewOf(started, plan, step('writing'), ended)).steps;
  assert.deepEqual(
    stopped.map(({ status }) => status),
    ['stopped', 'open'],
  );
});

test('what is under way is told by agent and by step, and nothing is while the run waits', () => {
  const called: EventBody = {
    type: 'tool.called',
    data: { agent: 'writer s1.1', turn: 0, callId: 'c', tool: 'edit', title: 'edit a.ts', input: '{}' },
  };
  const opened = (name: string): EventBody => ({
    type: 'step.started',
    data: { step: name, ordinal: 0, attempt: 1 },
  });
  const said: EventBody = {
    type: 'said',
    data: { agent: 'reviewer s1.1', turn: 0, kind: 'text', text: 'Fine' },
  };
  const view = viewOf(
    started,
    asked('writer s1.1', 0),
    called,
    said,
    opened('verify s1.1'),
    opened('writer s1.1.tool'),
    opened('judge 1.1.model'),
    opened('reviewer s1.1.model'),
  );
  assert.deepEqual(
    doingsOf(view).map((each) => [each.agent?.role ?? null, each.does, each.what, stepOfDoing(each)]),
    [
      ['writer', 'calls', 'edit a.ts', 's1'],
      ['reviewer', 'writes', '', 's1'],
      [null, 'steps', 'verify s1.1', 's1'],
      ['judge', 'thinks', '', null],
    ],
  );
  assert.deepEqual(
    doingsOf(viewOf(started, called, { type: 'run.waiting', data: { for: 'plan', until: null } })),
    [],
  );
  assert.deepEqual(['verify s1.1', 'check the base', 'constructor', 'sleep'].map(wordOfStep), [
    ...['verify', 'base', undefined, undefined],
  ]);
});

test('agents are known by their names', () => {
  assert.deepEqual(readAgentName('writer add-api.12'), { role: 'writer', step: 'add-api', attempt: 12 });
  assert.deepEqual(readAgentName('critic 1.1'), { role: 'critic', step: null, attempt: null });
  assert.deepEqual(readAgentName('describer'), { role: 'describer', step: null, attempt: null });
});

test('a fork does a try again from the first step of its writer', () => {
  const recorded = (name: string, position: number) => ({ name, position }) as Step;
  const steps = [
    ...[recorded('resolve', 0), recorded('writer s1.1.model', 2), recorded('writer s1.1.begin', 1)],
    ...[recorded('verify s1.1', 3), recorded('writer s1.10.begin', 9), recorded('writer s1.2.begin', 4)],
  ];
  assert.equal(forkPosition(steps, 's1'), 1);
  assert.equal(forkPosition(steps, 's1', 2), 4);
  assert.equal(forkPosition(steps, 's2'), undefined);
});

test('what failed before the first change is known, and how often a step may be tried again', () => {
  const view = viewOf(started, state('baseline', verification(false)));
  assert.deepEqual(failedBefore(workView(view).session), [
    { name: 'npm test', summary: '1 of 18 tests fail' },
  ]);
  assert.deepEqual([retriesOf({ limits: { retries: 0 } }), retriesOf({}), retriesOf(null)], [0, 3, 3]);
});
