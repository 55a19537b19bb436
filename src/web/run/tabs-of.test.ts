import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tabsOf } from './tabs-of.ts';

const plain = { origin: null };
const quiet = { converses: false, hasState: false };
const speaking = { converses: true, hasState: false };

test('a run has a conversation when agents speak in it, and a diff when it goes back to another', () => {
  assert.deepEqual(tabsOf(plain, quiet), ['timeline', 'log', 'result', 'events']);
  const fork = { origin: { kind: 'fork' as const, runId: 'x' } };
  assert.deepEqual(tabsOf(fork, speaking), ['conversation', 'timeline', 'log', 'diff', 'result', 'events']);
});

test('tabs of a capability stand first, or after the one that they name, also when that one is not there', () => {
  const own = [{ name: 'work' }, { name: 'commits', after: 'diff' }, { name: 'facts' }] as const;
  assert.deepEqual(tabsOf(plain, quiet, own), [
    ...['work', 'facts', 'timeline', 'log', 'commits', 'result', 'events'],
  ]);
});

test('a tab of a capability takes the place of one of the house with its name', () => {
  const own = [{ name: 'diff', after: 'conversation' }] as const;
  const fork = { origin: { kind: 'fork' as const, runId: 'x' } };
  assert.deepEqual(tabsOf(fork, speaking, own), [
    'conversation',
    'diff',
    'timeline',
    'log',
    'result',
    'events',
  ]);
});

test('a run that tells of its state has a tab for it', () => {
  assert.deepEqual(tabsOf(plain, { converses: false, hasState: true }), [
    ...['timeline', 'log', 'result', 'state', 'events'],
  ]);
});
