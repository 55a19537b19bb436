import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gantry, gantryOnTerminal } from '../../test/support/command-line.ts';
import { withServer } from '../../test/support/gantry-up.ts';
import type { ExecutionRun } from './exec-exit.ts';

const { place, cli, json, program } = withServer();

describe('exec', () => {
  test('runs a program and ends with its exit code', async () => {
    const name = await program('exit.sh', 'echo out; echo err >&2; echo "$1"; cat; exit 7');
    const result = await gantry(['exec', name, '--stdin', '-', '--', '-a'], {
      env: place().env,
      cwd: place().directory,
      stdin: 'from stdin',
    });
    assert.deepEqual(result, { code: 7, stdout: 'out\n-a\nfrom stdin', stderr: 'err\n' });
  });

  const limited: readonly [what: string, code: number, source: string, limits: string[]][] = [
    ['124 when the time is over', 124, 'sleep 60', ['wall=300ms']],
    ['124 when the CPU time is used up', 124, 'while :; do :; done', ['cpu=200ms']],
    ['137 when killed for memory', 137, 'x=x; while :; do x=$x$x; done', ['memory=32M', 'wall=20s']],
    ['123 when it writes too much', 123, 'while :; do echo yes; done', ['output=10K']],
    ['143 when it was ended by SIGTERM', 143, 'kill -TERM $$; sleep 5', []],
  ];
  for (const [what, code, source, limits] of limited) {
    test(`ends with ${what}`, async () => {
      const result = await gantry(['exec', '-l', 'bash', ...limits.flatMap((each) => ['--limit', each])], {
        env: place().env,
        stdin: source,
      });
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, /gantry: The program .*\n$/);
    });
  }

  test('a program on a terminal cannot act on it', async () => {
    const name = await program('hostile.sh', String.raw`printf '\033]0;owned\007\033[2J\rover\b'`);
    const result = await gantryOnTerminal(['exec', name], { env: place().env, cwd: place().directory });
    assert.equal(result.code, 0);
    assert.equal(result.stdout, String.raw`\x1b]0;owned\x07\x1b[2J` + '\r\nover' + String.raw`\x08` + '\r\n');
  });

  test('Ctrl-C cancels the run, and what it had written is there', async () => {
    const name = await program('long.sh', 'echo begun; sleep 60');
    const result = await gantry(['exec', name], {
      env: place().env,
      cwd: place().directory,
      onStart: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
    });
    assert.equal(result.code, 130);
    assert.equal(result.stdout, 'begun\n');
    const { items } = await json<{ items: { status: string }[] }>('runs', '--search', 'long.sh');
    assert.deepEqual(
      items.map(({ status }) => status),
      ['cancelled'],
    );
  });

  test('a language that is not here is refused with 2', async () => {
    const { code, stderr } = await cli('exec', '-l', 'klingon', await program('a.sh', ''));
    assert.equal(code, 2);
    assert.match(stderr, /^gantry: .*klingon.*\n$/);
  });
});

describe('runs', () => {
  test('lists, shows and follows a run by the beginning of its id', async () => {
    const run = await json<ExecutionRun>('exec', await program('listed.sh', 'echo hello'));
    assert.equal(run.output?.stdout, 'hello\n');
    const { stdout: list } = await cli('runs', '--search', 'listed.sh');
    assert.match(list, new RegExp(`^${run.id}  succeeded  execution .*listed\\.sh$`, 'm'));
    const prefix = run.id.slice(0, 20);
    assert.match((await cli('runs', 'show', prefix)).stdout, /^status +succeeded$/m);
    assert.equal((await json<ExecutionRun>('runs', 'show', prefix)).id, run.id);
    const followed = await cli('runs', 'follow', prefix);
    assert.equal(followed.code, 0);
    assert.equal(followed.stdout, 'hello\n');
    assert.match(followed.stderr, /Succeeded\n$/);
  });

  test('retries and forks a run, and cancels one', async () => {
    const first = await json<ExecutionRun>('exec', await program('again.sh', 'echo again'));
    const second = await json<ExecutionRun>('runs', 'retry', first.id);
    assert.deepEqual(second.origin, { kind: 'retry', runId: first.id });
    const third = await json<ExecutionRun>('runs', 'fork', first.id, '--from', '0');
    assert.deepEqual(third.origin, { kind: 'fork', runId: first.id });
    assert.equal((await cli('runs', 'follow', third.id)).stdout, 'again\n');
    const late = await cli('runs', 'cancel', first.id);
    assert.equal(late.code, 65);
    assert.match(late.stderr, /^gantry: .*\n$/);
  });

  test('acts on several runs at once, says of each what came of it, and tells what they used', async () => {
    const ran: string[] = [];
    for (const name of ['one.sh', 'two.sh'])
      ran.push((await json<ExecutionRun>('exec', await program(name, 'true'))).id);
    const retried = await cli('runs', 'retry', ...ran.map((id) => id.slice(0, 24)));
    assert.equal(retried.code, 0, retried.stderr);
    assert.match(retried.stdout, new RegExp(`^Started .* for ${ran[0]}\\.\nStarted .* for ${ran[1]}\\.\n$`));
    const refused = await cli('runs', 'cancel', ...ran);
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /^Refused .*: Run .* has already succeeded\.$/m);
    const { total } = await json<{ total: { runs: number } }>('usage', '--by', 'capability');
    assert.ok(total.runs >= 2);
    assert.match((await cli('usage')).stdout, /^DAY +RUNS +FAILED +TIME +CPU +TOKENS +MONEY\n/);
    assert.match((await cli('runs', '--by', 'me', '--origin', 'schedule')).stdout, /^No run matches\.\n$/);
  });

  test('says when no run or more than one begins like that', async () => {
    const missing = await cli('runs', 'show', '00000000-0000');
    assert.equal(missing.code, 66);
    assert.match(missing.stderr, /^gantry: No run's id starts with 00000000-0000\./);
    await Promise.all([cli('exec', await program('b.sh', '')), cli('exec', await program('c.sh', ''))]);
    assert.equal((await cli('runs', 'show', '01')).code, 2);
    assert.equal((await cli('runs', 'show', '01a')).code, 2);
    const many = await cli(
      'runs',
      'show',
      (await json<{ items: { id: string }[] }>('runs')).items[0]?.id.slice(0, 4) ?? '',
    );
    assert.equal(many.code, 65);
    assert.match(many.stderr, /Several runs' ids start with/);
  });
});
