import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { gantry, mainPath } from '../../test/support/command-line.ts';
import { gantryUp, makeDataDir, stopGantry, withServer } from '../../test/support/gantry-up.ts';
import { until } from '../../test/support/until.ts';

const { place, server, cli, program } = withServer();

describe('doctor, config and logs', () => {
  test('doctor says what is here while the server runs', async () => {
    const { code, stdout } = await cli('doctor', '--json');
    const { checks, healthy } = JSON.parse(stdout) as {
      healthy: boolean;
      checks: { name: string; detail: string }[];
    };
    assert.equal(code, healthy ? 0 : 1);
    assert.ok(checks.some(({ name, detail }) => name === 'server' && detail === `${server().url}, ready`));
    assert.ok(
      checks.some(({ name, detail }) => name === 'database' && /embedded PostgreSQL \d+/.test(detail)),
    );
    assert.ok(checks.some(({ name }) => name === 'memory'));
    assert.match((await cli('doctor')).stdout, /^ok +languages +.*bash/m);
  });

  test('config shows where each value comes from, and no secret', async () => {
    const env = {
      ...place().env,
      GANTRY_API_KEY: 'top-secret',
      GANTRY_DATABASE_URL: 'postgres://me:hush@db/gantry',
      GANTRY_MCP_SERVERS: 'a=https://me:hush@h/hush?key=hush,b=/bin/b --key hush',
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

describe('up and down', () => {
  test('a second up says that one runs already, and where', async () => {
    const { code, stdout, stderr } = await cli('up');
    assert.equal(code, 0);
    assert.equal(stdout, `ready ${server().url}\n`);
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

  test('down comes back although whoever started the server never looks after it', async () => {
    await using own = await makeDataDir();
    const script = `"$@" & exec sleep 300`;
    const env = { PATH: process.env['PATH'], ...own.env };
    const careless = spawn('sh', ['-c', script, 'sh', process.execPath, mainPath, 'up'], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await once(careless.stdout, 'data', { signal: AbortSignal.timeout(60_000) });
      const { code, stdout } = await gantry(['down'], { env: own.env });
      assert.deepEqual([code, stdout], [0, 'Stopped.\n']);
    } finally {
      careless.kill('SIGKILL');
    }
  });

  test('a first signal lets what runs end, and who follows it goes on with the next server', async () => {
    const other = await makeDataDir();
    try {
      const first = await gantryUp(other.env);
      const name = await program('slow.sh', 'echo begun; sleep 1; echo done');
      const running = gantry(['exec', name], {
        env: other.env,
        cwd: place().directory,
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
    await using other = await makeDataDir();
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
  });
});
