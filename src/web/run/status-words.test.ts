import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventBody } from '../../contract/event.ts';
import { applyEvent, createRunView } from '../../contract/run-view.ts';
import { beamStops } from './beam-stops.ts';
import { statusWords } from './status-words.ts';

const runId = '0198c1b2-0000-7000-8000-000000000001';
const at = '2026-11-21T10:00:00.000Z';
const until = '2026-11-21T14:00:00.000Z';
const me = { userId: 'me', role: 'member' };
const nameOf = (id: string) => `name of ${id}`;

function viewOf(...bodies: readonly EventBody[]) {
  const view = createRunView({ id: runId });
  for (const [index, body] of bodies.entries())
    applyEvent(view, { runId, seq: index + 1, at, ...body } as Event);
  return view;
}

const started: EventBody = { type: 'run.started', data: { worker: 'w', attempt: 1 } };
const asks = (userId: string) => ({
  ...{ title: 'Review the plan', signal: 'plan', since: at, until: null },
  who: { kind: 'user', userId, name: 'Jon' } as const,
});

test('waiting is amber only for people, and says for whom', () => {
  const view = viewOf(started, { type: 'run.waiting', data: { for: 'plan', until: null } });
  const of = (userId: string) =>
    statusWords({
      run: { status: 'waiting', asks: asks(userId), waitingFor: 'plan', paused: null },
      view,
      me,
      nameOf,
    });
  assert.partialDeepStrictEqual(of('me'), { key: 'waitingYou', waitsForPerson: true });
  assert.partialDeepStrictEqual(of('other'), { key: 'waitingName', values: { name: 'Jon' } });
  const timer = viewOf(started, { type: 'run.waiting', data: { for: 'nap', until } });
  const napping = { status: 'waiting', asks: null, waitingFor: 'nap', paused: null } as const;
  const words = statusWords({ run: napping, view: timer, me, nameOf });
  assert.partialDeepStrictEqual(words, { key: 'waitingUntil', values: { until }, waitsForPerson: false });
});

test('running says its phase, a further attempt, or that it is being cancelled', () => {
  const run = { status: 'running', asks: null, waitingFor: null, paused: null } as const;
  const phase: EventBody = { type: 'progress', data: { phase: 'Build' } };
  const cancelling: EventBody = { type: 'run.cancelling', data: { by: null } };
  const again: EventBody = { type: 'run.started', data: { worker: 'w', attempt: 2 } };
  assert.equal(statusWords({ run, view: viewOf(started, phase), me, nameOf }).key, 'phase');
  assert.equal(statusWords({ run, view: viewOf(again), me, nameOf }).key, 'attempt');
  assert.equal(statusWords({ run, view: viewOf(started, phase, cancelling), me, nameOf }).key, 'cancelling');
  assert.equal(statusWords({ run, view: undefined, me, nameOf }).key, 'plain');
});

test('a run without phases hangs its queue, its work and its end on the beam', () => {
  const stops = (...bodies: EventBody[]) =>
    beamStops({ status: 'running', asks: null }, viewOf(...bodies)).map((stop) => stop.state);
  assert.deepEqual(stops(), ['active', 'idle', 'idle']);
  assert.deepEqual(stops(started), ['done', 'active', 'idle']);
  const failed: EventBody = { type: 'run.failed', data: { error: { code: 'INTERNAL', message: 'x' } } };
  assert.deepEqual(stops(started, failed), ['done', 'failed', 'failed']);
});

test('the phase in which a run waits for a person is theirs', () => {
  const phase: EventBody = { type: 'progress', data: { phase: 'Plan' } };
  const waiting: EventBody = { type: 'run.waiting', data: { for: 'plan', until: null } };
  const [stop] = beamStops({ status: 'waiting', asks: asks('me') }, viewOf(started, phase, waiting));
  assert.partialDeepStrictEqual(stop, { state: 'waiting', person: true, label: 'Plan' });
});

test('a paused run says who paused it, is calm unless it asks, and is pausing while a step is under way', () => {
  const paused = { at, by: 'ada' };
  const pausing: EventBody = { type: 'run.pausing', data: { by: 'ada' } };
  const rests: EventBody = { type: 'run.waiting', data: { for: 'resume', until: null } };
  const run = { status: 'waiting', asks: null, waitingFor: 'resume', paused } as const;
  const words = statusWords({ run, view: viewOf(started, pausing, rests), me, nameOf });
  assert.partialDeepStrictEqual(words, {
    ...{ key: 'pausedBy', values: { name: 'name of ada' }, waitsForPerson: false },
  });
  assert.equal(statusWords({ run, view: viewOf(started, pausing), me, nameOf }).key, 'pausing');
  const asking = { ...run, asks: asks('me') };
  assert.equal(statusWords({ run: asking, view: undefined, me, nameOf }).key, 'waitingYou');
  const resumed: EventBody = { type: 'run.resumed', data: { by: null } };
  assert.equal(statusWords({ run, view: viewOf(started, pausing, resumed), me, nameOf }).key, 'plain');
});
