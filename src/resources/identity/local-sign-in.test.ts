import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withReplicas } from '../../../test/support/identity.ts';
import { GantryError, type ErrorCode } from '../../base/errors.ts';
import { localSignInPath, readLocalSignIn, writeLocalSignIn } from './local-sign-in.ts';

const url = 'http://127.0.0.1:7070';
const code = (wanted: ErrorCode) => (error: unknown) => error instanceof GantryError && error.code === wanted;
const bearer = (token: string) => ({ authorization: `Bearer ${token}`, cookie: undefined });

async function withDirectory(work: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gantry-local-'));
  try {
    await work(dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

test('the file is for this account only, whole, and goes with its server', () =>
  withDirectory(async (dataDir) => {
    const written = await writeLocalSignIn({ dataDir, url });
    const path = localSignInPath(dataDir);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(dataDir), ['local.json']);
    const read = await readLocalSignIn(dataDir);
    assert.equal(read?.url, url);
    assert.equal(read.pid, process.pid);
    assert.match(read.token, /^gtl_[\w-]{43}$/);
    await written.remove();
    assert.deepEqual(await readdir(dataDir), []);
    assert.equal(await readLocalSignIn(dataDir), null);
  }));

test('a server that stops leaves the file of the one that came after it', () =>
  withDirectory(async (dataDir) => {
    const first = await writeLocalSignIn({ dataDir, url });
    await writeLocalSignIn({ dataDir, url: 'http://127.0.0.1:7071' });
    await first.remove();
    assert.equal((await readLocalSignIn(dataDir))?.url, 'http://127.0.0.1:7071');
  }));

test('the file of a dead server, and what is none, count for nothing', () =>
  withDirectory(async (dataDir) => {
    const child = spawn('true');
    await once(child, 'exit');
    const path = localSignInPath(dataDir);
    await writeFile(path, JSON.stringify({ url, token: 'gtl_x', pid: child.pid }));
    assert.equal(await readLocalSignIn(dataDir), null);
    for (const text of ['', '{', 'null', '{"url":1}', JSON.stringify({ url, token: 'gtl_x', pid: -1 })]) {
      await writeFile(path, text);
      assert.equal(await readLocalSignIn(dataDir), null, text);
    }
  }));

test('the file of a server of another account is said to be that', () =>
  withDirectory(async (dataDir) => {
    await writeLocalSignIn({ dataDir, url });
    await chmod(dataDir, 0o755);
    await chmod(localSignInPath(dataDir), 0o000);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      await assert.rejects(readLocalSignIn(dataDir), code('FORBIDDEN'));
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  }));

test('a directory that can not be written is said, and nothing is left', () =>
  withDirectory(async (dataDir) => {
    await assert.rejects(
      writeLocalSignIn({ dataDir: join(dataDir, 'none'), url }),
      code('DATA_DIR_UNUSABLE'),
    );
    assert.deepEqual(await readdir(dataDir), []);
  }));

test('the local token is an admin, before there is one and after', () =>
  withDirectory((dataDir) =>
    withReplicas(async (open) => {
      const { identity } = await open({ localTokenFile: localSignInPath(dataDir) });
      const written = await writeLocalSignIn({ dataDir, url });
      const { token } = JSON.parse(await readFile(localSignInPath(dataDir), 'utf8')) as { token: string };
      assert.deepEqual(await identity.authenticate(bearer(token)), {
        userId: 'local',
        name: 'local',
        role: 'admin',
      });
      const { apiKey, key } = await identity.keys.create({ name: 'ci', role: 'member', userId: 'local' });
      assert.equal((await identity.authenticate(bearer(key)))?.role, 'member');
      assert.equal((await identity.authenticate(bearer(token)))?.userId, apiKey.userId);
      await assert.rejects(identity.authenticate(bearer(`${token}x`)), code('UNAUTHENTICATED'));
      await written.remove();
      await assert.rejects(identity.authenticate(bearer(token)), code('UNAUTHENTICATED'));
    }),
  ));
