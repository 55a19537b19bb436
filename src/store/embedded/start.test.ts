import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLogger } from '../../base/logger.ts';
import { pathsBelow } from './paths.ts';
import { findRunning, stopPostmaster } from './postmaster.ts';
import { startEmbedded } from './start.ts';
import { connect, query } from '../../../test/support/postgres-client.ts';

const logger = createLogger('silent');
const asRoot = process.getuid?.() === 0;
const holder = fileURLToPath(new URL('../../../test/support/hold-database.ts', import.meta.url));

// The last thing made goes first: no owner may start a server again in a directory that is being deleted.
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) await cleanup();
});

test('the second start finds what the first one wrote, and a stop leaves no process', async () => {
  const dataDir = await directory();
  const told: string[] = [];
  const first = await startEmbedded({ dataDir, logger, onProgress: (text) => told.push(text) });
  assert.equal(first.adopted, false);
  assert.ok(told.includes('Creating the database'));
  await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await first.stop();
  assert.equal(await findRunning(pathsBelow(dataDir)), undefined);

  const second = await startEmbedded({ dataDir, logger });
  assert.equal(second.url, first.url);
  assert.deepEqual(await query(second.url, 'SELECT n FROM kept'), [{ n: 7 }]);
  assert.deepEqual(await query(second.url, 'SHOW fsync'), [{ fsync: 'on' }]);
  await second.stop();
});

test('a server whose Gantry was killed is adopted, not started a second time', async () => {
  const dataDir = await directory();
  const killed = await hold(dataDir);
  await query(killed.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  const orphan = await findRunning(pathsBelow(dataDir));
  killed.child.kill('SIGKILL');
  await once(killed.child, 'close');

  const next = await startEmbedded({ dataDir, logger });
  assert.equal(next.adopted, true);
  assert.equal((await findRunning(pathsBelow(dataDir)))?.pid, orphan?.pid);
  assert.deepEqual(await query(next.url, 'SELECT n FROM kept'), [{ n: 7 }]);
  await next.stop();
  assert.equal(await findRunning(pathsBelow(dataDir)), undefined);
});

test('a server that is killed under load comes back with every committed row', async () => {
  const dataDir = await directory();
  const database = await startEmbedded({ dataDir, logger });
  cleanups.push(database.stop);
  await query(database.url, 'CREATE TABLE load (n int)');
  let committed = 0;
  const writer = (async () => {
    const client = await connect(database.url);
    for (; ; committed += 1) await client.query('INSERT INTO load VALUES ($1)', [committed]);
  })().catch((error: unknown) => error);
  await until(async () => committed > 50);
  const before = await findRunning(pathsBelow(dataDir));
  process.kill(before?.pid ?? 0, 'SIGKILL');
  assert.ok((await writer) instanceof Error);

  await until(async () => (await query(database.url, 'SELECT 1').catch(() => [])).length === 1);
  const rows = await query(database.url, 'SELECT count(*)::int AS n FROM load');
  assert.ok(Number(rows[0]?.['n']) >= committed, `${String(rows[0]?.['n'])} rows of ${committed}`);
  assert.notEqual((await findRunning(pathsBelow(dataDir)))?.pid, before?.pid);
});

test('of two that start at once on a new directory one owns the database and the other shares it', async () => {
  const dataDir = await directory();
  const [one, other] = await Promise.all([hold(dataDir), hold(dataDir)]);
  assert.equal(one.url, other.url);
  assert.deepEqual([one.adopted, other.adopted].sort(), [false, true]);
  const [owner, sharer] = one.adopted ? [other, one] : [one, other];
  await query(owner.url, 'CREATE TABLE kept AS SELECT 7 AS n');

  await stop(owner);
  await until(async () => (await query(sharer.url, 'SELECT n FROM kept').catch(() => [])).length === 1);
  await stop(sharer);
  assert.equal(await findRunning(pathsBelow(dataDir)), undefined);
});

test('a lock file that names an unrelated process does not keep the database down', async () => {
  const dataDir = await directory();
  const paths = pathsBelow(dataDir);
  const first = await hold(dataDir);
  const server = await findRunning(paths);
  first.child.kill('SIGKILL');
  await once(first.child, 'close');
  const pidFile = join(paths.cluster, 'postmaster.pid');
  const lines = await readFile(pidFile, 'utf8');
  if (server) await stopPostmaster(server, paths, 10_000);
  await writeFile(pidFile, lines.replace(/^\d+/, String(process.pid)));

  const next = await startEmbedded({ dataDir, logger });
  assert.equal(next.adopted, false);
  await next.stop();
});

test('a path too long for a socket file moves the server to a port of this machine', async () => {
  const dataDir = join(await directory(), 'long'.repeat(25));
  const database = await startEmbedded({ dataDir, logger });
  assert.match(database.url, /@127\.0\.0\.1:\d+\/gantry$/);
  assert.equal((await query(database.url, 'SELECT 1')).length, 1);
  await database.stop();
});

test('a data directory below a private one is refused with the directory that is in the way', async (t) => {
  if (!asRoot) return t.skip('only root lends the database another user');
  const home = join(await directory(), 'home');
  await mkdir(home, { mode: 0o700 });
  await assert.rejects(startEmbedded({ dataDir: join(home, 'data'), logger }), {
    code: 'DATA_DIR_UNUSABLE',
    message: new RegExp(`cannot enter ${home}`),
  });
  await chmod(home, 0o711);
  await (await startEmbedded({ dataDir: join(home, 'data'), logger })).stop();
});

test('a read-only data directory and a full disk are named as such, and nothing breaks', async (t) => {
  if (!asRoot) return t.skip('only root can mount a small disk');
  const disk = join(await directory(), 'disk');
  await mkdir(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=70m,mode=755', 'tmpfs', disk], { stdio: 'pipe' });
  } catch {
    return t.skip('this machine does not let root mount a tmpfs');
  }
  try {
    await assert.rejects(startEmbedded({ dataDir: disk, logger }), { code: 'DISK_FULL' });
    execFileSync('mount', ['-o', 'remount,size=300m', disk]);
    await (await startEmbedded({ dataDir: disk, logger })).stop();
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    await assert.rejects(startEmbedded({ dataDir: disk, logger }), { code: 'DATA_DIR_UNUSABLE' });
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    await (await startEmbedded({ dataDir: disk, logger })).stop();
  } finally {
    execFileSync('umount', ['--lazy', disk]);
  }
});

test('a password that does not fit is refused, and the server does not stay behind', async () => {
  const dataDir = await directory();
  await (await startEmbedded({ dataDir, logger })).stop();
  await writeFile(pathsBelow(dataDir).password, 'another');
  await assert.rejects(startEmbedded({ dataDir, logger }), {
    code: 'DATABASE_FAILED',
    message: /does not take the password/,
  });
  assert.equal(await findRunning(pathsBelow(dataDir)), undefined);
});

test('an ordinary user runs the database as itself', async (t) => {
  if (!asRoot) return t.skip('the other tests already ran as an ordinary user');
  const [uid, gid] = [54_321, 54_321];
  try {
    execFileSync(process.execPath, ['--version'], { uid, gid, cwd: '/' });
    execFileSync('test', ['-r', holder], { uid, gid, cwd: '/' });
  } catch {
    return t.skip('other users cannot read this clone');
  }
  const dataDir = join(await directory(), 'data');
  await mkdir(dataDir);
  execFileSync('chown', [`${uid}:${gid}`, dataDir]);
  const held = await hold(dataDir, { uid, gid });
  assert.equal(held.adopted, false);
  await stop(held);
});

interface Held {
  readonly url: string;
  readonly adopted: boolean;
  readonly child: ReturnType<typeof spawn>;
}

async function hold(dataDir: string, account: { uid?: number; gid?: number } = {}): Promise<Held> {
  const child = spawn(process.execPath, [holder, dataDir], {
    ...account,
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cleanups.push(async () => {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL'))
      await once(child, 'close');
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, adopted }: { url: string; adopted: boolean } = JSON.parse(line);
    return { url, adopted, child };
  }
  throw new Error(`The database did not start: ${said}`);
}

async function stop(held: Held): Promise<void> {
  held.child.kill('SIGTERM');
  await once(held.child, 'close');
}

async function directory(): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'gantry-embedded-')));
  await chmod(path, 0o755);
  cleanups.push(async () => {
    const paths = pathsBelow(path);
    const left = await findRunning(paths);
    if (left) await stopPostmaster(left, paths, 0);
    await rm(path, { recursive: true, force: true });
  });
  return path;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, 'the condition never came true');
    await pause(20);
  }
}
