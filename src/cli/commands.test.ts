import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gantry, gantryOnTerminal } from '../../test/support/command-line.ts';
import { gantryUp, makeDataDir, stopGantry, type GantryUp } from '../../test/support/gantry-up.ts';
import { until } from '../../test/support/until.ts';
import type { ExecutionRun } from './exec-exit.ts';

let place: Awaited<ReturnType<typeof makeDataDir>>;
let server: GantryUp;

before(async () => {
  place = await makeDataDir();
  server = await gantryUp(place.env);
});
after(async () => {
  await stopGantry(server);
  await place.remove();
});

const cli = (...args: string[]) => gantry(args, { env: place.env, cwd: place.directory });
const json = async <Answer>(...args: string[]): Promise<Answer> => {
  const { code, stdout, stderr } = await cli(...args, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Answer;
};
const program = async (name: string, content: string) => {
  await writeFile(join(place.directory, name), content);
  return name;
};

describe('exec', () => {
  test('runs a program and ends with its exit code', async () => {
    const name = await program('exit.sh', 'echo out; echo err >&2; echo "$1"; cat; exit 7');
    const result = await gantry(['exec', name, '--stdin', '-', '--', '-a'], {
      env: place.env,
      cwd: place.directory,
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
        env: place.env,
        stdin: source,
      });
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, /gantry: The program .*\n$/);
    });
  }

  test('a program on a terminal cannot act on it', async () => {
    const name = await program('hostile.sh', String.raw`printf '\033]0;owned\007\033[2J\rover\b'`);
    const result = await gantryOnTerminal(['exec', name], { env: place.env, cwd: place.directory });
    assert.equal(result.code, 0);
    assert.equal(result.stdout, String.raw`\x1b]0;owned\x07\x1b[2J` + '\r\nover' + String.raw`\x08` + '\r\n');
  });

  test('Ctrl-C cancels the run, and what it had written is there', async () => {
    const name = await program('long.sh', 'echo begun; sleep 60');
    const result = await gantry(['exec', name], {
      env: place.env,
      cwd: place.directory,
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
    assert.match(followed.stderr, /succeeded\n$/);
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

describe('keys', () => {
  test('a key is made, opens the API from anywhere, and is revoked', async () => {
    const { id, key } = await json<{ id: string; key: string }>(
      'keys',
      'create',
      '--name',
      'N',
      '--role',
      'member',
    );
    const env = { GANTRY_URL: server.url, GANTRY_API_KEY: key };
    assert.equal((await gantry(['runs'], { env })).code, 0);
    const above = await gantry(['keys', 'create', '--name', 'M', '--role', 'admin'], { env });
    assert.equal(above.code, 77);
    assert.match((await cli('keys')).stdout, new RegExp(`^${id}  N +member`, 'm'));
    assert.equal((await cli('keys', 'revoke', id)).code, 0);
    const after = await gantry(['runs'], { env });
    assert.equal(after.code, 77);
    assert.match(after.stderr, /^gantry: .*\n$/);
    assert.equal((await gantry(['runs'], { env: { GANTRY_URL: server.url } })).code, 77);
  });
});

describe('users', () => {
  test('someone is invited, and the invitation taken back', async () => {
    const invited = await cli('users', 'invite', 'ada@example.org', '--role', 'viewer');
    assert.ok(invited.stdout.startsWith(server.url));
    assert.match((await cli('users')).stdout, /^ada@example\.org +viewer +invited/m);
    assert.equal((await cli('users', 'remove', 'ada@example.org')).code, 0);
    assert.doesNotMatch((await cli('users')).stdout, /ada@/);
  });

  test('a role changes, a user is shut out, let in, unlocked, gets a password and is removed', async () => {
    const { key } = await json<{ key: string }>('keys', 'create', '--name', 'admin', '--role', 'admin');
    const created = await fetch(new URL('/api/v1/users', server.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'Bob',
        email: 'bob@example.org',
        role: 'member',
        password: 'a long password',
      }),
    });
    assert.equal(created.status, 201);
    for (const args of [
      ['role', 'bob@example.org', 'viewer'],
      ['disable', 'bob@example.org'],
      ['enable', 'bob@example.org'],
      ['unlock', 'bob@example.org'],
    ]) {
      const { code, stderr } = await cli('users', ...args);
      assert.equal(code, 0, stderr);
    }
    const password = await gantry(['users', 'password', 'bob@example.org'], {
      env: place.env,
      stdin: 'another password\n',
    });
    assert.equal(password.code, 0, password.stderr);
    assert.equal((await cli('users', 'remove', 'bob@example.org')).code, 2);
    assert.match((await cli('users')).stdout, /^bob@example\.org +Bob +viewer/m);
    assert.equal((await cli('users', 'remove', 'bob@example.org', '--yes')).code, 0);
    assert.equal((await cli('users', 'remove', 'bob@example.org', '--yes')).code, 66);
  });

  test('a link signs in once', async () => {
    const { url } = await json<{ url: string }>('users', 'link');
    assert.equal(new URL(url).origin, server.url);
    assert.notEqual(url, server.signInLink);
  });
});

describe('secrets', () => {
  test('a secret is sealed from stdin or typed without echo, listed without its value, and removed', async () => {
    const set = await gantry(['secrets', 'set', 'TOKEN'], { env: place.env, stdin: 'hush-hush\n' });
    assert.deepEqual([set.code, set.stdout], [0, 'Sealed TOKEN.\n'], set.stderr);
    const typed = await gantryOnTerminal(['secrets', 'set', 'TYPED', '--mine'], {
      env: place.env,
      onStart: (child) => child.stdout?.once('data', () => child.stdin?.write('hush-hush\n')),
    });
    assert.equal(typed.code, 0, typed.stdout);
    assert.match(typed.stdout, /^Value of TYPED: \r\nSealed TYPED\.\r\n$/);
    const { stdout } = await cli('secrets');
    assert.match(stdout, /^TOKEN +instance /m);
    assert.match(stdout, /^TYPED +user /m);
    assert.doesNotMatch(stdout, /hush/);
    assert.equal((await cli('secrets', 'remove', 'TOKEN')).code, 0);
    assert.equal((await cli('secrets', 'remove', 'TYPED')).code, 66);
    assert.equal((await cli('secrets', 'remove', 'TYPED', '--mine')).code, 0);
    assert.equal((await cli('secrets', 'set', 'bad name')).code, 2);
  });

  test('who is no admin keeps only their own', async () => {
    const { key } = await json<{ key: string }>('keys', 'create', '--name', 'S', '--role', 'member');
    const env = { GANTRY_URL: server.url, GANTRY_API_KEY: key };
    assert.equal((await gantry(['secrets', 'set', 'A', '--mine'], { env, stdin: 'x' })).code, 0);
    assert.equal((await gantry(['secrets', 'set', 'A'], { env, stdin: 'x' })).code, 77);
    assert.equal(
      (await gantry(['secrets', 'set', 'A', '--repository', 'a/b'], { env, stdin: 'x' })).code,
      77,
    );
  });
});

describe('schedules', () => {
  test('a schedule is made, paused, resumed and removed', async () => {
    await program(
      'run.json',
      JSON.stringify({ language: 'bash', files: [{ name: 'a.sh', content: 'true' }] }),
    );
    const when = ['--cron', '0 3 * * *', '--time-zone', 'Europe/Berlin', '--input', 'run.json'];
    const made = await json<{ id: string }>('schedules', 'create', '--name', 'nightly', ...when);
    assert.match((await cli('schedules')).stdout, /nightly +execution +0 3 \* \* \* +Europe\/Berlin/);
    assert.match((await cli('schedules', 'disable', made.id)).stdout, /nightly is paused/);
    assert.match((await cli('schedules', 'enable', made.id)).stdout, /nightly runs next at/);
    assert.equal((await cli('schedules', 'remove', made.id)).code, 0);
    assert.equal((await cli('schedules', 'remove', made.id)).code, 66);
  });
});

describe('doctor, config and logs', () => {
  test('doctor says what is here while the server runs', async () => {
    const { code, stdout } = await cli('doctor', '--json');
    const { checks, healthy } = JSON.parse(stdout) as {
      healthy: boolean;
      checks: { name: string; detail: string }[];
    };
    assert.equal(code, healthy ? 0 : 1);
    assert.ok(checks.some(({ name, detail }) => name === 'server' && detail === `${server.url}, ready`));
    assert.ok(
      checks.some(({ name, detail }) => name === 'database' && /embedded PostgreSQL \d+/.test(detail)),
    );
    assert.ok(checks.some(({ name }) => name === 'memory'));
    assert.match((await cli('doctor')).stdout, /^ok +languages +.*bash/m);
  });

  test('config shows where each value comes from, and no secret', async () => {
    const env = {
      ...place.env,
      GANTRY_API_KEY: 'top-secret',
      GANTRY_DATABASE_URL: 'postgres://me:hush@db/gantry',
    };
    const { stdout, code } = await gantry(['config'], { env });
    assert.equal(code, 0);
    assert.match(stdout, /^dataDir +\S+ +GANTRY_DATA_DIR /m);
    assert.match(stdout, /^host +127\.0\.0\.1 +default /m);
    assert.doesNotMatch(stdout, /top-secret|hush/);
    const wrong = await gantry(['config', 'check'], { env: { GANTRY_PORT: 'x', GANTRY_WORKER_SLOTS: '0' } });
    assert.equal(wrong.code, 78);
    assert.match(wrong.stderr, /^gantry: The configuration has 2 mistake\(s\): .*port.*workerSlots.*\n$/);
  });

  test('logs shows what the server writes', async () => {
    const { code, stdout } = await cli('logs', '-n', '1000', '--json');
    assert.equal(code, 0);
    for (const line of stdout.split('\n').filter(Boolean)) assert.equal(typeof JSON.parse(line), 'object');
  });
});

describe('backup and restore', () => {
  test('a backup is made while Gantry works, and comes back elsewhere', async () => {
    const run = await json<ExecutionRun>('exec', await program('kept.sh', 'echo kept'));
    const saved = await cli('backup', 'all.tar.gz');
    assert.equal(saved.code, 0, saved.stderr);
    assert.match(saved.stdout, /^Saved \d+ rows to .*all\.tar\.gz/);
    assert.ok(saved.stdout.includes(join(place.dataDir, 'master.key')));
    const here = await cli('restore', 'all.tar.gz', '--force');
    assert.equal(here.code, 65);
    assert.equal(
      here.stderr,
      'gantry: A Gantry runs here. Stop it with `gantry down`, then restore again.\n',
    );
    const other = await makeDataDir();
    try {
      const restored = await gantry(['restore', 'all.tar.gz'], { env: other.env, cwd: place.directory });
      assert.equal(restored.code, 0, restored.stderr);
      const second = await gantryUp(other.env);
      const shown = await gantry(['runs', 'show', run.id, '--json'], { env: other.env });
      assert.deepEqual((JSON.parse(shown.stdout) as ExecutionRun).output, run.output);
      await stopGantry(second);
    } finally {
      await other.remove();
    }
    await program('broken.tar.gz', 'no backup');
    for (const [file, code] of [
      ['none.tar.gz', 66],
      ['broken.tar.gz', 65],
    ] as const) {
      const failed = await gantry(['restore', file], { env: other.env, cwd: place.directory });
      assert.equal(failed.code, code, failed.stderr);
    }
    await other.remove();
  });
});

describe('up and down', () => {
  test('a second up says that one runs already, and where', async () => {
    const { code, stdout, stderr } = await cli('up');
    assert.equal(code, 0);
    assert.equal(stdout, `ready ${server.url}\n`);
    assert.match(stderr, /^gantry: Gantry already runs on /);
  });

  test('a taken port is one clear line and 71, and everything that was started is stopped', async () => {
    const other = await makeDataDir();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    try {
      const { code, stdout, stderr } = await gantry(['up'], { env: { ...other.env, GANTRY_PORT: port } });
      assert.equal(code, 71, stderr);
      assert.equal(stdout, '');
      assert.match(stderr.split('\n').at(-2) ?? '', new RegExp(`^gantry: .*${port}`));
    } finally {
      taken.close();
      await other.remove();
    }
  });

  test('down stops a detached up and waits for its end; then there is nothing to stop and nobody answers', async () => {
    const other = await makeDataDir();
    const { env } = other;
    try {
      const up = await gantry(['up', '--detach'], { env });
      assert.match(up.stdout, /^ready http:\/\/127\.0\.0\.1:\d+\nSign in once.*\n$/, up.stderr);
      assert.equal((await gantry(['runs'], { env })).code, 0);
      assert.deepEqual(JSON.parse((await gantry(['down', '--json'], { env })).stdout).stopped, true);
      const down = await gantry(['down'], { env });
      assert.deepEqual([down.code, down.stdout], [0, `No Gantry runs on ${other.dataDir}.\n`]);
      const runs = await gantry(['runs'], { env });
      assert.equal(runs.code, 69);
      assert.equal(runs.stderr, 'gantry: No Gantry server answers. Start it with `gantry up`.\n');
    } finally {
      await gantry(['down', '--now'], { env });
      await other.remove();
    }
  });

  test('a first signal lets what runs end, and who follows it goes on with the next server', async () => {
    const other = await makeDataDir();
    try {
      const first = await gantryUp(other.env);
      const name = await program('slow.sh', 'echo begun; sleep 1; echo done');
      const running = gantry(['exec', name], {
        env: other.env,
        cwd: place.directory,
        onStart: (child) => child.stdout?.once('data', () => first.child.kill('SIGTERM')),
      });
      await once(first.child, 'exit');
      assert.equal(first.child.exitCode, 0);
      assert.match(await first.stderr, /gantry: Stopping on SIGTERM.*\ngantry: Stopped\.\n$/);
      const second = await gantryUp(other.env);
      assert.deepEqual(await running, { code: 0, stdout: 'begun\ndone\n', stderr: '' });
      assert.equal(await stopGantry(second), 0);
    } finally {
      await other.remove();
    }
  });

  test('a second signal leaves at once, and the next up clears away what was left', async () => {
    const other = await makeDataDir();
    try {
      const first = await gantryUp(other.env);
      const begun = Promise.withResolvers<ChildProcess>();
      const running = gantry(['exec', '-l', 'bash', '--limit', 'wall=3s'], {
        env: other.env,
        stdin: 'echo begun; sleep 60',
        onStart: (child) => child.stdout?.once('data', () => begun.resolve(child)),
      });
      const client = await begun.promise;
      first.child.kill('SIGINT');
      // Two of the same kind may arrive as one.
      first.child.kill('SIGTERM');
      if (first.child.exitCode === null) await once(first.child, 'exit');
      assert.equal(first.child.exitCode, 130);
      client.kill('SIGKILL');
      await running;
      const second = await gantryUp(other.env);
      await until(async () => {
        const { stdout } = await gantry(['runs', '--json'], { env: other.env });
        return (JSON.parse(stdout) as { items: { status: string }[] }).items[0]?.status === 'succeeded';
      });
      assert.equal(await stopGantry(second), 0);
    } finally {
      await other.remove();
    }
  });
});
