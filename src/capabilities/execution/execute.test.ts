import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../test/support/until.ts';
import { asSystem, finished } from '../../../test/support/with-kernel.ts';
import { withExecutions } from '../../../test/support/executions.ts';
import type { Event } from '../../contract/event.ts';
import type { ExecutionInput } from './schema.ts';

const MiB = 1_048_576;

function python(content: string, more: Partial<ExecutionInput> = {}): ExecutionInput {
  return { language: 'python', files: [{ name: 'main.py', content }], ...more };
}

/** What was written, by turns: however many pieces a write came in. */
function outputOf(events: readonly Event[]): string[] {
  const turns: { from: string; text: string }[] = [];
  for (const event of events) {
    if (event.type !== 'output') continue;
    const from = `${event.data.stage ?? 'run'} ${event.data.stream}`;
    const last = turns.at(-1);
    if (last?.from === from) last.text += event.data.text;
    else turns.push({ from, text: event.data.text });
  }
  return turns.map(({ from, text }) => `${from} ${text}`);
}

test('each limit that a program meets is its outcome, and what it wrote before is kept', async (t) => {
  await withExecutions({}, async ({ output, installed }) => {
    const started = 'print("before")\n';
    const cases = {
      timeout: python(`${started}import time\ntime.sleep(60)`, { limits: { wallMs: 300 } }),
      cpu_limit: python(`${started}while True: pass`, { limits: { cpuMs: 200 } }),
      memory_limit: python(`${started}x = bytearray(200 * 1024 * 1024)`, {
        limits: { memoryBytes: 64 * MiB },
      }),
      disk_limit: python(
        `${started}import os\nfor i in range(20): open(f"f{i}", "wb").write(bytes(1024 * 1024))`,
        { limits: { diskBytes: 4 * MiB } },
      ),
      process_limit: python(
        `${started}import os, time\nfor i in range(30):\n  if os.fork() == 0: time.sleep(5); os._exit(0)`,
        { limits: { processes: 8 } },
      ),
      signal: python(`${started}import os\nos.kill(os.getpid(), 11)`),
      failed: python(`${started}raise SystemExit(3)`),
    };
    for (const [outcome, input] of Object.entries(cases)) {
      await t.test(outcome, async () => {
        const result = await output(input);
        assert.deepEqual(
          [result.outcome, result.stdout, result.truncated],
          [outcome, 'before\n', false],
          JSON.stringify(result),
        );
        if (outcome === 'signal') assert.deepEqual([result.exitCode, result.signal], [null, 'SIGSEGV']);
        if (outcome === 'failed') assert.deepEqual([result.exitCode, result.signal], [3, null]);
      });
    }
    await t.test('a file larger than fileBytes', async () => {
      const result = await output(
        python('open("f", "wb").write(bytes(3 * 1024 * 1024))', { limits: { fileBytes: MiB } }),
      );
      assert.equal(result.outcome, 'disk_limit', JSON.stringify(result));
    });
    await t.test('a JVM that runs out of its own heap', async (t) => {
      const content =
        'import java.util.*; public class Main { public static void main(String[] a) { List<int[]> l = new ArrayList<>(); while (true) l.add(new int[1 << 20]); } }';
      if (!installed.has('java')) return t.skip('Java is not installed on this machine');
      const result = await output({ language: 'java', files: [{ name: 'Main.java', content }] });
      return assert.equal(result.outcome, 'memory_limit', JSON.stringify(result));
    });
    await t.test('a Node that runs out of its own heap', async () => {
      const content = 'console.log("before"); const all = []; for (;;) all.push(new Array(1e5).fill({}))';
      const result = await output({
        language: 'javascript',
        files: [{ name: 'a.js', content }],
        limits: { memoryBytes: 96 * MiB },
      });
      assert.deepEqual([result.outcome, result.stdout], ['memory_limit', 'before\n'], JSON.stringify(result));
    });
  });
});

test('a flood of output is cut at the limit and says so', async () => {
  await withExecutions({}, async ({ output }) => {
    const flood = await output(python('while True: print("x" * 1000)', { limits: { outputBytes: 100_000 } }));
    assert.deepEqual(
      [flood.outcome, flood.truncated, flood.stdout.length + flood.stderr.length],
      ['output_limit', true, 100_000],
    );
    const whole = await output(
      python('import sys\nfor i in range(1024): sys.stdout.write("y" * 1023 + "\\n")'),
    );
    assert.deepEqual([whole.outcome, whole.truncated, whole.stdout.length], ['ok', false, MiB]);
  });
});

test('followers see output while the program runs, both streams in order, and the same text is in the result', async () => {
  await withExecutions({}, async ({ kernel }) => {
    const content =
      'import sys, time\nfor i in range(3):\n  print(f"out {i}", flush=True); time.sleep(.05)\n  print(f"err {i}", file=sys.stderr, flush=True); time.sleep(.05)\nsys.stdin.readline()\nprint("end")';
    const { run } = await kernel.start({ ...asSystem, capability: 'execution', input: python(content) });
    const seen: Event[] = [];
    for await (const event of kernel.follow(run.id, 0, AbortSignal.timeout(20_000))) seen.push(event);
    const lines = outputOf(seen).join('').split('\n').filter(Boolean);
    assert.deepEqual(lines, [
      'run stdout out 0',
      'run stderr err 0',
      'run stdout out 1',
      'run stderr err 1',
      'run stdout out 2',
      'run stderr err 2',
      'run stdout end',
    ]);
    const firstOutput = seen.findIndex((event) => event.type === 'output');
    const stepEnd = seen.findIndex((event) => event.type === 'step.succeeded');
    assert.ok(
      firstOutput >= 0 &&
        Date.parse(seen[stepEnd]?.at ?? '') - Date.parse(seen[firstOutput]?.at ?? '') >= 200,
    );
    const { output, usage } = await kernel.get(run.id);
    assert.partialDeepStrictEqual(output, {
      stdout: 'out 0\nout 1\nout 2\nend\n',
      stderr: 'err 0\nerr 1\nerr 2\n',
      language: 'python',
      compile: null,
      files: [],
      skipped: [],
      skippedMore: 0,
    });
    assert.ok(
      (usage.wallMs ?? 0) > 200 && usage.cpuMs !== undefined && (usage.peakMemoryBytes ?? 0) > MiB,
      JSON.stringify(usage),
    );
  });
});

test('a NUL, control sequences and bytes that are no text come through as data', async () => {
  await withExecutions({}, async ({ output }) => {
    const { stdout } = await output(
      python('import sys\nsys.stdout.buffer.write(b"\\0\\x1b[31m\\x1b]0;t\\x07\\r\\xff\\xe2\\x82\\xac")'),
    );
    assert.equal(stdout, '\0\u001b[31m\u001b]0;t\u0007\r\ufffd€');
    const echo = await output(
      python('import sys\nprint(repr(open("data.bin", "rb").read()), repr(sys.stdin.buffer.read()))', {
        files: [
          {
            name: 'main.py',
            content: 'import sys\nprint(open("data.bin", "rb").read(), sys.stdin.buffer.read())',
          },
          { name: 'data.bin', content: '/wAK', encoding: 'base64' },
        ],
        stdin: 'a\0b',
      }),
    );
    assert.equal(echo.stdout, "b'\\xff\\x00\\n' b'a\\x00b'\n");
  });
});

test('a compile error is compile_failed with what the compiler said, and the program is not run', async (t) => {
  await withExecutions({}, async ({ kernel, execute, installed }) => {
    if (!installed.has('c')) return t.skip('no C compiler on this machine');
    const run = await execute({
      language: 'c',
      files: [{ name: 'main.c', content: 'int main(void) { return x; }' }],
    });
    assert.partialDeepStrictEqual(run.output, {
      outcome: 'compile_failed',
      exitCode: 1,
      stdout: '',
      warm: false,
      compile: { outcome: 'failed', exitCode: 1 },
    });
    const seen = outputOf(await kernel.events(run.id, 0, 100));
    assert.ok(
      seen.every((line) => line.startsWith('compile ')) && seen.join('').includes('error: ‘x’ undeclared'),
      seen.join(''),
    );

    const warned = await execute({
      language: 'c',
      files: [{ name: 'main.c', content: 'int main(void) { int x; return VALUE; }' }],
      compile: { options: ['-Wall', '-DVALUE=5'] },
    });
    assert.partialDeepStrictEqual(warned.output, {
      outcome: 'failed',
      exitCode: 5,
      stderr: '',
      compile: { outcome: 'ok' },
    });
    assert.match(JSON.stringify(warned.output), /unused variable/);

    const slow = await execute({
      language: 'c',
      files: [
        { name: 'main.c', content: '#include "/dev/stdin"\nint main(void) {}' },
        { name: 'x.c', content: '#define A(x) x x\n'.repeat(3) },
      ],
      compile: { limits: { wallMs: 1 } },
    });
    return assert.partialDeepStrictEqual(slow.output, {
      outcome: 'compile_failed',
      compile: { outcome: 'timeout' },
    });
  });
});

test('a program without an ending to its name is compiled under one', async (t) => {
  await withExecutions({}, async ({ output, installed }) => {
    const typed = await output({
      language: 'ts',
      files: [{ name: 'main', content: 'const a: number = 1; console.log(a)' }],
    });
    assert.deepEqual([typed.stdout, typed.stderr], ['1\n', '']);
    if (!installed.has('c')) return t.skip('no C compiler on this machine');
    const c = await output({
      language: 'c',
      files: [{ name: 'main', content: 'int main(void) { return 4; }' }],
    });
    return assert.equal(c.exitCode, 4);
  });
});

test('an unknown language or version starts nothing', async () => {
  await withExecutions({}, async ({ kernel }) => {
    const start = (input: unknown) => kernel.start({ ...asSystem, capability: 'execution', input });
    await assert.rejects(start({ ...python(''), language: 'cobol' }), { code: 'LANGUAGE_UNKNOWN' });
    await assert.rejects(start({ ...python(''), version: '2' }), { code: 'LANGUAGE_UNKNOWN' });
    await assert.rejects(start(python('', { files: [{ name: '../x', content: '' }] })), {
      code: 'INPUT_INVALID',
    });
    assert.deepEqual((await kernel.list({ limit: 10 })).items, []);
  });
});

test('cancel ends the program at once and keeps what it wrote', async () => {
  await withExecutions({}, async ({ kernel }) => {
    const { run } = await kernel.start({
      ...asSystem,
      capability: 'execution',
      input: python('print("on", flush=True)\nimport time\ntime.sleep(60)'),
    });
    await until(async () => outputOf(await kernel.events(run.id, 0, 100)).length > 0);
    await kernel.cancel(run.id, null);
    const ended = await finished(kernel, run.id);
    assert.deepEqual([ended.status, ended.output], ['cancelled', null]);
    assert.deepEqual(outputOf(await kernel.events(run.id, 0, 100)), ['run stdout on\n']);
  });
});

test('eight programs at once do not mix', async () => {
  await withExecutions({ warm: { count: 2, languages: ['python'] } }, async ({ output }) => {
    const results = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        output(
          python(`import os\nprint(${index}, sorted(os.listdir(".")))`, {
            files: [{ name: `f${index}.py`, content: `import os\nprint(${index}, os.listdir("."))` }],
          }),
        ),
      ),
    );
    assert.deepEqual(
      results.map(({ stdout }) => stdout),
      results.map((_, index) => `${index} ['f${index}.py']\n`),
    );
  });
});

test('another language is one more entry in the table', async () => {
  const table = [
    {
      name: 'awk',
      aliases: ['gawk'],
      extensions: ['.awk'] as const,
      programs: ['/usr/bin/mawk', '/usr/bin/gawk'],
      versionArgs: ['-W', 'version'],
      versionPattern: /awk (\d+\.\d+(?:\.\d+)?)/i,
      run: ({ program, entry }: { program: string; entry: string }) => [program, '-f', entry],
    },
  ];
  await withExecutions({ table }, async ({ output }) => {
    const { stdout, language } = await output({
      language: 'gawk',
      files: [{ name: 'sum.awk', content: '{ n += $1 } END { print n }' }],
      stdin: '1\n2\n',
    });
    assert.deepEqual([stdout, language], ['3\n', 'awk']);
  });
});
