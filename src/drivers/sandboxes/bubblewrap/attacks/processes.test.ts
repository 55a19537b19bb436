import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { SandboxCapabilities } from '../../../../resources/ports/sandbox.ts';
import { limitOf, openArena } from './arena.ts';

const MiB = 1024 * 1024;
const arena = openArena();
const { bash, python } = arena;
let capabilities: SandboxCapabilities;

before(async () => {
  capabilities = await arena.driver.probe();
});
after(() => arena.close());

/** Why a test of limits over all processes together can't run here. */
const withoutCgroup = (): string | false =>
  capabilities.enforcement.memory !== 'kernel' && 'needs a cgroup: limits are per process here';

test('01 fork bomb (python): EAGAIN at the limit, which counts the program itself', async (t) => {
  const skip = withoutCgroup();
  if (skip) return t.skip(skip);
  const result = await python(`
import os, time, sys
count = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60)
        count += 1
except BlockingIOError:
    print(count)
    sys.exit(1)
`);
  assert.equal(result.stdout, '63\n');
  assert.equal(limitOf(result), 'processes');
});

test('02 fork bomb (bash): held under the limit until time is up, then all of it is dead', async () => {
  const result = await bash(
    'bomb() { bomb | bomb & }; bomb; while :; do ls -d /proc/[0-9]* | wc -l; sleep 0.2 || :; done',
    { limits: { wallMs: 3_000 } },
  );
  assert.equal(limitOf(result), 'wall');
  const counts = result.stdout.split('\n').filter(Boolean).map(Number);
  assert.ok(
    counts.every((count) => count <= 66),
    `${Math.max(...counts)} processes at once`,
  );
});

test('03 memory bomb: killed for memory at 137, peak within the limit', async () => {
  const result = await python('blocks = []\nwhile True: blocks.append(bytearray(10 << 20))');
  if (capabilities.enforcement.memory !== 'kernel')
    return assert.notDeepEqual(result.exit, { kind: 'exited', code: 0 });
  assert.deepEqual(result.exit, { kind: 'limit', limit: 'memory', code: null, signal: 'SIGKILL' });
  assert.ok(result.peakMemoryBytes <= 256 * MiB);
});

test('04 memory bomb over 20 children of 50 MiB: all together stay within the limit', async (t) => {
  const skip = withoutCgroup();
  if (skip) return t.skip(skip);
  const result = await python(
    `
import os
children = []
for _ in range(20):
    pid = os.fork()
    if pid == 0:
        block = bytearray(50 << 20)
        block[::4096] = b'1' * len(block[::4096])
        import time; time.sleep(0.5); os._exit(0)
    children.append(pid)
killed = sum(1 for pid in children if os.waitpid(pid, 0)[1] != 0)
print(killed)
`,
    { limits: { wallMs: 60_000, cpuMs: 60_000 } },
  );
  assert.ok(result.peakMemoryBytes <= 256 * MiB);
  if (result.exit.kind === 'exited')
    assert.ok(Number(result.stdout) >= 10, `${result.stdout.trim()} were killed`);
  else assert.equal(limitOf(result), 'memory');
});

test('10 infinite loop: killed at its limit of time', async () => {
  const result = await bash('while :; do :; done', { limits: { wallMs: 2_000 } });
  assert.equal(limitOf(result), 'wall');
  assert.ok(result.wallMs >= 2_000);
});

test('11 ignores TERM, INT and HUP: killed at its limit of time all the same', async () => {
  assert.equal(
    limitOf(await bash("trap '' TERM INT HUP; while :; do sleep 1; done", { limits: { wallMs: 1_000 } })),
    'wall',
  );
});

test('12 daemons by double setsid: the run ends at once, without survivors', async () => {
  const result = await python(`
import os, time
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            for fd in (0, 1, 2): os.close(fd)
            while True: time.sleep(1)
        os._exit(0)
`);
  assert.deepEqual(result.exit, { kind: 'exited', code: 0 });
  assert.ok(result.wallMs < 4_000);
});

test('13 background process keeps stdout open: the run ends at once', async () => {
  const result = await bash('sleep 300 & echo done');
  assert.deepEqual(result.exit, { kind: 'exited', code: 0 });
  assert.equal(result.stdout, 'done\n');
  assert.ok(result.wallMs < 4_000);
});

test('14 zombies count as processes: EAGAIN', async (t) => {
  const skip = withoutCgroup();
  if (skip) return t.skip(skip);
  const result = await python(`
import os, sys
count = 0
try:
    while True:
        if os.fork() == 0: os._exit(0)
        count += 1
except BlockingIOError:
    print(count)
    sys.exit(1)
`);
  assert.equal(result.stdout, '63\n');
  assert.equal(limitOf(result), 'processes');
});

test('15 kill -9 -1: reaches its own sandbox only; a neighbour and the host live on', async () => {
  const neighbour = await arena.sandbox();
  const abort = new AbortController();
  let ready: () => void = () => {};
  const up = new Promise<void>((resolve) => (ready = resolve));
  const running = neighbour.exec({
    argv: ['sh', '-c', 'echo up; sleep 60'],
    signal: abort.signal,
    limits: { wallMs: 60_000 },
    onOutput: () => ready(),
  });
  await up;
  const attacker = await arena.sandbox();
  const result = await attacker.exec({ argv: ['bash', '-c', 'kill -9 -1; kill -9 -1; exit 7'] });
  assert.deepEqual(result.exit, { kind: 'exited', code: 7 });
  await attacker.destroy();
  abort.abort();
  assert.deepEqual((await running).exit, { kind: 'cancelled' }, 'the neighbour was still running');
  await neighbour.destroy();
});

test('16 kill of process 1, the parent and a process of the host: none is harmed', async () => {
  const result = await bash(
    `kill -9 1; kill -9 $PPID; kill -0 ${process.pid} 2>&1; kill -9 ${process.pid}; echo alive`,
  );
  assert.match(result.stdout, /No such process/);
  assert.match(result.stdout, /alive\n$/);
  assert.deepEqual(result.exit, { kind: 'exited', code: 0 });
});

test('44 lower oom_score_adj: permission denied', async () => {
  const result = await bash('echo -1000 > /proc/self/oom_score_adj');
  assert.match(result.stderr, /Permission denied/);
});

test('50 real-time scheduling and negative nice: denied', async () => {
  const result = await python(`
import os
for attempt in (lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)), lambda: os.nice(-5), lambda: os.setpriority(os.PRIO_PROCESS, 0, -20)):
    try:
        attempt(); print('allowed')
    except PermissionError:
        print('denied')
`);
  assert.equal(result.stdout, 'denied\ndenied\ndenied\n');
});

test('51 half a core, two processes: no more than their share in two seconds', async (t) => {
  const skip = withoutCgroup();
  if (skip) return t.skip(skip);
  const result = await bash('while :; do :; done & while :; do :; done', {
    limits: { wallMs: 2_000, cpus: 0.5 },
  });
  assert.equal(limitOf(result), 'wall');
  assert.ok(result.cpuMs <= 1_250, `${result.cpuMs} ms`);
});

test('53 System V shared memory: not visible on the host afterwards', async () => {
  const result = await python(`
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.shmget(0x6a6e7472, 4096, 0o1666) >= 0)
`);
  assert.equal(result.stdout, 'True\n');
  if (existsSync('/usr/bin/ipcs'))
    assert.ok(!execFileSync('/usr/bin/ipcs', ['-m']).toString().includes('6a6e7472'));
});

test('56 core dump: its limit stays 0, and no core file is written', async () => {
  const result = await bash('ulimit -c unlimited; ulimit -c; bash -c "kill -SEGV \\$\\$"; ls -A; exit 0');
  assert.match(result.stderr, /cannot modify limit|Operation not permitted/);
  assert.equal(result.stdout, '0\n');
});

test('57 raise rlimits: not allowed', async () => {
  const result = await python(`
import resource
for name in ('NOFILE', 'FSIZE', 'CPU', 'STACK', 'CORE'):
    limit = getattr(resource, 'RLIMIT_' + name)
    hard = resource.getrlimit(limit)[1]
    try:
        resource.setrlimit(limit, (hard + 1, hard + 1)); print(name, 'raised')
    except (ValueError, PermissionError):
        print(name, hard >= 0)
`);
  assert.equal(result.stdout, 'NOFILE True\nFSIZE True\nCPU True\nSTACK True\nCORE True\n');
});
