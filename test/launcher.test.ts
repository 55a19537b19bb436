import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../gantry', import.meta.url));
const platform = `node-linux-${process.arch}`;
const manifest = { name: 'clone', version: '1.0.0', dependencies: { [platform]: 'file:vendor' } };
const lock = {
  name: 'clone',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: 'clone', version: '1.0.0', dependencies: { [platform]: 'file:vendor' } },
    [`node_modules/${platform}`]: { resolved: 'vendor', link: true },
    vendor: { name: platform, version: '24.0.0' },
  },
};

test('two first starts at once install once, and both run, through a link, from any directory', async (t) => {
  const { root, link } = await clone(t);
  const runs = await Promise.all([run(link, ['one', 'two words', '']), run(link, ['exec', '*'])]);
  assert.deepEqual(
    runs.map(({ code }) => code),
    [7, 7],
  );
  assert.deepEqual(JSON.parse(runs[0]?.out ?? '').words, ['one', 'two words', '']);
  assert.deepEqual(JSON.parse(runs[1]?.out ?? '').words, ['exec', '*']);
  assert.deepEqual(runs.map(({ err }) => err).sort(), ['', 'gantry: Installing packages ...\n']);

  await writeFile(join(root, 'package-lock.json'), `${JSON.stringify(lock)}\n\n`);
  assert.match((await run(link, [])).err, /Installing packages/);
  assert.equal((await run(link, [])).err, '');
});

test('what the shell says to its own Node programs does not reach Gantry', async (t) => {
  const { link } = await clone(t);
  const env = { NODE_OPTIONS: '--title=other', NODE_ENV: 'test', NODE_EXTRA_CA_CERTS: '/kept.pem' };
  const { out } = await run(link, [], env);
  const seen = JSON.parse(out).env;
  assert.doesNotMatch(seen.NODE_OPTIONS ?? '', /title/);
  assert.equal(seen.NODE_ENV, undefined);
  assert.equal(seen.NODE_EXTRA_CA_CERTS, '/kept.pem');
});

test('an install that fails shows what npm said, and the next start tries again', async (t) => {
  const { root, link } = await clone(t);
  await writeFile(
    join(root, 'package.json'),
    JSON.stringify({ ...manifest, dependencies: { nothing: 'file:nowhere' } }),
  );
  const failed = await run(link, []);
  assert.equal(failed.code, 78);
  assert.match(
    failed.err,
    /npm error[^]*could not be installed; everything that npm said is in .*\.gantry\/install\.log/,
  );
  assert.match(await readFile(join(root, '.gantry/install.log'), 'utf8'), /npm error/);

  await writeFile(join(root, 'package.json'), JSON.stringify(manifest));
  assert.equal((await run(link, [])).code, 7);
});

test('a machine without Node or git is told what to install', async (t) => {
  const { link } = await clone(t);
  const bare = join(dirname(link), 'bin');
  await mkdir(bare);
  const tools = ['sh', 'dirname', 'readlink', 'uname', 'cat', 'cksum'];
  for (const tool of tools) await symlink(where(tool), join(bare, tool));
  const withoutGit = await run(link, [], { PATH: bare });
  assert.equal(withoutGit.code, 78);
  assert.match(withoutGit.err, /git is missing\. Install it/);
  await symlink(where('git'), join(bare, 'git'));
  assert.match(
    (await run(link, [], { PATH: bare })).err,
    /Node\.js is missing\. Install version 20 or later/,
  );
});

test('a clone that this user cannot write says who must start it first', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('only root can become another user');
  const { link, root } = await clone(t);
  await chmod(dirname(link), 0o755);
  await chmod(root, 0o755);
  const refused = await run(link, [], {}, { uid: 65_534, gid: 65_534 });
  assert.equal(refused.code, 78);
  assert.match(refused.err, /not writable for you.*Run \.\/gantry once as its owner/);
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A clone that brings its Node from a folder, so that npm needs no network; its path holds a space. */
async function clone(t: TestContext): Promise<{ root: string; link: string }> {
  const home = await mkdtemp(join(tmpdir(), 'gantry-launcher-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const root = join(home, 'a clone');
  const vendor = join(root, 'vendor/bin');
  await mkdir(vendor, { recursive: true });
  await symlink(process.execPath, join(vendor, 'node'));
  await writeFile(join(root, 'vendor/package.json'), JSON.stringify({ name: platform, version: '24.0.0' }));
  await mkdir(join(root, 'src/cli'), { recursive: true });
  await writeFile(
    join(root, 'src/cli/main.ts'),
    `console.log(JSON.stringify({ words: process.argv.slice(2), env: process.env }));\nprocess.exitCode = 7 as number;\n`,
  );
  await writeFile(join(root, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(root, 'package-lock.json'), JSON.stringify(lock));
  await copyFile(launcher, join(root, 'gantry'));
  await chmod(join(root, 'gantry'), 0o755);
  await symlink('a clone/gantry', join(home, 'first'));
  const link = join(home, 'second');
  await symlink('first', link);
  return { root, link };
}

function run(program: string, words: string[], env: Record<string, string> = {}, account = {}): Promise<Ran> {
  const options = {
    cwd: '/',
    env: { PATH: process.env['PATH'], HOME: dirname(program), ...env },
    ...account,
  };
  return new Promise((resolve) => {
    execFile(program, words, options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

function where(tool: string): string {
  return execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
}
