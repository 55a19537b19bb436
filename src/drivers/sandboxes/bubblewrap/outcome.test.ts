import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitOf, type Facts } from './outcome.ts';

const plain: Facts = {
  ending: { code: 0, signal: null },
  killedFor: undefined,
  oomKills: 0,
  processHits: 0,
  diskFull: () => false,
};
const ended = (code: number, facts: Partial<Facts> = {}) =>
  exitOf({ ...plain, ending: { code, signal: null }, ...facts });

test('a code of 128 and more is the signal that a shell would mean by it', () => {
  assert.deepEqual(ended(0), { kind: 'exited', code: 0 });
  assert.deepEqual(ended(128), { kind: 'exited', code: 128 });
  assert.deepEqual(ended(134), { kind: 'signalled', signal: 'SIGABRT' });
  assert.deepEqual(ended(137), { kind: 'signalled', signal: 'SIGKILL' });
  assert.deepEqual(ended(255), { kind: 'exited', code: 255 });
});

test('what the host killed it for comes before what the kernel counted', () => {
  const facts = { killedFor: 'wall', oomKills: 1, processHits: 1, diskFull: () => true } as const;
  assert.deepEqual(ended(137, facts), { kind: 'limit', limit: 'wall', code: null, signal: 'SIGKILL' });
  assert.deepEqual(ended(137, { ...facts, killedFor: 'cancelled' }), { kind: 'cancelled' });
});

test('a program that ended well was not ended by a limit that one of its children met', () => {
  const facts = { oomKills: 3, processHits: 3, diskFull: () => true };
  assert.deepEqual(ended(0, facts), { kind: 'exited', code: 0 });
});

test('a program that failed was ended by the limit that was met', () => {
  const limit = (code: number, facts: Partial<Facts> = {}) => {
    const exit = ended(code, facts);
    return exit.kind === 'limit' ? exit.limit : undefined;
  };
  assert.equal(limit(1), undefined);
  assert.equal(limit(1, { oomKills: 1, processHits: 1 }), 'memory');
  assert.equal(limit(1, { processHits: 1, diskFull: () => true }), 'processes');
  assert.equal(limit(1, { diskFull: () => true }), 'disk');
  assert.equal(limit(152), 'cpu', 'SIGXCPU');
  assert.equal(limit(153), 'disk', 'SIGXFSZ');
});
