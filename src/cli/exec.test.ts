import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, afterEach, describe, test } from 'node:test';
import { gantry, gantryOnTerminal } from '../../test/support/command-line.ts';
import { startContractServer, toldRun, type ContractServer } from '../../test/support/contract-server.ts';
import type { EventBody } from '../contract/event.ts';
import type { Run } from '../contract/run.ts';
import type { ExecutionOutput, Outcome } from '../capabilities/execution/schema.ts';

let directory: string;
let server: ContractServer;
let env: Record<string, string>;
const succeeded: EventBody = { type: 'run.succeeded', data: { usage: {} } };

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gantry-exec-'));
  await writeFile(join(directory, 'main.py'), 'print(1)\n');
});
after(() => rm(directory, { recursive: true }));
beforeEach(async () => {
  server = await startContractServer();
  env = { GANTRY_URL: server.url, GANTRY_API_KEY: 'a-key' };
});
afterEach(() => server.close());

const exec = (...args: string[]) => gantry(['exec', ...args], { env, cwd: directory });
const writes = (stream: 'stdout' | 'stderr', text: string): EventBody => ({
  type: 'output',
  data: { stream, text },
});

function ended(outcome: Outcome, more: Partial<ExecutionOutput> = {}): Run {
  const output: ExecutionOutput = {
    outcome,
    exitCode: 0,
    signal: null,
    stdout: '',
    stderr: '',
    wallMs: 12,
    cpuMs: 10,
    peakMemoryBytes: 1e6,
    truncated: false,
    language: 'python',
    version: '3.11.2',
    warm: false,
    compile: null,
    files: [],
    skipped: [],
    skippedMore: 0,
  };
  return toldRun({ output: { ...output, ...more } });
}

describe('exit codes', () => {
  const cases: readonly [what: string, run: Run, code: number, notice: RegExp][] = [
    ['0 when the program is content', ended('ok'), 0, /^$/],
    ["the program's own", ended('failed', { exitCode: 7 }), 7, /^$/],
    ['124 on a timeout', ended('timeout', { exitCode: null, signal: 'SIGKILL' }), 124, /--limit wall=/],
    ['124 when the CPU time is used up', ended('cpu_limit'), 124, /--limit cpu=/],
    ['137 when killed for memory', ended('memory_limit', { signal: 'SIGKILL' }), 137, /--limit memory=/],
    ['123 when the output is used up', ended('output_limit'), 123, /--limit output=/],
    ['123 when the disk is used up', ended('disk_limit'), 123, /--limit disk=/],
    ['123 when the processes are used up', ended('process_limit'), 123, /--limit processes=/],
    [
      '128 and the number of the signal',
      ended('signal', { exitCode: null, signal: 'SIGSEGV' }),
      139,
      /SIGSEGV/,
    ],
    ["the compiler's own", ended('compile_failed', { exitCode: 2 }), 2, /does not compile/],
    [
      '125 when Gantry itself failed',
      toldRun({ status: 'failed', error: { code: 'SANDBOX_FAILED', message: 'bwrap broke.' } }),
      125,
      /Gantry failed.*bwrap broke/,
    ],
    ['130 when someone cancelled the run', toldRun({ status: 'cancelled' }), 130, /cancelled/],
  ];
  for (const [what, run, code, notice] of cases) {
    test(`exec ends with ${what}, and says why in one line`, async () => {
      server.tell({ run, events: [succeeded] });
      const result = await exec('main.py');
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, notice);
      assert.ok(result.stderr.split('\n').length <= 2);
      assert.equal((await exec('main.py', '--json')).code, code);
    });
  }

  test('exec ends with 125 when no server answers, and with 2 when the request is wrong', async () => {
    const nowhere = { GANTRY_URL: 'http://127.0.0.1:1' };
    const alone = await gantry(['exec', 'main.py'], { env: nowhere, cwd: directory });
    assert.equal(alone.code, 125);
    assert.equal(
      alone.stderr,
      'gantry: No Gantry server answers at http://127.0.0.1:1. Start it with `gantry up`.\n',
    );
    server.refuse(422, 'LANGUAGE_UNKNOWN', 'There is no language "cobol" here. There are bash, python.');
    const unknown = await exec('-l', 'cobol', 'main.py');
    assert.equal(unknown.code, 2);
    assert.equal(unknown.stderr, 'gantry: There is no language "cobol" here. There are bash, python.\n');
  });
});

describe('output', () => {
  test('each stream of the program comes out on its own, unchanged in a pipe', async () => {
    const events = [
      writes('stdout', 'a\x1b[31m\r\n'),
      writes('stderr', 'b\n'),
      writes('stdout', 'c'),
      succeeded,
    ];
    server.tell({ run: ended('ok'), events });
    assert.deepEqual(await exec('main.py'), { code: 0, stdout: 'a\x1b[31m\r\nc', stderr: 'b\n' });
  });

  test('a lost connection loses and repeats nothing', async () => {
    const events = [writes('stdout', '1'), writes('stdout', '2'), writes('stdout', '3'), succeeded];
    server.tell({ run: ended('ok'), events, cutting: true });
    assert.deepEqual(await exec('main.py'), { code: 0, stdout: '123', stderr: '' });
  });

  test('--json answers the run as the API does, and nothing else', async () => {
    const run = ended('failed', { exitCode: 3, stdout: 'x' });
    server.tell({ run, events: [writes('stdout', 'x'), succeeded] });
    const result = await exec('main.py', '--json');
    assert.deepEqual(JSON.parse(result.stdout), run);
    assert.equal(result.stderr, '');
  });

  test('a terminal gets nothing that it would act on', async () => {
    const hostile = [
      '\x1b]0;owned\x07',
      '\x1b[2J',
      '\u009b31m',
      '\x1bP$qm\x1b\\',
      'a\rb',
      '\u202e',
      '\b',
    ].join('');
    const events = [writes('stdout', hostile), writes('stderr', hostile), succeeded];
    server.tell({ run: ended('failed', { exitCode: 5 }), events });
    const result = await gantryOnTerminal(['exec', 'main.py'], { env, cwd: directory });
    assert.equal(result.code, 5);
    assert.doesNotMatch(result.stdout.replaceAll('\r\n', '\n'), /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
    assert.match(result.stdout, /\\x1b\]0;owned\\x07\\x1b\[2J\\x9b31m/);
  });
});

test('Ctrl-C cancels the run and awaits its end', async () => {
  const events: EventBody[] = [writes('stdout', 'partial\n'), { type: 'run.cancelled', data: { by: null } }];
  server.tell({ run: toldRun({ status: 'cancelled' }), events, untilCancelled: true });
  const result = await gantry(['exec', 'main.py'], {
    env,
    cwd: directory,
    onStart: (child) => {
      const poll = setInterval(() => {
        if (!server.requests.some(({ line }) => line.endsWith('/events'))) return;
        clearInterval(poll);
        child.kill('SIGINT');
      }, 5);
    },
  });
  assert.equal(result.code, 130);
  assert.equal(result.stdout, 'partial\n');
  assert.ok(server.requests.some(({ line }) => line.endsWith('/cancel')));
});

describe('the request', () => {
  const sent = async (args: string[], stdin?: string) => {
    server.tell({ run: ended('ok'), events: [succeeded] });
    const options = { env, cwd: directory, ...(stdin === undefined ? {} : { stdin }) };
    const result = await gantry(['exec', ...args], options);
    assert.equal(result.code, 0, result.stderr);
    assert.equal(server.requests[0]?.authorization, 'Bearer a-key');
    assert.equal(server.requests[0]?.line, 'POST /api/v1/executions');
    return server.requests[0]?.body;
  };

  test('names the language by the extension, and hands on arguments', async () => {
    const files = [{ name: 'main.py', content: 'print(1)\n' }];
    assert.deepEqual(await sent(['main.py', 'a', '--', '--json', '-x']), {
      language: 'python',
      files,
      args: ['a', '--json', '-x'],
    });
  });

  test('takes a program from stdin', async () => {
    const files = [{ name: 'main', content: 'echo hi' }];
    assert.deepEqual(await sent(['-l', 'bash', '-'], 'echo hi'), { language: 'bash', files });
  });

  test('takes files, input, environment, version and limits', async () => {
    await writeFile(join(directory, 'bytes.bin'), Buffer.from([0xff, 0x00]));
    const args = [
      'main.py',
      '--file',
      'bytes.bin',
      '--file',
      'lib/x.py=main.py',
      '--stdin',
      '-',
      '--env',
      'A=b=c',
    ];
    const limits = [
      'memory=64M',
      'wall=5s',
      'cpu=2s',
      'processes=3',
      'output=1K',
      'file=2K',
      'disk=1G',
      'files=9',
      'stack=1M',
    ];
    const body = await sent(
      [...args, '-V', '3.x', ...limits.flatMap((limit) => ['--limit', limit])],
      'input',
    );
    assert.deepEqual(body, {
      language: 'python',
      version: '3.x',
      files: [
        { name: 'main.py', content: 'print(1)\n' },
        { name: 'bytes.bin', content: '/wA=', encoding: 'base64' },
        { name: 'lib/x.py', content: 'print(1)\n' },
      ],
      stdin: 'input',
      env: { A: 'b=c' },
      limits: {
        memoryBytes: 67_108_864,
        wallMs: 5000,
        cpuMs: 2000,
        processes: 3,
        outputBytes: 1024,
        fileBytes: 2048,
        diskBytes: 1_073_741_824,
        openFiles: 9,
        stackBytes: 1_048_576,
      },
    });
  });

  const mistakes: readonly [what: string, args: string[], message: RegExp][] = [
    ['a file that is not there', ['none.py'], /"none\.py" can't be read: there is no such file/],
    ['a name without a known extension', ['bytes.bin'], /say it with --lang/],
    ['an unknown limit', ['main.py', '--limit', 'speed=1'], /There is no limit "speed"/],
    ['a limit without a value', ['main.py', '--limit', 'wall'], /--limit takes NAME=VALUE/],
    ['a size that is none', ['main.py', '--limit', 'memory=lots'], /"lots" is no size/],
    ['an unknown option', ['main.py', '--bogus'], /unknown option '--bogus'.* See gantry exec --help/],
  ];
  for (const [what, args, message] of mistakes) {
    test(`is refused with 2 before anything is sent: ${what}`, async () => {
      const result = await exec(...args);
      assert.equal(result.code, 2);
      assert.match(result.stderr, message);
      assert.match(result.stderr, /^gantry: .*\n$/);
      assert.deepEqual(server.requests, []);
    });
  }
});
