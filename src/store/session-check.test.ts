import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import { createLogger } from '../base/logger.ts';
import { openDatabase } from './database.ts';
import { openListener } from './listen.ts';
import { assertSessions } from './session-check.ts';

const program = '/usr/sbin/pgbouncer';

test('a direct connection passes; behind a transaction pooler the check says what to set, and passes with it', async (t) => {
  if (!isThere(program)) return t.skip('pgbouncer is not installed');
  const direct = await testDatabase();
  t.after(() => direct.drop());
  const pooled = await startPooler(t, direct);

  await check(direct.url);
  await assert.rejects(check(pooled), { code: 'DATABASE_POOLED', message: /GANTRY_DATABASE_SESSION_URL/ });
  await check(pooled, direct.url);
});

async function check(url: string, sessionUrl?: string): Promise<void> {
  const database = openDatabase({ url, sessionUrl, poolSize: 2, onError: () => undefined });
  const listener = await openListener(database, createLogger('silent'));
  try {
    await assertSessions(database, listener);
  } finally {
    await listener.close();
    await database.close();
  }
}

/** A pgbouncer that pools by transaction before `direct`; its URL. */
async function startPooler(t: TestContext, direct: TestDatabase): Promise<string> {
  const client = new Client({ connectionString: direct.url });
  const directory = await mkdtemp(join(tmpdir(), 'gantry-pooler-'));
  const port = await freePort();
  const settings = join(directory, 'pgbouncer.ini');
  await writeFile(
    settings,
    `[databases]\npooled = host=${client.host} port=${client.port} dbname=${client.database} user=${client.user} password=${client.password}\n` +
      `[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = any\n` +
      `pool_mode = transaction\ndefault_pool_size = 2\nignore_startup_parameters = extra_float_digits\n`,
    { mode: 0o600 },
  );
  const account = await accountFor(client.host);
  for (const path of [directory, settings]) {
    if (account) await chown(path, account.uid, account.gid);
  }
  await chmod(directory, 0o700);
  const child = spawn(program, ['--quiet', settings], { ...account, cwd: '/', env: {}, stdio: 'ignore' });
  t.after(async () => {
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'close');
    await rm(directory, { recursive: true, force: true });
  });
  const url = `postgres://any@127.0.0.1:${port}/pooled`;
  for (const deadline = Date.now() + 20_000; ; await pause(20)) {
    const probe = new Client({ connectionString: url });
    probe.on('error', () => undefined);
    const up = await probe.connect().then(
      () => true,
      () => false,
    );
    if (up) {
      await probe.end();
      return url;
    }
    assert.ok(Date.now() < deadline && child.exitCode === null, 'pgbouncer did not start');
  }
}

/** pgbouncer refuses to be root; the owner of the server's socket may connect to it. */
async function accountFor(socketDirectory: string): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const { uid, gid } = await stat(socketDirectory);
  return { uid, gid };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

function isThere(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
