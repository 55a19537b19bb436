import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SandboxLimitName } from '../../resources/ports/sandbox.ts';
import { outcomeOf, outcomeWords } from './outcome.ts';
import type { Outcome } from './schema.ts';

test('the limit that ended a program is its outcome, whatever the exit code', () => {
  const expected: Record<SandboxLimitName, string> = {
    wall: 'timeout',
    cpu: 'cpu_limit',
    memory: 'memory_limit',
    output: 'output_limit',
    disk: 'disk_limit',
    processes: 'process_limit',
  };
  for (const limit of ['wall', 'cpu', 'memory', 'output', 'disk', 'processes'] as const) {
    assert.equal(outcomeOf({ kind: 'limit', limit, code: 0, signal: null }, ''), expected[limit]);
  }
});

test('exit 0 is ok, another code failed, a signal is a signal', () => {
  assert.equal(outcomeOf({ kind: 'exited', code: 0 }, ''), 'ok');
  assert.equal(outcomeOf({ kind: 'exited', code: 3 }, ''), 'failed');
  assert.equal(outcomeOf({ kind: 'signalled', signal: 'SIGSEGV' }, ''), 'signal');
  assert.equal(outcomeOf({ kind: 'signalled', signal: 'SIGXFSZ' }, ''), 'disk_limit');
  assert.equal(outcomeOf({ kind: 'signalled', signal: 'SIGXCPU' }, ''), 'cpu_limit');
});

test('a shell or runtime that gives up for want of processes has met the process limit', () => {
  const said = [
    'x.sh: fork: retry: Resource temporarily unavailable',
    '  File "x.py", line 4, in <module>\n    os.fork()\nBlockingIOError: [Errno 11] Resource temporarily unavailable',
    "RuntimeError: can't start new thread",
    'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory',
  ];
  for (const stderr of said)
    assert.equal(outcomeOf({ kind: 'exited', code: 1 }, stderr), 'process_limit', stderr);
  assert.equal(
    outcomeOf({ kind: 'exited', code: 1 }, 'BlockingIOError: Resource temporarily unavailable'),
    'failed',
  );
});

test('a runtime that gives up for want of memory has met the memory limit, unless its program ended well', () => {
  const said = 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space';
  assert.equal(outcomeOf({ kind: 'exited', code: 1 }, said, /OutOfMemoryError/), 'memory_limit');
  assert.equal(outcomeOf({ kind: 'signalled', signal: 'SIGABRT' }, said, /OutOfMemoryError/), 'memory_limit');
  assert.equal(outcomeOf({ kind: 'exited', code: 0 }, said, /OutOfMemoryError/), 'ok');
});

test('a list says in a few words what came of a program, and nothing of one that ended well', () => {
  const words = (outcome: Outcome, exitCode: number | null = null, signal: string | null = null) =>
    outcomeWords({ outcome, exitCode, signal });
  assert.equal(words('ok', 0), null);
  assert.equal(words('failed', 2), 'exit 2');
  assert.equal(words('signal', null, 'SIGSEGV'), 'SIGSEGV');
  assert.equal(words('memory_limit', 137), 'memory limit');
  assert.equal(words('compile_failed', 1), 'compile failed');
});
