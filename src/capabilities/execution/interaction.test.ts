import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withExecutions, type TestExecutions } from '../../../test/support/executions.ts';
import { asSystem, finished } from '../../../test/support/with-kernel.ts';
import { executionOutputSchema, type ExecutionInput } from './schema.ts';

/** Starts an interactive run, sends `words` each time that its output ends in the words before them, and answers its output. */
async function talk(
  { kernel }: TestExecutions,
  input: Omit<ExecutionInput, 'interactive'>,
  words: readonly (readonly [seen: RegExp, send: readonly unknown[]])[],
) {
  const { run } = await kernel.start({
    ...asSystem,
    capability: 'execution',
    input: { interactive: true, ...input },
  });
  const left = [...words];
  let text = '';
  for await (const event of kernel.follow(run.id, 0, AbortSignal.timeout(30_000))) {
    if (event.type !== 'output') continue;
    text += event.data.text;
    const [next] = left;
    if (!next || !next[0].test(text)) continue;
    left.shift();
    text = '';
    await kernel.send(run.id, 'stdin', next[1], null);
  }
  const done = await finished(kernel, run.id);
  assert.equal(done.status, 'succeeded', JSON.stringify(done.error));
  return executionOutputSchema.parse(done.output);
}

const typed = (text: string) => ({ type: 'stdin', text });
const program = (language: string, name: string, content: string) => ({
  language,
  files: [{ name, content }],
});

test('without a terminal, a prompt is seen before its answer, in Python and in Node', async () => {
  await withExecutions({}, async (executions) => {
    const python = program('python', 'a.py', 'print("hello", input("name? "), input("more? "))');
    const said = await talk(executions, python, [
      [/name\? $/, [typed('Ada\n')]],
      [/more\? $/, ['and\n']],
    ]);
    assert.deepEqual([said.outcome, said.stdout], ['ok', 'name? more? hello Ada and\n']);
    const node = program(
      'javascript',
      'a.mjs',
      `import { createInterface } from 'node:readline/promises';
const lines = createInterface({ input: process.stdin, output: process.stdout });
console.log('hello', await lines.question('name? '));
lines.close();`,
    );
    const told = await talk(executions, node, [[/name\? $/, [typed('Ada\n')]]]);
    assert.deepEqual([told.outcome, told.stdout], ['ok', 'name? hello Ada\n']);
  });
});

test('what stdin holds is read first, then what is sent, in pieces and bytes, to the end of the input', async () => {
  await withExecutions({}, async (executions) => {
    const input = program(
      'python',
      'a.py',
      'import sys\nprint("ready", flush=True)\nsys.stdout.buffer.write(sys.stdin.buffer.read())',
    );
    const { stdout, outcome } = await talk(executions, { ...input, stdin: 'first ' }, [
      [
        /ready/,
        [
          typed('one '),
          typed('two '),
          { type: 'stdin', base64: Buffer.from('é').toString('base64') },
          { type: 'end' },
          typed('late'),
        ],
      ],
    ]);
    assert.deepEqual([outcome, stdout], ['ok', 'ready\nfirst one two é']);
  });
});

test('on a terminal colours, sizes, Ctrl-C and Ctrl-D work', async () => {
  await withExecutions({}, async (executions) => {
    const input = program(
      'python',
      'a.py',
      `import os, signal, sys
print("size", *os.get_terminal_size(), os.environ["TERM"])
signal.signal(signal.SIGWINCH, lambda *_: print("now", *os.get_terminal_size()))
try: input("wait> ")
except KeyboardInterrupt: print("interrupted")
try: input("more> ")
except EOFError: print("ended")`,
    );
    const { stdout, stderr, outcome } = await talk(
      executions,
      { ...input, terminal: { rows: 24, cols: 80 } },
      [
        [/wait> $/, [{ type: 'resize', rows: 10, cols: 40 }]],
        [/now 40 10/, [{ type: 'interrupt' }]],
        [/more> $/, [{ type: 'end' }]],
      ],
    );
    assert.deepEqual([outcome, stderr], ['ok', '']);
    assert.match(
      stdout,
      /^size 80 24 xterm-256color\r\nwait> .*now 40 10\r\n.*interrupted\r\nmore> ended\r\n$/s,
    );
  });
});

test('an interrupt without a terminal is a signal to the program', async () => {
  await withExecutions({}, async (executions) => {
    const input = program(
      'python',
      'a.py',
      'import time\nprint("ready")\ntry: time.sleep(60)\nexcept KeyboardInterrupt: print("caught")',
    );
    const { stdout } = await talk(executions, input, [[/ready/, [{ type: 'interrupt' }]]]);
    assert.equal(stdout, 'ready\ncaught\n');
  });
});

test('a program to which nothing is sent ends for that, and each word gives it more time', async () => {
  await withExecutions({}, async (executions) => {
    const input = program('python', 'a.py', 'print("ready")\nwhile True: print("got", input())');
    const idle = await talk(executions, { ...input, limits: { idleMs: 1000 } }, [[/ready/, [typed('x\n')]]]);
    assert.deepEqual([idle.outcome, idle.stdout], ['idle_limit', 'ready\ngot x\n']);
    const wall = await talk(executions, { ...input, limits: { wallMs: 700 } }, []);
    assert.equal(wall.outcome, 'timeout');
  });
});

test('a line of a megabyte in pieces arrives, and what is no input is nobody\u2019s', async () => {
  await withExecutions({}, async (executions) => {
    const input = program(
      'python',
      'a.py',
      'import sys\nprint("ready")\nline = sys.stdin.readline()\nprint(len(line), line[:3], line[-4:-1])',
    );
    const pieces = Array.from({ length: 20 }, () => typed('x'.repeat(50_000)));
    const { stdout } = await talk(executions, input, [
      [
        /ready/,
        [
          { type: 'nonsense' },
          7,
          null,
          typed('abc'),
          ...pieces,
          { type: 'resize', rows: 0, cols: -1 },
          typed('xyz\n'),
        ],
      ],
    ]);
    assert.equal(stdout, 'ready\n1000007 abc xyz\n');
  });
});

test('a program that never reads is not held up by what is sent, and ends as it likes', async () => {
  await withExecutions({}, async (executions) => {
    const input = program('python', 'a.py', 'import time\nprint("ready")\ntime.sleep(1)\nprint("done")');
    const flood = Array.from({ length: 60 }, () => typed('x'.repeat(60_000)));
    const { stdout, outcome } = await talk(executions, input, [[/ready/, flood]]);
    assert.deepEqual([outcome, stdout], ['ok', 'ready\ndone\n']);
  });
});
