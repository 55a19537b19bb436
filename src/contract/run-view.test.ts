import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventBody } from './event.ts';
import { withSteps } from './run-timeline.ts';
import { applyEvent, createRunView, type RunView } from './run-view.ts';
import type { Step } from './step.ts';

const runId = '0198c1b2-0000-7000-8000-000000000001';
const begun = Date.parse('2026-11-21T10:00:00.000Z');
const time = (seconds: number) => new Date(begun + seconds * 1000).toISOString();

/** One event a second. */
function story(...bodies: readonly EventBody[]): Event[] {
  return bodies.map((body, index) => ({ runId, seq: index + 1, at: time(index), ...body }) as Event);
}

function viewOf(events: readonly Event[]): RunView {
  const view = createRunView({ id: runId });
  for (const event of events) applyEvent(view, event);
  return view;
}

const place = { step: 'run', ordinal: 0 };
const queued: EventBody = { type: 'run.queued', data: { reason: 'started' } };
const started = (attempt = 1): EventBody => ({
  type: 'run.started',
  data: { worker: `w${attempt}`, attempt },
});
const stepStarted = (attempt = 1): EventBody => ({ type: 'step.started', data: { ...place, attempt } });
const output = (text: string): EventBody => ({ type: 'output', data: { stream: 'stdout', text } });
const done: EventBody = { type: 'step.succeeded', data: { ...place, durationMs: 12 } };
const error = { code: 'SANDBOX_FAILED', message: 'It broke.' };
const succeeded: EventBody = { type: 'run.succeeded', data: { usage: { cpuMs: 5 } } };

test('a run from its start to its end', () => {
  const view = viewOf(story(queued, started(), stepStarted(), output('hello\n'), done, succeeded));
  assert.equal(view.status, 'succeeded');
  assert.deepEqual(view.usage, { cpuMs: 5 });
  assert.equal(view.worker, null);
  assert.deepEqual(view.times, { queuedMs: 1000, activeMs: 4000, waitedMs: 0, state: 'ended', since: null });
  const step = view.timeline.entries.find((entry) => entry.kind === 'step');
  assert.partialDeepStrictEqual(step, {
    step: 'run',
    state: 'succeeded',
    durationMs: 12,
    startedAt: time(2),
  });
});

test('an event that comes again adds nothing', () => {
  const events = story(queued, started(), stepStarted(), output('once\n'), done);
  const view = viewOf(events);
  const { version } = view;
  for (const event of events) assert.equal(applyEvent(view, event), false);
  assert.equal(view.version, version);
  assert.equal(view.log.lines.filter((line) => line.kind === 'output').length, 1);
});

test('tries of a step that failed are kept with their pauses', () => {
  const retrying: EventBody = { type: 'step.retrying', data: { ...place, attempt: 1, error, delayMs: 100 } };
  const failed: EventBody = { type: 'step.failed', data: { ...place, error, durationMs: 9 } };
  const view = viewOf(story(queued, started(), stepStarted(), retrying, stepStarted(2), failed));
  assert.partialDeepStrictEqual(view.timeline.entries.at(-1), {
    state: 'failed',
    attempt: 2,
    error,
    failedTries: [{ attempt: 1, at: time(3), error, delayMs: 100 }],
  });
});

test('a lost worker leaves its step and its output as lost, and the next attempt does both again', () => {
  const recovered: EventBody = { type: 'run.queued', data: { reason: 'recovered' } };
  const view = viewOf(
    story(
      ...[queued, started(), stepStarted(), output('half'), recovered],
      ...[started(2), stepStarted(), output('half and whole\n'), done, succeeded],
    ),
  );
  const steps = view.timeline.entries.flatMap((entry) => (entry.kind === 'step' ? [entry.state] : []));
  assert.deepEqual(steps, ['lost', 'succeeded']);
  const lines = view.log.lines.flatMap((line) => (line.kind === 'output' ? [[line.text, line.lost]] : []));
  assert.deepEqual(lines, [
    ['half', true],
    ['half and whole', false],
  ]);
  assert.equal(view.attempt, 2);
});

test('going to sleep loses nothing, and the time it waits is counted apart', () => {
  const waiting: EventBody = { type: 'run.waiting', data: { for: 'answer', until: null } };
  const signal: EventBody = { type: 'signal.received', data: { name: 'answer', by: 'u1' } };
  const woken: EventBody = { type: 'run.queued', data: { reason: 'woken' } };
  const asleep = viewOf(story(queued, started(), output('asked\n'), waiting));
  assert.deepEqual(asleep.waiting, { for: 'answer', until: null, since: time(3) });
  const view = viewOf(
    story(queued, started(), output('asked\n'), waiting, signal, woken, started(), succeeded),
  );
  assert.equal(view.waiting, null);
  assert.equal(view.times.waitedMs, 2000);
  assert.ok(view.log.lines.every((line) => line.kind === 'event' || !line.lost));
});

test('phases follow one another; the run that fails fails its phase', () => {
  const phase = (name: string): EventBody => ({ type: 'progress', data: { phase: name } });
  const failed: EventBody = { type: 'run.failed', data: { error } };
  const view = viewOf(story(queued, started(), phase('Build'), phase('Verify'), phase('Build'), failed));
  assert.deepEqual(
    view.phases.map(({ name, state, rounds }) => [name, state, rounds]),
    [
      ['Build', 'failed', 2],
      ['Verify', 'done', 1],
    ],
  );
});

test('a cancel is on its way until the run has ended', () => {
  const cancelling: EventBody = { type: 'run.cancelling', data: { by: 'u1' } };
  const cancelled: EventBody = { type: 'run.cancelled', data: { by: 'u1' } };
  assert.equal(viewOf(story(queued, started(), cancelling)).cancelling?.by, 'u1');
  const view = viewOf(story(queued, started(), stepStarted(), cancelling, cancelled));
  assert.equal(view.cancelling, null);
  assert.partialDeepStrictEqual(
    view.timeline.entries.find((entry) => entry.kind === 'step'),
    { state: 'lost' },
  );
});

const recorded = (name: string, position: number, more: Partial<Step> = {}): Step => ({
  ...{
    name,
    ordinal: 0,
    position,
    kind: 'step',
    status: 'succeeded',
    output: null,
    error: null,
    attempts: 1,
  },
  ...{ childId: null, dueAt: null, startedAt: time(2), finishedAt: time(4), question: null, given: null },
  ...more,
});

test('recorded steps add what no event tells: positions, waits, and what a fork took over', () => {
  const view = viewOf(story(queued, started(), stepStarted(), output('x'), done));
  const entries = withSteps(view.timeline, [
    recorded('before', 0, { startedAt: time(-50), finishedAt: time(-40) }),
    recorded('run', 1),
    recorded('answer', 2, {
      kind: 'signal',
      status: 'waiting',
      startedAt: time(5),
      finishedAt: null,
      dueAt: time(90),
    }),
  ]);
  const shown = entries.flatMap((entry) =>
    entry.kind === 'step' ? [[entry.step, entry.position, entry.kept, entry.does, entry.state]] : [],
  );
  assert.deepEqual(shown, [
    ['before', 0, true, 'step', 'succeeded'],
    ['run', 1, false, 'step', 'succeeded'],
    ['answer', 2, false, 'signal', 'waiting'],
  ]);
});

test('100,000 lines in 20 MB fold to as many lines', () => {
  const line = `${'x'.repeat(199)}\n`;
  const view = createRunView({ id: runId });
  for (let seq = 1; seq <= 1000; seq += 1) {
    applyEvent(view, { runId, seq, at: time(0), ...output(line.repeat(100)) } as Event);
  }
  assert.equal(view.log.lines.length, 100_000);
});
