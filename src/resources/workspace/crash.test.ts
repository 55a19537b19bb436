import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sandboxDrivers } from '../../drivers/sandboxes/index.ts';
import { createLogger } from '../../base/logger.ts';
import { newId } from '../../base/ids.ts';
import { startGitServer, type GitServer } from '../../../test/support/git-server.ts';
import { testDatabase } from '../../../test/support/postgres.ts';
import { until } from '../../../test/support/until.ts';
import { shell, withWorkspaces } from '../../../test/support/with-workspaces.ts';
import { killHard } from '../../../test/support/worker-process.ts';
import { spawnWorkspaceWorker } from '../../../test/support/workspace-worker.ts';
import { lockPlace, mirrorPlace } from './mirror-place.ts';
import { removePlace } from './mirror-space.ts';

let server: GitServer;
before(async () => {
  server = await startGitServer();
});
after(() => server.close());

/** Files behind the loop devices of this machine. */
function loopFiles(): string[] {
  return readdirSync('/sys/block')
    .map((name) => join('/sys/block', name, 'loop/backing_file'))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8').trim());
}

test('kill -9 of a worker with an open workspace: the next start leaves no mount, device, directory or lock of it', async () => {
  const repository = await server.add('acme/killed', { public: true });
  const [first, second] = await Promise.all([testDatabase(), testDatabase()]);
  const dataDir = mkdtempSync(join(tmpdir(), 'gantry-crash-'));
  chmodSync(dataDir, 0o755);
  const id = newId();
  const place = { repository: { id, url: repository.url }, dataDir };
  const driver = sandboxDrivers.bubblewrap({
    ...{ dataDir, require: [], allowUnsafe: false, diskBytes: 2 ** 30 },
    logger: createLogger('silent'),
  });
  const mirror = mirrorPlace(join(dataDir, 'mirrors'), id);
  const children: ChildProcess[] = [];
  const spawn = async (databaseUrl: string) => {
    const worker = await spawnWorkspaceWorker({ ...place, databaseUrl });
    children.push(worker.child);
    return worker;
  };
  const mounts = () => readFileSync('/proc/self/mountinfo', 'utf8').includes(dataDir);
  try {
    const killed = await spawn(first.url);
    assert.deepEqual(killed.seen, { files: 'README.md\n', from: 'mirror' });
    if (process.getuid?.() === 0) assert.ok(mounts(), 'its workspace is mounted');
    assert.equal(await removePlace(mirror), false, 'a mirror in use stays');
    // A second process on the same machine uses the same mirror and layer meanwhile.
    const other = await spawn(second.url);
    assert.deepEqual(other.seen, { files: 'README.md\n', from: 'snapshot' });
    await killHard(killed.child);
    await driver.recover();
    assert.equal(readdirSync(join(dataDir, 'sandboxes')).length, 1, 'the living one is left alone');
    assert.equal(await removePlace(mirror), false, 'which still uses the mirror');
    await killHard(other.child);
    await driver.recover();
    assert.deepEqual(readdirSync(join(dataDir, 'sandboxes')), []);
    assert.ok(!mounts(), 'a mount is left');
    await until(() => !loopFiles().some((file) => file.startsWith(dataDir)));
    await until(async () => {
      const lock = await lockPlace(mirror, { wait: false });
      await lock?.release();
      return lock !== undefined;
    });
    // What both had is there for the next one, and nothing of what they changed.
    const next = await spawn(first.url);
    assert.deepEqual(next.seen, { files: 'README.md\n', from: 'snapshot' });
    await killHard(next.child);
    await driver.recover();
    await until(() => removePlace(mirror));
    assert.deepEqual(
      readdirSync(mirror.directory).filter((name) => name !== 'lock'),
      [],
    );
  } finally {
    for (const child of children) await killHard(child);
    await driver.recover();
    await driver.close();
    rmSync(dataDir, { recursive: true, force: true });
    await Promise.all([first.drop(), second.drop()]);
  }
});

test('two processes that want one repository at the same time both get it, and clone it once', async () => {
  const repository = await server.add('acme/both', { public: true });
  const databases = await Promise.all([testDatabase(), testDatabase()]);
  const dataDir = mkdtempSync(join(tmpdir(), 'gantry-both-'));
  chmodSync(dataDir, 0o755);
  const place = { repository: { id: newId(), url: repository.url }, dataDir };
  try {
    const before = server.requests.length;
    const workers = await Promise.all(
      databases.map(({ url }) => spawnWorkspaceWorker({ ...place, databaseUrl: url })),
    );
    assert.deepEqual(
      workers.map(({ seen }) => seen.files),
      ['README.md\n', 'README.md\n'],
    );
    const packs = server.requests.slice(before).filter(({ line }) => line.includes('POST'));
    assert.ok(packs.length <= 4, `${packs.length} requests`);
    for (const { child } of workers) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    assert.deepEqual(readdirSync(join(dataDir, 'sandboxes')), []);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
    await Promise.all(databases.map((each) => each.drop()));
  }
});

test('a workspace that nobody uses is closed, and opens again with its files', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('acme/idle', { public: true });
    const { id } = bench.connect('acme/idle', repository.url);
    const { workspaces, mirrors } = bench.machine({ idleMs: 300 });
    await bench.story((ctx) =>
      ctx.step('idle', async (step) => {
        const choice = { kind: 'connected' as const, name: 'acme/idle' };
        const state = await workspaces.resolve(step, choice, 'trusted');
        const workspace = await workspaces.at(step, state);
        await shell(workspace, 'echo kept > kept');
        const kept = await workspace.checkpoint('Keep');
        // Its mirror is let go of with it.
        await until(() => mirrors.remove(id));
        await assert.rejects(workspace.read('kept', { offset: 0, bytes: 9 }), { code: 'SANDBOX_FAILED' });
        assert.equal(await shell(await workspaces.at(step, kept), 'cat kept'), 'kept\n');
        return null;
      }),
    );
  }));
