import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deleteRuns } from '../../kernel/retention.ts';
import type { Database } from '../../store/database.ts';
import { startGitServer, type GitServer } from '../../../test/support/git-server.ts';
import { git } from '../../../test/support/git-repository.ts';
import {
  shell,
  withWorkspaces,
  workspaceLimits,
  type WorkspaceBench,
} from '../../../test/support/with-workspaces.ts';

const MiB = 1024 ** 2;
let server: GitServer;
let place: string;
before(async () => {
  server = await startGitServer();
  place = mkdtempSync(join(tmpdir(), 'gantry-hostile-'));
});
after(async () => {
  await server.close();
  rmSync(place, { recursive: true, force: true });
});

const connected = (name: string) => ({ kind: 'connected' as const, name });

/** Adds a commit whose entries are raw: mode, name and content, with no check of what they are. */
async function rawCommit(path: string, stream: string): Promise<string> {
  await git(path, ['fast-import', '--quiet', '--force'], stream);
  return (await git(path, ['rev-parse', 'refs/heads/main'])).trim();
}

const commitHead =
  'commit refs/heads/main\ncommitter A <a@b> 1700000000 +0000\ndata 1\nx\nfrom refs/heads/main^0\n';
const inline = (mode: string, path: string, text: string) =>
  `M ${mode} inline ${JSON.stringify(path)}\ndata ${Buffer.byteLength(text)}\n${text}\n`;

test('hooks, filters, fsmonitor and links of a repository reach nothing outside, on the way in or out', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('evil/one', { public: true });
    const marker = join(place, 'escaped');
    const command = `touch ${marker}; touch /private/escaped /workspace/ran`;
    await rawCommit(
      repository.path,
      commitHead +
        inline(
          '100644',
          '.gitattributes',
          '* filter=evil diff=evil merge=evil\n*.utf working-tree-encoding=UTF-16\n',
        ) +
        inline(
          '100644',
          '.gitconfig',
          `[filter "evil"]\n\tclean = ${command}\n\tsmudge = ${command}\n\trequired\n[core]\n\tfsmonitor = ${command}\n`,
        ) +
        inline('100755', '.githooks/post-checkout', `#!/bin/sh\n${command}\n`) +
        inline(
          '100644',
          '.gitmodules',
          `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c ${command}\n\tupdate = none\n`,
        ) +
        inline('120000', 'passwd', '/etc/passwd') +
        inline('120000', 'up', '../../../../..') +
        inline('120000', 'own', '.git') +
        inline('100644', 'a\nb', 'newline\n') +
        inline('100644', '\u0007\u001b]0;title\u0007', 'control\n') +
        inline('100644', '--upload-pack=touch x', 'dash\n'),
    );
    bench.connect('evil/one', repository.url);
    const [one, two] = [bench.machine(), bench.machine()];
    await bench.story(async (ctx) => {
      const state = await ctx.step('resolve', (step) =>
        one.workspaces.resolve(step, connected('evil/one'), 'stranger'),
      );
      const kept = await ctx.step('work', async (step) => {
        const workspace = await one.workspaces.at(step, state);
        assert.equal(
          await shell(
            workspace,
            'ls /private 2>/dev/null; ls ran 2>/dev/null; cat passwd 2>/dev/null; ls | wc -l',
          ),
          '8\n',
        );
        await assert.rejects(workspace.read('passwd', { offset: 0, bytes: 10 }), { code: 'INPUT_INVALID' });
        await assert.rejects(workspace.put([{ path: 'up/x', content: Buffer.from('x') }]), {
          code: 'INPUT_INVALID',
        });
        await shell(
          workspace,
          `git config core.fsmonitor '${command}'; git config filter.evil.clean '${command}'; git config filter.evil.smudge '${command}'
           git config diff.evil.textconv '${command}'; git config core.hooksPath .githooks; git config diff.external '${command}'
           git config core.attributesFile /workspace/.gitattributes; git config core.alternateRefsCommand '${command}'
           git config uploadpack.packObjectsHook '${command}'; git config gpg.program '${command}'; git config commit.gpgSign true
           mkdir -p .git/hooks; printf '#!/bin/sh\\n${command}\\n' > .git/hooks/reference-transaction; chmod 755 .git/hooks/reference-transaction
           echo changed > 'a
b'; ln -s /repository r; mkfifo pipe; rm -f ran; printf x > locked; chmod 000 locked; mkdir -p closed; echo in > closed/in; chmod 000 closed`,
        );
        const diff = await workspace.diff('base', MiB);
        assert.match(diff.text, /\+changed/);
        const answer = await workspace.checkpoint('Evil');
        assert.equal(await shell(workspace, 'ls ran 2>/dev/null; stat -c %a locked closed'), '0\n0\n');
        return answer;
      });
      const paths = kept.checkpoint?.changes.map(({ path }) => path) ?? [];
      assert.ok(
        paths.includes('a\nb') && paths.includes('r') && paths.includes('closed/in'),
        JSON.stringify(paths),
      );
      const read = await ctx.step('read', async (step) => {
        const workspace = await two.workspaces.at(step, kept);
        return shell(
          workspace,
          "ls ran 2>/dev/null; cat 'a\nb'; readlink r; stat -c %a locked closed; chmod 700 closed; cat closed/in; git config core.hooksPath",
        );
      });
      assert.equal(read, 'changed\n/repository\n0\n0\nin\n.githooks\n');
    });
    assert.ok(!existsSync(marker));
  }));

test('a script of ours that does not end is stopped long before a program would be, with a clear word', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('evil/slow', { public: true });
    bench.connect('evil/slow', repository.url);
    const [hurried, patient] = [bench.machine({ scriptMs: 1 }), bench.machine()];
    const state = await bench.story((ctx) =>
      ctx.step('resolve', (step) => hurried.workspaces.resolve(step, connected('evil/slow'), 'stranger')),
    );
    // Caught within the step: such a failure may pass, so the run would be tried again.
    await bench.story((ctx) =>
      ctx.step('open', async (step) => {
        await assert.rejects(hurried.workspaces.at(step, state), {
          code: 'WORKSPACE_FAILED',
          message: /was stopped while .* not done after 1 seconds?[.] Try again/,
        });
        return null;
      }),
    );
    const files = bench.story((ctx) =>
      ctx.step('look', async (step) => shell(await patient.workspaces.at(step, state), 'ls')),
    );
    assert.equal(await files, 'README.md\n');
  }));

test('what a run does to its layer, its mirror or its git directory poisons no other run', () =>
  withWorkspaces(async (bench) => {
    const repository = await server.add('evil/two', { public: true });
    bench.connect('evil/two', repository.url);
    const one = bench.machine();
    const resolve = () =>
      bench.story((ctx) =>
        ctx.step('resolve', (step) => one.workspaces.resolve(step, connected('evil/two'), 'trusted')),
      );
    const state = await resolve();
    await bench.story((ctx) =>
      ctx.step('poison', async (step) => {
        const workspace = await one.workspaces.at(step, state);
        const said = await shell(
          workspace,
          'touch /repository/x 2>&1 || true; rm -rf /repository/objects 2>/dev/null; echo evil > README.md; rm -rf .git; git init -q; echo gone',
        );
        assert.match(said, /Read-only file system[\s\S]*gone/);
        const kept = await workspace.checkpoint('Poison');
        assert.equal(kept.checkpoint?.changes.length, 1);
        return null;
      }),
    );
    await bench.story((ctx) =>
      ctx.step('clean', async (step) => {
        const workspace = await one.workspaces.at(step, state);
        assert.equal(
          await shell(
            workspace,
            'git fsck --no-progress && git status --porcelain && git log --oneline | wc -l; git config core.hooksPath || echo none',
          ),
          '1\nnone\n',
        );
        return null;
      }),
    );
    await bench.story((ctx) =>
      ctx.step('stranger', async (step) => {
        await one.workspaces.at(step, { ...state, base: { ...state.base, trust: 'stranger' } });
        return null;
      }),
    );
    const tenants = new Set((await one.sandboxes.layers.list()).map(({ tenant }) => tenant));
    assert.equal(tenants.size, 2, 'trusted and strangers have snapshots of their own');
  }));

test('a file and a count of files that do not fit end with what to do, and leave the next run whole', () =>
  withWorkspaces(async (bench) => {
    const limits = { ...workspaceLimits, diskBytes: 48 * MiB, fileBytes: 48 * MiB, inodes: 5000 };
    const one = bench.machine({ limits });
    const big = await server.add('evil/big', { public: true });
    const zeros = spawnSync('sh', ['-c', 'head -c 200000000 /dev/zero | git hash-object -w --stdin'], {
      cwd: big.path,
    });
    await rawCommit(big.path, `${commitHead}M 100644 ${zeros.stdout.toString().trim()} big\n`);
    const many = await server.add('evil/many', { public: true });
    const names = Array.from({ length: 20_000 }, (_, n) => `M 100644 inline d${n % 100}/f${n}\ndata 0\n\n`);
    await rawCommit(many.path, commitHead + names.join(''));
    for (const [name, { url }] of [
      ['evil/big', big],
      ['evil/many', many],
    ] as const) {
      bench.connect(name, url);
      const ending = bench.story(async (ctx) => {
        const state = await ctx.step('resolve', (step) =>
          one.workspaces.resolve(step, connected(name), 'trusted'),
        );
        await ctx.step('open', async (step) => void (await one.workspaces.at(step, state)));
      });
      await assert.rejects(ending, { code: 'WORKSPACE_FULL', message: /GANTRY_WORKSPACE_MIB/ }, name);
    }
    const small = await server.add('evil/small', { public: true });
    bench.connect('evil/small', small.url);
    await bench.story(async (ctx) => {
      const state = await ctx.step('resolve', (step) =>
        one.workspaces.resolve(step, connected('evil/small'), 'trusted'),
      );
      await ctx.step('fill', async (step) => {
        const workspace = await one.workspaces.at(step, state);
        await shell(
          workspace,
          'head -c 20000000 /dev/urandom > noise; head -c 20000000 /dev/urandom > more || true',
        );
        await assert.rejects(workspace.checkpoint('Noise'), { code: 'WORKSPACE_FULL' });
        await shell(workspace, 'rm -f noise more; echo fine > fine');
        assert.deepEqual(
          (await workspace.checkpoint('Fine')).checkpoint?.changes.map(({ path }) => path),
          ['fine'],
        );
        return null;
      });
    });
  }));

async function addUser(db: Database, id: string): Promise<string> {
  await db.query('INSERT INTO users (id, name, email) VALUES ($1, $1, $1)', [id]);
  return id;
}

async function bundleOf(
  bench: WorkspaceBench,
  userId: string,
  machine: ReturnType<WorkspaceBench['machine']>,
  content: Buffer,
  ref?: string,
) {
  const pieces = (async function* () {
    for (let at = 0; at < content.length; at += 100_000) yield content.subarray(at, at + 100_000);
  })();
  const { id } = await machine.bundles.upload(userId, pieces);
  const choice = { kind: 'bundle' as const, bundleId: id, name: 'local', ...(ref !== undefined && { ref }) };
  return (user = userId, on = machine) =>
    bench.story((ctx) => ctx.step('resolve', (step) => on.workspaces.resolve(step, choice, 'trusted')), user);
}

test('an uploaded repository is worked on by its owner alone, on any machine, and goes with the last run', () =>
  withWorkspaces(async (bench) => {
    const [ada, eve] = [await addUser(bench.kernel.db, 'ada'), await addUser(bench.kernel.db, 'eve')];
    const [one, two] = [bench.machine(), bench.machine()];
    const repository = await server.add('local/one');
    await repository.commit({ files: { a: 'one\n' } }, { branch: 'topic', files: { b: 'two\n' } });
    const file = join(place, 'good.bundle');
    await git(repository.path, ['bundle', 'create', file, '--all', 'HEAD']);
    const open = await bundleOf(bench, ada, one, readFileSync(file));
    const state = await open();
    assert.equal(state.base.branch, 'main');
    await assert.rejects(open(eve), { code: 'NOT_FOUND' });
    const kept = await bench.story(
      (ctx) =>
        ctx.step('work', async (step) => {
          const workspace = await one.workspaces.at(step, state);
          assert.equal(
            await shell(workspace, 'cat a; git branch -r'),
            'one\n  origin/main\n  origin/topic\n',
          );
          await shell(
            workspace,
            'echo more >> a; git -c user.name=a -c user.email=b commit -qam more; git gc -q',
          );
          return workspace.checkpoint('More');
        }),
      ada,
    );
    await bench.story(
      (ctx) =>
        ctx.step('read', async (step) => {
          const workspace = await two.workspaces.at(step, kept);
          assert.equal(
            await shell(workspace, 'cat a; git log --oneline | wc -l; git fsck --no-progress'),
            'one\nmore\n3\n',
          );
          return null;
        }),
      ada,
    );
    const { db } = bench.kernel;
    const left = async () => (await db.query('SELECT bundle_id FROM bundle_chunks')).length;
    await db.query("UPDATE bundles SET created_at = now() - interval '2 days'");
    await one.bundles.expire();
    assert.equal(await left(), 3, 'the upload, its checkpoint, and the copy of the run that read it');
    await deleteRuns(
      db,
      (await db.query<{ id: string }>('SELECT id FROM runs')).map(({ id }) => id),
    );
    await one.bundles.expire();
    assert.equal(await left(), 0);
  }));

test('a bundle that is none, damaged, incomplete or hostile ends clearly, and is never read by the host', () =>
  withWorkspaces(async (bench) => {
    const ada = await addUser(bench.kernel.db, 'ada');
    const limits = { ...workspaceLimits, diskBytes: 32 * MiB };
    const one = bench.machine({ limits });
    const repository = await server.add('local/two');
    await repository.commit({ files: { a: 'x'.repeat(5000) } });
    const make = async (...args: string[]) => {
      const file = join(place, 'made.bundle');
      await git(repository.path, ['bundle', 'create', file, ...args]);
      return readFileSync(file);
    };
    const good = await make('--all');
    const damaged = Buffer.from(good);
    damaged.fill(0xff, good.length - 200, good.length - 100);
    const zeros = spawnSync('sh', ['-c', 'head -c 100000000 /dev/zero | git hash-object -w --stdin'], {
      cwd: repository.path,
    });
    const cases: [string, Buffer, string][] = [
      ['text', Buffer.from('#!/bin/sh\nid\n'), 'INPUT_INVALID'],
      ['header only', Buffer.from('# v2 git bundle\n'), 'REPOSITORY_EMPTY'],
      ['endless header', Buffer.from(`# v2 git bundle\n${'a'.repeat(2_000_000)}`), 'REPOSITORY_EMPTY'],
      ['damaged', damaged, 'INPUT_INVALID'],
      ['cut off', good.subarray(0, good.length - 60), 'INPUT_INVALID'],
      ['incomplete', await make('main', '^main~1'), 'INPUT_INVALID'],
      ['unknown ability', Buffer.from(`# v3 git bundle\n@filter=blob:none\n@x=y\n\nPACK`), 'INPUT_INVALID'],
    ];
    await rawCommit(repository.path, `${commitHead}M 100644 ${zeros.stdout.toString().trim()} big\n`);
    cases.push(['bomb', await make('--all'), 'WORKSPACE_FULL']);
    for (const [name, content, code] of cases) {
      const open = await bundleOf(bench, ada, one, content);
      await assert.rejects(open(), { code }, name);
    }
    const lacking = await bundleOf(bench, ada, one, good, 'no-such');
    await assert.rejects(lacking(), { code: 'NOT_FOUND' });
    await assert.rejects(bundleOf(bench, ada, one, Buffer.alloc(0)), { code: 'INPUT_INVALID' });
    await assert.rejects(bundleOf(bench, ada, one, Buffer.alloc(65 * MiB)), { code: 'BODY_TOO_LARGE' });
    writeFileSync(join(place, 'tree'), '');
    const tree = spawnSync('git', ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'], {
      cwd: repository.path,
      input: Buffer.concat([
        Buffer.from('40000 .git\0'),
        Buffer.from((await git(repository.path, ['rev-parse', 'main^{tree}'])).trim(), 'hex'),
      ]),
    });
    const person = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
    const evil = await git(repository.path, [
      ...person,
      'commit-tree',
      tree.stdout.toString().trim(),
      '-m',
      'x',
    ]);
    await git(repository.path, ['update-ref', 'refs/heads/evil', evil.trim()]);
    const dotGit = await bundleOf(bench, ada, one, await make('evil'));
    await assert.rejects(dotGit(), { code: 'INPUT_INVALID' });
  }));
