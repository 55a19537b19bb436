import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addPhase, endPhases, type Phase } from './run-phases.ts';

const begun = Date.parse('2026-11-21T10:00:00.000Z');
const time = (seconds: number) => new Date(begun + seconds * 1000).toISOString();
type Said = Parameters<typeof addPhase>[1];

/** What was said, ten seconds apart. */
function phasesOf(...said: readonly Said[]): Phase[] {
  const phases: Phase[] = [];
  for (const [index, each] of said.entries()) addPhase(phases, each, time(index * 10));
  return phases;
}

const states = (phases: readonly Phase[]) => phases.map(({ name, state }) => `${name} ${state}`);

test('phases that are coming stand on the beam in their order before they begin', () => {
  const phases = phasesOf({ phase: 'Prepare', coming: ['Goal', 'Build', 'Publish'] }, { phase: 'Goal' });
  assert.deepEqual(states(phases), ['Prepare done', 'Goal active', 'Build coming', 'Publish coming']);
  assert.partialDeepStrictEqual(phases[1], { startedAt: time(10), since: time(10), rounds: 1 });
  assert.partialDeepStrictEqual(phases[2], { rounds: 0, workedMs: 0, since: null });
});

test('where a story has named its phases, what else is under way is said of the one that is active', () => {
  const phases = phasesOf(
    { phase: 'Prepare', coming: ['Build'] },
    { phase: 'Install', message: '3 packages' },
    { phase: 'Build', coming: ['Build', 'Publish'] },
  );
  assert.deepEqual(states(phases), ['Prepare done', 'Build active', 'Publish coming']);
  assert.equal(phases[0]?.message, 'Install: 3 packages');
});

test('a phase that failed stays failed while the story is back at an earlier one, until it begins again', () => {
  const phases = phasesOf(
    { phase: 'Build', coming: ['Verify'] },
    { phase: 'Verify' },
    { phase: 'Verify', failed: true, message: 'Step 2 of 3: retry 1 of 3' },
    { phase: 'Build' },
  );
  assert.deepEqual(states(phases), ['Build active', 'Verify failed']);
  assert.equal(phases[1]?.message, 'Step 2 of 3: retry 1 of 3');
  addPhase(phases, { phase: 'Verify' }, time(40));
  assert.deepEqual(states(phases), ['Build done', 'Verify active']);
  assert.partialDeepStrictEqual(phases[1], { message: undefined, rounds: 2 });
});

test('a phase that fails at once was there', () => {
  const phases = phasesOf({ phase: 'Build' }, { phase: 'Verify', failed: true, message: 'No tests' });
  assert.deepEqual(states(phases), ['Build done', 'Verify failed']);
});

test('what a phase took is the sum of its rounds, without what happened between them', () => {
  const phases = phasesOf(
    { phase: 'Build' },
    { phase: 'Verify' },
    { phase: 'Verify', message: 'still' },
    { phase: 'Build' },
    { phase: 'Verify' },
  );
  assert.deepEqual(
    phases.map(({ name, workedMs, since }) => [name, workedMs, since]),
    [
      ['Build', 20_000, null],
      ['Verify', 20_000, time(40)],
    ],
  );
});

test('the end of the run ends what is at work and begins nothing', () => {
  const ends = (status: Parameters<typeof endPhases>[1]) => {
    const phases = phasesOf({ phase: 'Prepare', coming: ['Build', 'Publish'] }, { phase: 'Build' });
    endPhases(phases, status, time(15));
    assert.partialDeepStrictEqual(phases[1], { workedMs: 5000, endedAt: time(15), since: null });
    return states(phases).slice(1);
  };
  assert.deepEqual(ends('succeeded'), ['Build done', 'Publish coming']);
  assert.deepEqual(ends('cancelled'), ['Build stopped', 'Publish coming']);
  assert.deepEqual(ends('dead'), ['Build failed', 'Publish coming']);
});
