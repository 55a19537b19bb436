import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gantry, gantryOnTerminal } from '../../test/support/command-line.ts';
import { startContractServer, toldRun, type ContractServer } from '../../test/support/contract-server.ts';
import { errorTable } from '../base/errors.ts';

let server: ContractServer;
let env: Record<string, string>;
before(async () => {
  server = await startContractServer();
  env = { GANTRY_URL: server.url };
});
after(() => server.close());

describe('errors', () => {
  for (const [code, { status, exit }] of Object.entries(errorTable)) {
    test(`${code} ends a command with ${exit}, in one line and without a stack`, async () => {
      server.refuse(status, code, 'This and that. Do so.');
      assert.deepEqual(await gantry(['keys'], { env }), {
        code: exit,
        stdout: '',
        stderr: 'gantry: This and that. Do so.\n',
      });
    });
  }

  test('text of the server is not acted on, and problems stand on a second line', async () => {
    server.refuse(400, 'INPUT_INVALID', 'Bad \x1b[2J', [{ path: 'name', message: 'must be \x07 short' }]);
    const { stderr } = await gantry(['keys'], { env });
    assert.equal(stderr, 'gantry: Bad \\x1b[2J.\n  name: must be \\x07 short\n');
  });

  test('--debug shows the causes, --json one object', async () => {
    const nowhere = { GANTRY_URL: 'http://127.0.0.1:1' };
    const debug = await gantry(['keys', '--debug'], { env: nowhere });
    assert.match(debug.stderr, /^gantry: No Gantry server answers.*\nGantryError.*\n +at /);
    assert.match(debug.stderr, /ECONNREFUSED/);
    const json = await gantry(['keys', '--json'], { env: nowhere });
    assert.equal((JSON.parse(json.stderr) as { error: { code: string } }).error.code, 'SERVER_UNREACHABLE');
    assert.equal(json.code, 69);
  });

  test('something else at that address is told from a Gantry', async () => {
    server.refuse(418, '', '');
    const { code, stderr } = await gantry(['keys'], { env });
    assert.equal(code, 69);
    assert.match(stderr, /answered 418, and not as a Gantry server does/);
  });
});

describe('what others wrote', () => {
  const hostile = 'a\n\x1b]0;owned\x07\u202e\u009b2J';

  test('a title does not act on the terminal, in a table, in details or in JSON', async () => {
    server.tell({ run: toldRun({ title: hostile }), events: [] });
    for (const args of [['runs'], ['runs', '--json'], ['runs', 'show', toldRun().id]]) {
      const { stdout } = await gantryOnTerminal(args, { env });
      assert.doesNotMatch(
        stdout.replaceAll('\r\n', '\n'),
        /[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/,
        args.join(' '),
      );
      assert.match(stdout, /owne/);
    }
    const { stdout } = await gantry(['runs', '--json'], { env });
    assert.equal((JSON.parse(stdout) as { items: { title: string }[] }).items[0]?.title, hostile);
  });

  test('neither does a log', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gantry-logs-'));
    await chmod(directory, 0o755);
    await mkdir(join(directory, 'logs'));
    const entry = { level: 40, time: '2026-11-21T10:00:00.000Z', msg: hostile, runId: '\x1b[1m' };
    await writeFile(join(directory, 'logs', 'gantry.log'), `${JSON.stringify(entry)}\n\x1b[2Jraw\n`);
    const { stdout } = await gantry(['logs'], { env: { GANTRY_DATA_DIR: directory } });
    assert.equal(
      stdout,
      '2026-11-21 10:00:00  warn   a\\n\\x1b]0;owned\\x07\\u202e\\x9b2J  runId=\\x1b[1m\n\\x1b[2Jraw\n',
    );
    await rm(directory, { recursive: true });
  });
});

test('colours show on a terminal only, and never with NO_COLOR', async () => {
  // A file where a directory is needed.
  const doctor = { env: { GANTRY_DATA_DIR: '/etc/passwd/data' } };
  const piped = await gantry(['doctor'], doctor);
  assert.equal(piped.code, 1);
  assert.match(piped.stdout, /^missing +data directory +/m);
  assert.doesNotMatch(piped.stdout, /\x1b/);
  assert.match((await gantryOnTerminal(['doctor'], doctor)).stdout, /\x1b\[31mmissing/);
  const without = { env: { ...doctor.env, NO_COLOR: '1' } };
  assert.doesNotMatch((await gantryOnTerminal(['doctor'], without)).stdout, /\x1b\[3/);
});

test('a long step shows as a live line on a terminal and as plain lines in a pipe', async () => {
  const env = { GANTRY_DATA_DIR: '/etc/passwd/data' };
  const piped = await gantry(['up'], { env });
  assert.equal(piped.code, 73);
  assert.match(piped.stderr, /^Starting\n(.*\n)*gantry: .*\n$/);
  assert.equal(piped.stdout, '');
  assert.match((await gantryOnTerminal(['up'], { env })).stdout, /^\r\x1b\[K. Starting\r\x1b\[K/u);
});
