import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sandboxDrivers } from './index.ts';
import { execute, openTrial, textFile } from './trial.ts';

/** What every sandbox driver must do, whatever it is built on. */
for (const [name, create] of Object.entries(sandboxDrivers)) {
  const trial = openTrial(create);
  const { run } = trial;
  const shell = (script: string) => ['sh', '-c', script];
  after(() => trial.close());

  test(`${name}: the probe says what is enforced, and nothing that is required is missing`, async () => {
    const capabilities = await trial.driver.probe();
    assert.equal(capabilities.driver, name);
    assert.equal(capabilities.seccomp, true);
    for (const what of ['memory', 'cpu', 'processes', 'disk', 'network'] as const)
      assert.notEqual(capabilities.enforcement[what], 'none', what);
  });

  test(`${name}: output of both streams and the exit code come back`, async () => {
    const result = await run({ argv: shell('echo out; echo err >&2; exit 3') });
    assert.deepEqual(result.exit, { kind: 'exited', code: 3 });
    assert.equal(result.stdout, 'out\n');
    assert.equal(result.stderr, 'err\n');
    assert.equal(result.truncated, false);
    assert.equal(result.warm, false);
    assert.ok(result.wallMs > 0);
  });

  test(`${name}: output keeps the order in which it was written, pausing in between`, async () => {
    const order: string[] = [];
    const sandbox = await trial.sandbox();
    await sandbox.exec({
      argv: shell('echo 1; sleep 0.1; echo 2 >&2; sleep 0.1; echo 3'),
      onOutput: (chunk) => order.push(`${chunk.stream} ${Buffer.from(chunk.data).toString().trim()}`),
    });
    await sandbox.destroy();
    assert.deepEqual(order, ['stdout 1', 'stderr 2', 'stdout 3']);
  });

  test(`${name}: standard input arrives, as bytes and as a stream, however large`, async () => {
    const text = 'x'.repeat(300_000);
    assert.equal(
      (await run({ argv: shell('cat | wc -c'), stdin: Buffer.from(text) })).stdout.trim(),
      '300000',
    );
    async function* stream() {
      for (let part = 0; part < 3; part += 1) yield Buffer.from(text);
    }
    assert.equal((await run({ argv: shell('wc -c'), stdin: stream() })).stdout.trim(), '900000');
    assert.equal((await run({ argv: shell('head -c 1 > /dev/null'), stdin: stream() })).exit.kind, 'exited');
    assert.equal((await run({ argv: ['cat'] })).stdout, '');
  });

  test(`${name}: programs open their streams by name`, async () => {
    const result = await run({
      argv: shell('cat /dev/stdin > /dev/stdout; echo two > /dev/stderr'),
      stdin: Buffer.from('one'),
    });
    assert.equal(result.stdout, 'one');
    assert.equal(result.stderr, 'two\n');
  });

  test(`${name}: the environment is what was asked for, with PATH and HOME`, async () => {
    const result = await run({ argv: ['env'], env: { GREETING: `it's "fine" $HOME\n;` } });
    assert.match(result.stdout, /^GREETING=it's "fine" \$HOME\n;$/m);
    const names = result.stdout.split('\n').flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
    assert.deepEqual(names.sort(), ['GREETING', 'HOME', 'PATH', 'PWD']);
    const path = await run({ argv: ['/bin/sh', '-c', 'echo $PATH'], env: { PATH: '/opt' } });
    assert.equal(path.stdout, '/opt\n');
  });

  test(`${name}: arguments arrive as they are`, async () => {
    const args = ['', ' a  b ', "'", '"', '$HOME', '`id`', '\\', '\n', 'é', '*', '-n'];
    const result = await run({
      argv: ['python3', '-c', 'import sys, json; print(json.dumps(sys.argv[1:]))', ...args],
    });
    assert.deepEqual(JSON.parse(result.stdout), args);
  });

  test(`${name}: files are there, executable where asked, and stay from one program to the next`, async () => {
    const sandbox = await trial.sandbox();
    await sandbox.put([
      textFile('src/deep/a.txt', 'one'),
      { ...textFile('tool', '#!/bin/sh\necho tool'), executable: true },
    ]);
    assert.equal(
      (await execute(sandbox, { argv: shell('cat src/deep/a.txt; ./tool; echo made > b') })).stdout,
      'onetool\n',
    );
    assert.equal((await execute(sandbox, { argv: ['cat', '../../b'], cwd: 'src/deep' })).stdout, 'made\n');
    await sandbox.destroy();
  });

  test(`${name}: a path that leaves the workspace or can't be a name is refused`, async () => {
    const sandbox = await trial.sandbox();
    for (const path of [
      '',
      '/etc/passwd',
      '../x',
      'a/../../x',
      'a//b',
      './a',
      'a\0b',
      'a\nb',
      'x'.repeat(256),
      `${'d/'.repeat(3_000)}x`,
    ]) {
      await assert.rejects(
        sandbox.put([textFile(path, '')]),
        { code: 'INPUT_INVALID' },
        JSON.stringify(path.slice(0, 20)),
      );
    }
    await assert.rejects(sandbox.exec({ argv: ['true'], cwd: '../..' }), { code: 'INPUT_INVALID' });
    await sandbox.destroy();
  });

  test(`${name}: put never follows a link that a program left`, async () => {
    const sandbox = await trial.sandbox();
    await sandbox.exec({ argv: shell('ln -s /etc/passwd file; ln -s /etc dir') });
    await sandbox.put([textFile('file', 'mine')]);
    await assert.rejects(sandbox.put([textFile('dir/passwd', 'x')]), { code: 'INPUT_INVALID' });
    assert.equal(
      (await execute(sandbox, { argv: shell('cat file; test -L file || echo real') })).stdout,
      'minereal\n',
    );
    await sandbox.destroy();
  });

  test(`${name}: files larger than the disk limit are refused`, async () => {
    const sandbox = await trial.sandbox({ diskBytes: 1024 * 1024 });
    await assert.rejects(sandbox.put([{ path: 'big', content: Buffer.alloc(2 * 1024 * 1024) }]), {
      code: 'INPUT_INVALID',
    });
    await sandbox.destroy();
  });

  test(`${name}: a program that isn't there ends with 127, one that can't be named is refused`, async () => {
    const result = await run({ argv: ['no-such-program'] });
    assert.deepEqual(result.exit, { kind: 'exited', code: 127 });
    assert.match(result.stderr, /not found/);
    await assert.rejects(run({ argv: [] }), { code: 'INPUT_INVALID' });
    for (const name of ['A-B', '1A', '', 'A B', 'OPTIND'])
      await assert.rejects(run({ argv: ['true'], env: { [name]: 'x' } }), { code: 'INPUT_INVALID' }, name);
    const odd = { IFS: '0 1', PS4: '$(id)', CDPATH: '/', ENV: '/x', LD_LIBRARY_PATH: '/x' };
    assert.deepEqual((await run({ argv: ['env'], env: odd })).exit, { kind: 'exited', code: 0 });
  });

  test(`${name}: a shell's own commands are the programs of that name`, async () => {
    assert.deepEqual((await run({ argv: ['exit', '3'] })).exit, { kind: 'exited', code: 127 });
    assert.equal((await run({ argv: ['echo', '-e', 'a'] })).stdout, 'a\n');
  });

  test(`${name}: a signal is named`, async () => {
    for (const [number, signal] of [
      [6, 'SIGABRT'],
      [9, 'SIGKILL'],
      [11, 'SIGSEGV'],
      [15, 'SIGTERM'],
    ] as const) {
      assert.deepEqual((await run({ argv: shell(`kill -${number} $$`) })).exit, {
        kind: 'signalled',
        signal,
      });
    }
  });

  test(`${name}: each limit ends the program and is named, and what was written before is kept`, async () => {
    const cases = [
      ['wall', 'echo kept; sleep 30', { wallMs: 200 }],
      ['cpu', 'echo kept; while :; do :; done', { cpuMs: 200 }],
      ['cpu', 'echo kept; (while :; do :; done) & while :; do :; done', { cpuMs: 300 }],
      ['disk', 'echo kept; cat /dev/zero > big', { diskBytes: 1024 * 1024 }],
      ['disk', 'echo kept; i=0; while :; do : > f$i || exit 1; i=$((i+1)); done', { inodes: 100 }],
      ['disk', 'echo kept; cat /dev/zero > big', { fileBytes: 64 * 1024 }],
      ['output', 'echo kept; cat /dev/zero', { outputBytes: 10_000 }],
    ] as const;
    for (const [limit, script, limits] of cases) {
      const result = await run({ argv: shell(script), limits });
      assert.equal(
        result.exit.kind === 'limit' && result.exit.limit,
        limit,
        `${limit}: ${JSON.stringify(result.exit)}`,
      );
      assert.match(result.stdout, /^kept\n/);
      assert.equal(result.truncated, limit === 'output');
    }
  });

  test(`${name}: output is cut at exactly its limit, both streams together`, async () => {
    const result = await run({ argv: shell('yes & yes >&2'), limits: { outputBytes: 12_345 } });
    assert.equal(result.stdout.length + result.stderr.length, 12_345);
    const whole = await run({ argv: shell('head -c 5000 /dev/zero'), limits: { outputBytes: 5_000 } });
    assert.equal(whole.truncated, false);
    assert.deepEqual(whole.exit, { kind: 'exited', code: 0 });
  });

  test(`${name}: a limit of one program may be stricter than the sandbox's, not laxer`, async () => {
    const sandbox = await trial.sandbox({ wallMs: 300 });
    const strict = await sandbox.exec({ argv: ['sleep', '20'], limits: { wallMs: 100 } });
    const lax = await sandbox.exec({ argv: ['sleep', '20'], limits: { wallMs: 60_000 } });
    assert.ok(strict.exit.kind === 'limit' && lax.exit.kind === 'limit');
    assert.ok(lax.wallMs < 10_000);
    await sandbox.destroy();
  });

  test(`${name}: cancelling ends the program, also when it was asked before`, async () => {
    const abort = new AbortController();
    const sandbox = await trial.sandbox();
    const result = await sandbox.exec({
      argv: shell('echo up; sleep 30'),
      signal: abort.signal,
      onOutput: () => abort.abort(),
    });
    assert.deepEqual(result.exit, { kind: 'cancelled' });
    assert.ok(result.wallMs < 5_000);
    assert.deepEqual((await sandbox.exec({ argv: ['true'], signal: AbortSignal.abort() })).exit, {
      kind: 'cancelled',
    });
    await sandbox.destroy();
  });

  test(`${name}: a background process neither holds the run up nor outlives it`, async () => {
    const result = await run({
      argv: shell('(while :; do echo tick >> ticks; sleep 0.01; done) & sleep 60 & echo done'),
    });
    assert.deepEqual(result.exit, { kind: 'exited', code: 0 });
    assert.equal(result.stdout, 'done\n');
    assert.ok(result.wallMs < 4_000);
  });

  test(`${name}: everything written up to the end is delivered`, async () => {
    const result = await run({ argv: shell('seq 1 50000') });
    assert.equal(result.stdout.split('\n').length, 50_001);
  });

  test(`${name}: one program at a time, and none after the end`, async () => {
    const sandbox = await trial.sandbox();
    const first = sandbox.exec({ argv: ['sleep', '30'], limits: { wallMs: 300 } });
    await assert.rejects(sandbox.exec({ argv: ['true'] }), { code: 'CONFLICT' });
    await assert.rejects(sandbox.put([textFile('a', 'a')]), { code: 'CONFLICT' });
    await first;
    await Promise.all([sandbox.destroy(), sandbox.destroy()]);
    await assert.rejects(sandbox.exec({ argv: ['true'] }), { code: 'SANDBOX_FAILED' });
  });

  test(`${name}: destroying a sandbox ends the program that runs in it`, async () => {
    const sandbox = await trial.sandbox();
    const running = sandbox.exec({ argv: ['sleep', '60'], limits: { wallMs: 60_000 } });
    await sandbox.destroy();
    assert.deepEqual((await running).exit, { kind: 'cancelled' });
  });

  test(`${name}: nothing of one sandbox is seen in the next`, async () => {
    for (let round = 0; round < 6; round += 1) {
      const result = await run({
        argv: shell(
          'ls -A . /tmp /dev/shm $HOME; mkdir -p a/b; echo secret > a/b/c; echo secret > /tmp/d; echo secret > .e',
        ),
      });
      assert.doesNotMatch(result.stdout, /[abcde]$/m);
    }
  });

  test(`${name}: many sandboxes work at once`, async () => {
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) => run({ argv: shell(`echo ${index}; id -u; ls`) })),
    );
    assert.deepEqual(
      results.map((result) => result.stdout),
      Array.from({ length: 12 }, (_, index) => `${index}\n1000\n`),
    );
  });

  test(`${name}: usage is measured`, async () => {
    const result = await run({
      argv: [
        'python3',
        '-c',
        'x = bytearray(50 << 20)\nimport time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass',
      ],
    });
    assert.ok(result.cpuMs > 150 && result.cpuMs < 2_000, String(result.cpuMs));
    assert.ok(result.peakMemoryBytes > 50 * 1024 * 1024, String(result.peakMemoryBytes));
  });
}
