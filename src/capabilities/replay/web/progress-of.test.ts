import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../../contract/event.ts';
import { progressOf } from './progress-of.ts';

const at = { runId: 'r', at: '2026-11-21T12:00:00Z' };

test('the last word about the progress counts', () => {
  const events: Event[] = [
    { ...at, seq: 1, type: 'progress', data: { phase: 'Starting', message: '3 of 12' } },
    { ...at, seq: 2, type: 'progress', data: { phase: 'Paused', message: '5 of 12' } },
    { ...at, seq: 3, type: 'run.waiting', data: { for: 'control', until: null } },
  ];
  assert.deepEqual(progressOf(events), { phase: 'paused', message: '5 of 12', done: 5, total: 12 });
  assert.equal(progressOf([]), undefined);
});
