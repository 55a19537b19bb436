import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { after, test } from 'node:test';
import { outputDirectory, type UsageSample } from '../../resources/ports/sandbox.ts';
import { sandboxDrivers } from './index.ts';
import { collectAll, execute, openTrial } from './trial.ts';

/** What every sandbox driver must do about files that a program leaves, terminals, and figures while it runs. */
for (const [name, create] of Object.entries(sandboxDrivers)) {
  const trial = openTrial(create);
  const { run } = trial;
  const shell = (script: string) => ['sh', '-c', script];
  after(() => trial.close());

  const generous = { files: 1000, fileBytes: 64 * 1024 * 1024, bytes: 64 * 1024 * 1024 };
  const collected = async (script: string, limits = generous) => {
    const sandbox = await trial.sandbox();
    try {
      await execute(sandbox, { argv: ['bash', '-c', script] });
      const { files, skipped, more } = await collectAll(sandbox, limits);
      const texts = [...files].map(([name, content]) => [name, content.toString()]);
      return { files: Object.fromEntries(texts), skipped, more };
    } finally {
      await sandbox.destroy();
    }
  };

  test(`${name}: what a program leaves in the output directory is handed over by name, and nothing else`, async () => {
    const { files, skipped } = await collected(
      `cd ${outputDirectory}; echo not > /workspace/this; mkdir -p b/c; printf two > b/c/é.txt; printf one > a; : > empty; mkdir none`,
    );
    assert.deepEqual(files, { a: 'one', 'b/c/é.txt': 'two', empty: '' });
    assert.deepEqual(skipped, []);
    assert.deepEqual(await collected('true'), { files: {}, skipped: [], more: 0 });
  });

  test(`${name}: the limits of what is collected hold, and what was left out is said`, async () => {
    const script = `cd ${outputDirectory}; for i in 1 2 3 4 5; do head -c 1000 /dev/zero > f$i; done; head -c 3000 /dev/zero > big`;
    const few = await collected(script, { ...generous, files: 2 });
    assert.deepEqual(Object.keys(few.files), ['big', 'f1']);
    assert.deepEqual(
      few.skipped,
      ['f2', 'f3', 'f4', 'f5'].map((name) => ({ name, reason: 'too_many' })),
    );
    const small = await collected(script, { ...generous, fileBytes: 1000, bytes: 2500 });
    assert.deepEqual(Object.keys(small.files), ['f1', 'f2']);
    assert.deepEqual(small.skipped, [
      { name: 'big', reason: 'too_large' },
      ...['f3', 'f4', 'f5'].map((name) => ({ name, reason: 'too_large_together' })),
    ]);
  });

  test(`${name}: output files share the disk limit of the workspace, and a full disk is named`, async () => {
    const result = await run({
      argv: shell(`head -c 3000000 /dev/zero > half; cat /dev/zero > ${outputDirectory}/rest`),
      limits: { diskBytes: 4 * 1024 * 1024 },
    });
    assert.equal(result.exit.kind === 'limit' && result.exit.limit, 'disk');
  });

  test(`${name}: nothing of one sandbox's output is left for the next, and none is collected while a program runs`, async () => {
    const sandbox = await trial.sandbox();
    const first = sandbox.exec({ argv: ['sleep', '30'], limits: { wallMs: 300 } });
    await assert.rejects(collectAll(sandbox, generous), { code: 'CONFLICT' });
    await first;
    await sandbox.destroy();
    await assert.rejects(collectAll(sandbox, generous), { code: 'SANDBOX_FAILED' });
    for (let round = 0; round < 6; round += 1) {
      const { files } = await collected(
        `ls -A ${outputDirectory}; mkdir -p ${outputDirectory}/d; echo x > ${outputDirectory}/d/n${round}`,
      );
      assert.deepEqual(Object.keys(files), [`d/n${round}`]);
    }
  });

  test(`${name}: on a terminal prompts come unbuffered, lines are edited, and both streams are one`, async () => {
    const input = pipeOfText();
    const result = await execute(await sandboxOf(), {
      argv: [
        'python3',
        '-c',
        'import sys; print("tty", all(map(lambda f: f.isatty(), (sys.stdin, sys.stdout, sys.stderr)))); print("x", file=sys.stderr); n = input("name? "); print("hello", n)',
      ],
      terminal: { rows: 30, cols: 90 },
      stdin: input.stream,
      onOutput: ({ data }) => {
        if (Buffer.from(data).includes('name? ')) input.push('Adx\x7fa\r');
      },
    });
    input.end();
    assert.deepEqual(result.exit, { kind: 'exited', code: 0 });
    assert.match(result.stdout, /tty True\r\nx\r\nname\? /);
    assert.match(result.stdout, /hello Ada\r\n$/);
    assert.equal(result.stderr, '');
  });

  test(`${name}: a terminal has the size that was asked for, and tells the program of a new one`, async () => {
    const input = pipeOfText();
    const sandbox = await sandboxOf();
    const result = await execute(sandbox, {
      argv: [
        'bash',
        '-c',
        'stty size; trap "stty size; exit 7" WINCH; echo ready; while :; do sleep 0.05; done',
      ],
      terminal: { rows: 30, cols: 90 },
      stdin: input.stream,
      onOutput: ({ data }) => {
        if (Buffer.from(data).includes('ready')) sandbox.resize({ rows: 11, cols: 22 });
      },
    });
    input.end();
    assert.deepEqual(result.exit, { kind: 'exited', code: 7 });
    assert.match(result.stdout, /^30 90\r\nready\r\n11 22\r\n$/);
  });

  test(`${name}: Ctrl-C on a terminal and an interrupt without one end the program as a signal does`, async () => {
    const input = pipeOfText();
    const typed = await execute(await sandboxOf(), {
      argv: ['bash', '-c', 'echo ready; sleep 30; echo no'],
      terminal: { rows: 30, cols: 90 },
      stdin: input.stream,
      onOutput: ({ data }) => {
        if (Buffer.from(data).includes('ready')) input.push('\x03');
      },
    });
    input.end();
    assert.doesNotMatch(typed.stdout, /no/);
    assert.deepEqual(typed.exit, { kind: 'signalled', signal: 'SIGINT' });
    const sandbox = await sandboxOf();
    sandbox.interrupt();
    const sent = await execute(sandbox, {
      argv: ['python3', '-u', '-c', 'print("ready"); import time; time.sleep(30)'],
      onOutput: ({ data }) => {
        if (Buffer.from(data).includes('ready')) sandbox.interrupt();
      },
    });
    assert.match(sent.stderr, /KeyboardInterrupt/);
    assert.notEqual(sent.exit.kind, 'limit');
  });

  test(`${name}: a program on a terminal is held by the same limits, and leaves nothing`, async () => {
    const sandbox = await sandboxOf();
    const wall = await sandbox.exec({
      argv: ['sleep', '30'],
      terminal: { rows: 2, cols: 2 },
      limits: { wallMs: 300 },
    });
    assert.equal(wall.exit.kind === 'limit' && wall.exit.limit, 'wall');
    const output = await sandbox.exec({
      argv: ['yes'],
      terminal: { rows: 2, cols: 2 },
      limits: { outputBytes: 5000 },
    });
    assert.equal(output.exit.kind === 'limit' && output.exit.limit, 'output');
    assert.equal((await execute(sandbox, { argv: ['tty'] })).stdout, 'not a tty\n');
  });

  test(`${name}: what a program uses is told while it runs`, async () => {
    const samples: UsageSample[] = [];
    const sandbox = await sandboxOf();
    await sandbox.exec({
      argv: [
        'python3',
        '-c',
        'x = bytearray(60 << 20)\nimport time\nend = time.time() + 1.8\nwhile time.time() < end: pass',
      ],
      onUsage: (sample) => samples.push(sample),
    });
    assert.ok(samples.length >= 1 && samples.length <= 4, String(samples.length));
    const last = samples.at(-1);
    assert.ok(
      last && last.cpuMs > 100 && last.memoryBytes > 50e6 && last.peakMemoryBytes >= last.memoryBytes,
    );
    const quick: UsageSample[] = [];
    await sandbox.exec({ argv: ['true'], onUsage: (sample) => quick.push(sample) });
    assert.deepEqual(quick, []);
  });

  async function sandboxOf() {
    const sandbox = await trial.sandbox();
    after(() => sandbox.destroy());
    return sandbox;
  }
}

/** A stream that is written to while it is read. */
function pipeOfText() {
  const stream = new PassThrough();
  return { stream, push: (text: string) => void stream.write(text), end: () => void stream.end() };
}
