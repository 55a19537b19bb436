import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventBody } from '../../contract/event.ts';
import { applyEvent, createRunView } from '../../contract/run-view.ts';
import { beamStops } from './beam-stops.ts';

const begun = Date.parse('2026-11-21T10:00:00.000Z');
type Progress = Extract<EventBody, { type: 'progress' }>['data'];

/** The stops of a run that said these, ten seconds apart. */
function stopsOf(...said: readonly Progress[]) {
  const view = createRunView({ id: '0198c1b2-0000-7000-8000-000000000001' });
  const bodies: EventBody[] = [
    { type: 'run.started', data: { worker: 'w', attempt: 1 } },
    ...said.map((data): EventBody => ({ type: 'progress', data })),
  ];
  for (const [index, body] of bodies.entries()) {
    const at = new Date(begun + index * 10_000).toISOString();
    applyEvent(view, { runId: view.runId, seq: index + 1, at, ...body } as Event);
  }
  return beamStops({ status: 'running', asks: null }, view);
}

test('phases that have not begun are idle, and took nothing', () => {
  const [prepare, build] = stopsOf({ phase: 'Prepare', coming: ['Build'] });
  assert.partialDeepStrictEqual(prepare, { state: 'active', tookMs: 0 });
  assert.partialDeepStrictEqual(build, { state: 'idle', tookMs: null, since: null, again: false });
});

test('while what did not pass is written again, both phases show: at work, and failed with the retry', () => {
  const message = 'Step 2 of 3: retry 1 of 3';
  const [build, verify, publish] = stopsOf(
    { phase: 'Build', coming: ['Verify', 'Publish'] },
    { phase: 'Verify' },
    { phase: 'Verify', failed: true, message },
    { phase: 'Build' },
  );
  assert.partialDeepStrictEqual(build, { state: 'active', rounds: 2, tookMs: 10_000 });
  assert.partialDeepStrictEqual(verify, { state: 'failed', message, tookMs: 10_000, since: null });
  assert.partialDeepStrictEqual(publish, { state: 'idle' });
});

test('a phase that passed comes again while the run is back before it', () => {
  const back = [{ phase: 'Build', coming: ['Verify'] }, { phase: 'Verify' }, { phase: 'Build' }];
  assert.partialDeepStrictEqual(stopsOf(...back)[1], { state: 'idle', again: true, tookMs: 10_000 });
  const [build, verify] = stopsOf(...back, { phase: 'Verify' });
  assert.partialDeepStrictEqual(build, { state: 'done', again: false });
  assert.partialDeepStrictEqual(verify, { state: 'active', again: false });
});
