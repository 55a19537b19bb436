import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { limitOf, openArena } from './arena.ts';

const MiB = 1024 * 1024;
const arena = openArena({ cgroups: false });
const { python, bash } = arena;

after(() => arena.close());

test('without cgroups the probe says that memory is limited per process', async () => {
  const { enforcement, gaps } = await arena.driver.probe();
  assert.equal(enforcement.memory, 'per-process');
  assert.equal(enforcement.cpu, 'per-process');
  assert.match(gaps.map((gap) => gap.what).join(), /cgroup/);
});

test('R1 fork bomb with 64 processes: stopped by the kernel before that', async () => {
  const result = await python(`
import os, time, sys
count = 0
try:
    while True:
        if os.fork() == 0: time.sleep(60)
        count += 1
except BlockingIOError:
    print(count)
    sys.exit(1)
`);
  assert.ok(Number(result.stdout) >= 50 && Number(result.stdout) <= 64, result.stdout);
});

test('R2 one process over its address space: MemoryError', async () => {
  const result = await python('x = bytearray(2 << 30)', { limits: { memoryBytes: 1024 * MiB } });
  assert.match(result.stderr, /MemoryError/);
});

test('R3 six children of 300 MB together: not bounded by the kernel, killed when seen', async () => {
  const result = await python(
    `
import os, time
for _ in range(6):
    if os.fork() == 0:
        block = bytearray(60 << 20)
        block[::4096] = b'1' * len(block[::4096])
        time.sleep(60)
time.sleep(60)
`,
    { limits: { memoryBytes: 128 * MiB, wallMs: 20_000 } },
  );
  assert.equal(limitOf(result), 'memory');
});

test('R4 processor time: killed, whether one process uses it or several', async () => {
  assert.equal(limitOf(await bash('while :; do :; done', { limits: { cpuMs: 1_000 } })), 'cpu');
  assert.equal(
    limitOf(
      await bash('for i in 1 2 3; do (while :; do :; done) & done; wait', {
        limits: { cpuMs: 1_000, wallMs: 20_000 },
      }),
    ),
    'cpu',
  );
});

test('runtimes that reserve much address space start all the same', async (t) => {
  const result = await arena.attack({
    argv: ['node', '-e', 'console.log(1)'],
    reservesAddressSpace: true,
    limits: { memoryBytes: 256 * MiB },
  });
  if (result.exit.kind === 'exited' && result.exit.code === 127)
    return t.skip('Node is not installed under /usr');
  assert.equal(result.stdout, '1\n', result.stderr);
});
