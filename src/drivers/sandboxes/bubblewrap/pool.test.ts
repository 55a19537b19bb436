import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxBoot } from '../../../resources/ports/sandbox.ts';
import { execute, openTrial, textFile, trialLimits } from '../trial.ts';
import { createBubblewrapDriver } from './driver.ts';

const bootScript = `
import os, sys
os.write(4, b'.')
os.close(4)
code = b''
while True:
    part = os.read(3, 65536)
    if not part: break
    code += part
os.close(3)
exec(compile(code, 'main.py', 'exec'))
`;

const boot: SandboxBoot = {
  key: 'python',
  argv: ['python3', '-c', bootScript],
  env: { GREETING: 'booted' },
  mounts: [],
  limits: trialLimits,
};

const trial = openTrial(createBubblewrapDriver);
const { driver } = trial;

/** Waits until `count` sandboxes are parked. */
async function parked(count: number): Promise<void> {
  for (let round = 0; driver.stats().parked !== count; round += 1) {
    assert.ok(round < 1_000, `${driver.stats().parked} parked instead of ${count}`);
    await delay(10);
  }
}

async function runWarm(
  code: string,
  request: { stdin?: Uint8Array; limits?: Partial<typeof trialLimits> } = {},
) {
  const sandbox = await trial.sandbox(request.limits, 'python');
  try {
    await sandbox.put([textFile('main.py', code)]);
    const stdin = request.stdin === undefined ? {} : { stdin: request.stdin };
    return await execute(sandbox, { argv: ['python3', 'main.py'], payload: Buffer.from(code), ...stdin });
  } finally {
    await sandbox.destroy();
  }
}

before(() => driver.prewarm(boot, 2));
after(() => trial.close());

test('a parked interpreter runs the payload, with the files, input and environment of its sandbox', async () => {
  await parked(2);
  const result = await runWarm(
    "import os, sys; print(os.environ['GREETING'], sys.stdin.read(), len(open('main.py').read()) > 0)",
    { stdin: Buffer.from('input') },
  );
  assert.equal(result.stderr, '');
  assert.equal(result.stdout, 'booted input True\n');
  assert.equal(result.warm, true);
  assert.deepEqual(result.exit, { kind: 'exited', code: 0 });
});

test('a parked sandbox serves once, another takes its place', async () => {
  await parked(2);
  const before = driver.stats();
  for (let round = 0; round < 5; round += 1) {
    await parked(2);
    const result = await runWarm(
      "import os; print(sorted(os.listdir('.')), os.path.exists('/tmp/mark')); open('/tmp/mark', 'w'); open('mark', 'w')",
    );
    assert.equal(result.stdout, "['main.py'] False\n");
  }
  const stats = driver.stats();
  assert.equal(stats.warmHits - before.warmHits, 5);
  assert.equal(stats.started - before.started, 5);
});

test('with none parked a program starts cold, and says so', async () => {
  await parked(2);
  const before = driver.stats().warmMisses;
  const results = await Promise.all(Array.from({ length: 6 }, () => runWarm('print(1)')));
  assert.ok(results.every((result) => result.stdout === '1\n'));
  const cold = results.filter((result) => !result.warm).length;
  assert.ok(cold >= 1);
  assert.equal(driver.stats().warmMisses - before, cold);
});

test('the limits of the cgroup are those of the program, not those it was parked with', async (t) => {
  if ((await driver.probe()).enforcement.memory !== 'kernel') return t.skip('needs a cgroup');
  await parked(2);
  const result = await runWarm("x = bytearray(100 << 20); print('no')", {
    limits: { memoryBytes: 48 << 20 },
  });
  assert.equal(result.warm, true);
  assert.equal(result.exit.kind === 'limit' && result.exit.limit, 'memory');
  await parked(2);
  const more = await runWarm("x = bytearray(300 << 20); x[::4096] = b'1' * len(x[::4096]); print('yes')", {
    limits: { memoryBytes: 512 << 20 },
  });
  assert.equal(more.warm, true);
  assert.equal(more.stdout, 'yes\n');
});

test('a limit that a running process can no longer take on makes it start cold', async () => {
  for (const limits of [
    { openFiles: 32 },
    { fileBytes: 4_096 },
    { stackBytes: 1 << 20 },
    { cpuMs: 20_000 },
  ]) {
    await parked(2);
    const result = await runWarm('import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])', {
      limits,
    });
    assert.equal(result.warm, false, JSON.stringify(limits));
    assert.equal(result.stdout, `${limits.openFiles ?? trialLimits.openFiles}\n`);
  }
});

test('time and processor time count from the payload on', async () => {
  await parked(2);
  await delay(300);
  const result = await runWarm('print(1)', { limits: { wallMs: 250, cpuMs: 2_000 } });
  assert.equal(result.warm, true);
  assert.deepEqual(result.exit, { kind: 'exited', code: 0 });
  assert.ok(result.wallMs < 250);
  await parked(2);
  const busy = await runWarm('while True: pass', { limits: { cpuMs: 150 } });
  assert.equal(busy.exit.kind === 'limit' && busy.exit.limit, 'cpu');
  await parked(2);
  const slow = await runWarm('import time; time.sleep(60)', { limits: { wallMs: 200 } });
  assert.equal(slow.exit.kind === 'limit' && slow.exit.limit, 'wall');
});

test('a sandbox with an interpreter runs other programs as well, before and after', async () => {
  await parked(2);
  const sandbox = await trial.sandbox({}, 'python');
  const first = await execute(sandbox, { argv: ['sh', '-c', 'echo compiled > out; echo first'] });
  assert.equal(first.warm, false);
  assert.equal(
    (await execute(sandbox, { argv: ['cat', 'out'], payload: Buffer.from('print("not me")') })).stdout,
    'compiled\n',
  );
  await sandbox.destroy();
});

test('an interpreter that dies while parked is replaced', async () => {
  await driver.prewarm(
    {
      ...boot,
      key: 'mortal',
      argv: [
        'python3',
        '-c',
        `${bootScript.replace("code = b''", "code = b''\nimport signal; signal.alarm(1)")}`,
      ],
    },
    1,
  );
  await parked(3);
  await parked(2);
  await parked(3);
  await driver.prewarm({ ...boot, key: 'mortal' }, 0);
  await parked(2);
});

test('prewarming no more of them drops those that are parked', async () => {
  await driver.prewarm(boot, 0);
  await parked(0);
  assert.equal((await runWarm('print(1)')).warm, false);
});
