import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gantry, gantryOnTerminal } from '../../test/support/command-line.ts';
import { gantryUp, makeDataDir, stopGantry, withServer } from '../../test/support/gantry-up.ts';
import type { AuditEntry } from '../contract/audit.ts';
import type { ExecutionRun } from './exec-exit.ts';

const { place, server, cli, json, program } = withServer();

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
    const env = { GANTRY_URL: server().url, GANTRY_API_KEY: key };
    assert.equal((await gantry(['runs'], { env })).code, 0);
    const above = await gantry(['keys', 'create', '--name', 'M', '--role', 'admin'], { env });
    assert.equal(above.code, 77);
    assert.match((await cli('keys')).stdout, new RegExp(`^${id}  N +member`, 'm'));
    assert.equal((await cli('keys', 'revoke', id)).code, 0);
    const after = await gantry(['runs'], { env });
    assert.equal(after.code, 77);
    assert.match(after.stderr, /^gantry: .*\n$/);
    assert.equal((await gantry(['runs'], { env: { GANTRY_URL: server().url } })).code, 77);
  });
});

describe('users', () => {
  test('someone is invited, and the invitation taken back', async () => {
    const invited = await cli('users', 'invite', 'ada@example.org', '--role', 'viewer');
    assert.ok(invited.stdout.startsWith(server().url));
    assert.match((await cli('users')).stdout, /^ada@example\.org +viewer +invited/m);
    assert.equal((await cli('users', 'remove', 'ada@example.org')).code, 0);
    assert.doesNotMatch((await cli('users')).stdout, /ada@/);
  });

  test('a role changes, a user is shut out, let in, unlocked, gets a password and is removed', async () => {
    const { key } = await json<{ key: string }>('keys', 'create', '--name', 'admin', '--role', 'admin');
    const created = await fetch(new URL('/api/v1/users', server().url), {
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
      env: place().env,
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
    assert.equal(new URL(url).origin, server().url);
    assert.notEqual(url, server().signInLink);
  });
});

describe('secrets', () => {
  test('a secret is sealed from stdin or typed without echo, listed without its value, and removed', async () => {
    const set = await gantry(['secrets', 'set', 'TOKEN'], { env: place().env, stdin: 'hush-hush\n' });
    assert.equal(set.code, 0, set.stderr);
    assert.match(set.stdout, /^Sealed TOKEN\. No run may use it yet; `gantry secrets grant TOKEN`/);
    const typed = await gantryOnTerminal(['secrets', 'set', 'TYPED', '--mine'], {
      env: place().env,
      onStart: (child) => child.stdout?.once('data', () => child.stdin?.write('hush-hush\n')),
    });
    assert.equal(typed.code, 0, typed.stdout);
    assert.match(typed.stdout, /^Value of TYPED: \r\nSealed TYPED\. No run .*\r\n$/);
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
    const env = { GANTRY_URL: server().url, GANTRY_API_KEY: key };
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

describe('backup and restore', () => {
  test('a backup is made while Gantry works, and comes back elsewhere', async () => {
    const run = await json<ExecutionRun>('exec', await program('kept.sh', 'echo kept'));
    const saved = await cli('backup', 'all.tar.gz');
    assert.equal(saved.code, 0, saved.stderr);
    assert.match(saved.stdout, /^Saved \d+ rows to .*all\.tar\.gz/);
    assert.ok(saved.stdout.includes(join(place().dataDir, 'master.key')));
    const here = await cli('restore', 'all.tar.gz', '--force');
    assert.equal(here.code, 65);
    assert.equal(
      here.stderr,
      'gantry: A Gantry runs here. Stop it with `gantry down`, then restore again.\n',
    );
    const other = await makeDataDir();
    try {
      const restored = await gantry(['restore', 'all.tar.gz'], { env: other.env, cwd: place().directory });
      assert.equal(restored.code, 0, restored.stderr);
      const second = await gantryUp(other.env);
      const shown = await gantry(['runs', 'show', run.id, '--json'], { env: other.env });
      assert.deepEqual((JSON.parse(shown.stdout) as ExecutionRun).output, run.output);
      const log = await gantry(['audit', '--kind', 'system', '--json'], { env: other.env });
      const [latest] = JSON.parse(log.stdout) as AuditEntry[];
      assert.deepEqual([latest?.operation, latest?.address], ['gantry restore', 'command line']);
      const [saving] = await json<AuditEntry[]>('audit', '--kind', 'system');
      assert.equal(saving?.operation, 'gantry backup');
      await stopGantry(second);
    } finally {
      await other.remove();
    }
    await program('broken.tar.gz', 'no backup');
    for (const [file, code] of [
      ['none.tar.gz', 66],
      ['broken.tar.gz', 65],
    ] as const) {
      const failed = await gantry(['restore', file], { env: other.env, cwd: place().directory });
      assert.equal(failed.code, code, failed.stderr);
    }
    await other.remove();
  });
});
