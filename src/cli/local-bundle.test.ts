import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLocalBundle } from './local-bundle.ts';

const git = (cwd: string, ...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd, encoding: 'utf8' });

async function withRepository(work: (directory: string) => Promise<void>): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'gantry-local-'));
  try {
    git(place, 'init', '--quiet', '--initial-branch', 'main');
    await work(place);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** The files of the bundle's HEAD, and how many commits it has. */
async function unpacked(file: string): Promise<{ files: string; commits: number; branches: string }> {
  const place = await mkdtemp(join(tmpdir(), 'gantry-unpacked-'));
  try {
    git(place, 'clone', '--quiet', file, 'c');
    const clone = join(place, 'c');
    const files = git(clone, 'ls-files')
      .trim()
      .split('\n')
      .map((path) => `${path}=${git(clone, 'show', `HEAD:${path}`).trim()}`);
    const branches = git(clone, 'branch', '-r', '--format', '%(refname:short)').trim();
    return { files: files.join(' '), commits: Number(git(clone, 'rev-list', '--count', 'HEAD')), branches };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

const stateOf = async (place: string) =>
  [
    createHash('sha256')
      .update(await readFile(join(place, '.git', 'index')))
      .digest('hex'),
    git(place, 'for-each-ref'),
    git(place, 'count-objects', '-v'),
    git(place, 'status', '--porcelain'),
  ].join('\n');

test('a bundle holds the working tree, also what is not committed, and leaves the repository as it was', () =>
  withRepository(async (place) => {
    await writeFile(join(place, '.gitignore'), 'secret.env\n');
    await writeFile(join(place, 'a.txt'), 'one');
    git(place, 'add', '.');
    git(place, 'commit', '--quiet', '-m', 'first');
    await writeFile(join(place, 'a.txt'), 'two');
    await writeFile(join(place, 'b.txt'), 'new');
    await writeFile(join(place, 'secret.env'), 'KEY=1');
    git(place, 'status');
    const before = await stateOf(place);
    const { files, commits, branches } = await withLocalBundle(place, undefined, ({ file }) =>
      unpacked(file),
    );
    assert.equal(files, '.gitignore=secret.env a.txt=two b.txt=new');
    assert.equal(commits, 2);
    assert.match(branches, /origin\/main/);
    assert.equal(await stateOf(place), before);
    const named = await withLocalBundle(place, 'main', ({ file }) => unpacked(file));
    assert.equal(named.files, '.gitignore=secret.env a.txt=one');
    await assert.rejects(
      withLocalBundle(place, 'nope', async () => undefined),
      /There is no "nope"/,
    );
  }));

test('a clean, a shallow, a bare and a new repository can be sent as well; what is none is refused', () =>
  withRepository(async (place) => {
    await writeFile(join(place, 'a.txt'), 'one');
    const fresh = await withLocalBundle(place, undefined, ({ file }) => unpacked(file));
    assert.deepEqual([fresh.files, fresh.commits], ['a.txt=one', 1]);
    for (const name of ['first', 'second']) {
      await writeFile(join(place, 'a.txt'), name);
      git(place, 'add', '.');
      git(place, 'commit', '--quiet', '-m', name);
    }
    const clean = await withLocalBundle(place, undefined, ({ file }) => unpacked(file));
    assert.deepEqual([clean.files, clean.commits], ['a.txt=second', 2]);
    const shallow = join(place, 'shallow');
    git(place, 'clone', '--quiet', '--depth', '1', `file://${place}`, shallow);
    const cut = await withLocalBundle(shallow, undefined, async ({ file, note }) => ({
      ...(await unpacked(file)),
      note,
    }));
    assert.deepEqual([cut.files, cut.commits], ['a.txt=second', 1]);
    assert.match(cut.note ?? '', /without its history/);
    const bare = join(place, 'bare.git');
    git(place, 'clone', '--quiet', '--bare', place, bare);
    assert.equal((await withLocalBundle(bare, undefined, ({ file }) => unpacked(file))).commits, 2);
    await assert.rejects(
      withLocalBundle(tmpdir(), undefined, async () => undefined),
      /is no git repository/,
    );
    await assert.rejects(
      withLocalBundle(join(place, 'none'), undefined, async () => undefined),
      /no directory/,
    );
  }));
