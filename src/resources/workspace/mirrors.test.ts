import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createLogger } from '../../base/logger.ts';
import { startGitServer, type GitServer } from '../../../test/support/git-server.ts';
import { git } from '../../../test/support/git-repository.ts';
import { until } from '../../../test/support/until.ts';
import { createMirrors, type MirrorOptions, type MirrorSource } from './mirrors.ts';
import { createRunGit } from './host-git.ts';
import { currentGeneration, lockPlace, mirrorPlace } from './mirror-place.ts';

const canary = 'canary-5f1c9a';
const place = mkdtempSync(join(tmpdir(), 'gantry-mirrors-'));
let server: GitServer;

before(async () => {
  server = await startGitServer();
});
after(async () => {
  await server.close();
  rmSync(place, { recursive: true, force: true });
});

function mirrorsIn(name: string, options: Partial<MirrorOptions> = {}) {
  return createMirrors({
    directory: join(place, name),
    mostBytes: 1024 ** 3,
    repositoryBytes: 1024 ** 3,
    fetchTimeoutMs: 30_000,
    openWay: async () => undefined,
    log: createLogger('silent'),
    ...options,
  });
}

function sourceOf(url: string, password: string | null = null): MirrorSource {
  const credential = password === null ? null : { username: 'reader', password };
  return { scope: url, url, credential: async () => credential };
}

const task = { signal: new AbortController().signal };
const asked = () => server.requests.length;

test('a known commit needs no network, a moved branch is fetched, a deleted one is not found', async () => {
  const mirrors = mirrorsIn('moved');
  const repository = await server.add('acme/moved', { public: true });
  const source = sourceOf(repository.url);
  const first = await mirrors.resolve(source, undefined, task);
  assert.equal(first.from, 'clone');
  assert.equal(first.branch, 'main');
  const before = asked();
  const mirror = await mirrors.open(source, first.commit ?? '', task);
  assert.equal(mirror.from, 'cache');
  assert.equal((await mirrors.resolve(source, first.commit ?? '', task)).commit, first.commit);
  assert.equal(asked(), before);
  const second = await repository.commit({ files: { a: '2' } });
  await repository.commit({ branch: 'topic', files: { a: '3' } });
  assert.deepEqual(await mirrors.resolve(source, 'main', task), {
    commit: second,
    branch: 'main',
    from: 'fetch',
  });
  assert.equal((await mirrors.resolve(source, 'topic', task)).branch, 'topic');
  assert.equal((await mirrors.resolve(source, second.slice(0, 9), task)).commit, second);
  await git(repository.path, ['branch', '-D', 'topic']);
  await assert.rejects(mirrors.resolve(source, 'topic', task), {
    code: 'NOT_FOUND',
    message: /called topic/,
  });
  const tagger = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  await git(repository.path, [...tagger, 'tag', '-a', '-m', 'one', 'v1', first.commit ?? '']);
  assert.deepEqual(await mirrors.resolve(source, 'v1', task), {
    commit: first.commit,
    branch: null,
    from: 'cache',
  });
  await mirror.release();
});

test('a force-pushed branch leaves the commits that were known', async () => {
  const mirrors = mirrorsIn('forced');
  const repository = await server.add('acme/forced', { public: true });
  const source = sourceOf(repository.url);
  const old = (await repository.commit({ files: { a: 'old' } })) ?? '';
  await mirrors.resolve(source, 'main', task);
  await git(repository.path, ['update-ref', 'refs/heads/main', `${old}~1`]);
  const now = await repository.commit({ files: { a: 'new' } });
  assert.equal((await mirrors.resolve(source, 'main', task)).commit, now);
  await (await mirrors.open(source, old, task)).release();
});

test('what is wrong at the remote is said with what to do', async () => {
  const mirrors = mirrorsIn('wrong');
  const hidden = await server.add('acme/hidden');
  const reader = server.allow({ username: 'reader', password: canary, scope: 'read' });
  await mirrors.resolve(sourceOf(hidden.url, canary), undefined, task);
  reader.revoke();
  const refused = await mirrors
    .resolve(sourceOf(hidden.url, canary), undefined, task)
    .catch((error: unknown) => error);
  assert.ok(refused instanceof Error && 'code' in refused);
  assert.equal(refused.code, 'FORGE_KEY_REFUSED');
  assert.ok(!String(refused.cause).includes(canary) && !refused.message.includes(canary));
  await assert.rejects(mirrors.resolve(sourceOf(hidden.url), undefined, task), { code: 'FORGE_KEY_REFUSED' });
  server.allow({ username: 'reader', password: canary, scope: 'read' });
  await assert.rejects(mirrors.resolve(sourceOf(`${server.url}/no/such.git`, canary), undefined, task), {
    code: 'NOT_FOUND',
    message: /no git repository at that address/,
  });
  await assert.rejects(mirrors.resolve(sourceOf('http://127.0.0.1:1/a.git'), undefined, task), {
    code: 'FORGE_UNAVAILABLE',
  });
  await assert.rejects(mirrors.resolve(sourceOf(hidden.url, canary), 'no-such', task), { code: 'NOT_FOUND' });
  await assert.rejects(mirrors.resolve(sourceOf(hidden.url, canary), 'f'.repeat(40), task), {
    code: 'NOT_FOUND',
  });
  for (const ref of ['--upload-pack=id', 'a..b', 'x\n', 'refs/heads/*', '']) {
    await assert.rejects(
      mirrors.resolve(sourceOf(hidden.url, canary), ref, task),
      { code: 'INPUT_INVALID' },
      ref,
    );
  }
  for (const url of ['ext::sh -c id', '--upload-pack=id', 'fd::3', 'ftp://example.com/a', 'relative/path']) {
    await assert.rejects(mirrors.resolve(sourceOf(url), undefined, task), { code: 'INPUT_INVALID' }, url);
  }
  const empty = await server.add('acme/empty', { commits: [] });
  assert.deepEqual(await mirrors.resolve(sourceOf(empty.url, canary), undefined, task), {
    commit: null,
    branch: null,
    from: 'cache',
  });
});

test('the credential stands in no file of a mirror and in no command line', async () => {
  const mirrors = mirrorsIn('canary');
  const files = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, `${n}`.repeat(5000)]));
  const repository = await server.add('acme/canary', { commits: [{ files }] });
  server.allow({ username: 'reader', password: canary, scope: 'read' });
  const seen: string[] = [];
  let done = false;
  const watching = (async () => {
    while (!done) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
        for (const file of ['cmdline', 'environ']) {
          try {
            if (readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(canary)) seen.push(`${pid} ${file}`);
          } catch {
            // It has ended.
          }
        }
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  await mirrors.resolve(sourceOf(repository.url, canary), undefined, task);
  done = true;
  await watching;
  assert.deepEqual(seen, []);
  assert.throws(() => execFileSync('grep', ['-r', canary, join(place, 'canary')]), { status: 1 });
});

test('two processes that want the same repository clone it once', async () => {
  const repository = await server.add('acme/shared', { public: true });
  const before = asked();
  const resolved = await Promise.all(
    Array.from({ length: 4 }, () => mirrorsIn('shared').resolve(sourceOf(repository.url), 'main', task)),
  );
  assert.equal(new Set(resolved.map(({ commit }) => commit)).size, 1);
  assert.equal(resolved.filter(({ from }) => from === 'clone').length, 1);
  const packs = server.requests.slice(before).filter(({ line }) => line.includes('POST'));
  assert.ok(packs.length <= 6, `${packs.length} requests`);
});

test('a fetch that was killed leaves the mirror usable, and the next one succeeds', async () => {
  const repository = await server.add('acme/killed', { public: true });
  const source = sourceOf(repository.url);
  const mirrors = mirrorsIn('killed');
  const { commit } = await mirrors.resolve(source, 'main', task);
  const where = mirrorPlace(join(place, 'killed'), source.scope);
  const generation = currentGeneration(where) ?? '';
  for (const remains of ['packed-refs.lock', 'objects/pack/tmp_pack_x', 'refs/heads/main.lock'])
    writeFileSync(join(generation, remains), 'half');
  // The lock goes with the process that holds it.
  const holder = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `const { lockPlace } = await import(${JSON.stringify(new URL('mirror-place.ts', import.meta.url).href)});
     await lockPlace(${JSON.stringify(where)}, { wait: true }); console.log('held'); setInterval(() => {}, 1000);`,
  ]);
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  assert.equal(await lockPlace(where, { wait: false }), undefined);
  const next = await repository.commit({ files: { a: 'next' } });
  const fetching = mirrors.resolve(source, 'main', task);
  holder.kill('SIGKILL');
  assert.equal((await fetching).commit, next);
  await (await mirrors.open(source, commit ?? '', task)).release();
});

test('a fetch ends when it is aborted or takes too long, and leaves no process', async () => {
  const repository = await server.add('acme/slow', { public: true });
  const source = sourceOf(repository.url);
  server.fault = 'hang';
  const abort = new AbortController();
  const before = asked();
  const fetching = mirrorsIn('slow').resolve(source, undefined, { signal: abort.signal });
  await until(() => asked() > before);
  abort.abort(new Error('enough'));
  await assert.rejects(fetching, /enough/);
  server.fault = { status: 503 };
  await assert.rejects(mirrorsIn('slow').resolve(source, undefined, task), { code: 'FORGE_UNAVAILABLE' });
  server.fault = null;
});

test('a repository over its size is refused; mirrors out of use make room, those in use stay', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [
      `f${n}`,
      Buffer.from(crypto.getRandomValues(new Uint8Array(20_000))).toString('hex'),
    ]),
  );
  const one = await server.add('acme/one', { public: true, commits: [{ files }] });
  const two = await server.add('acme/two', { public: true, commits: [{ files: { a: '1' } }] });
  const mirrors = mirrorsIn('room', { mostBytes: 100_000 });
  const { commit } = await mirrors.resolve(sourceOf(one.url), 'main', task);
  const opened = await mirrors.open(sourceOf(one.url), commit ?? '', task);
  await mirrors.resolve(sourceOf(two.url), 'main', task);
  assert.ok(mirrors.bytes() > 500_000, 'one in use stays');
  assert.equal(await mirrors.remove(one.url), false);
  await opened.release();
  await two.commit({ files: { a: '2' } });
  await mirrors.resolve(sourceOf(two.url), 'main', task);
  assert.ok(mirrors.bytes() < 100_000, 'one out of use went');
  const small = mirrorsIn('small', { repositoryBytes: 100_000 });
  await assert.rejects(small.resolve(sourceOf(one.url), 'main', task), { code: 'WORKSPACE_FULL' });
  assert.equal(small.bytes(), 0);
});

test('forge drivers ask git through the same door', async () => {
  const repository = await server.add('acme/asked');
  server.allow({ username: 'reader', password: canary, scope: 'read' });
  const runGit = createRunGit(async () => ({}));
  const question = { command: ['ls-remote'], remote: repository.url, patterns: ['refs/heads/*'] };
  const credential = { username: 'reader', password: canary };
  const answer = await runGit({ ...question, credential });
  assert.match(answer.stdout, /refs\/heads\/main/);
  const wrong = await runGit({ ...question, credential: { ...credential, password: 'wrong' } });
  assert.equal(wrong.exitCode, 128);
  assert.match(wrong.stderr, /Authentication failed/);
});
