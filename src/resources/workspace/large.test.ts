import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { after, before, test } from 'node:test';
import { git } from '../../../test/support/git-repository.ts';
import { startGitServer, type GitServer } from '../../../test/support/git-server.ts';
import { shell, withWorkspaces, workspaceLimits } from '../../../test/support/with-workspaces.ts';

const MiB = 1024 ** 2;
const why =
  'writes a file of 5 GB and 200,000 files, which takes minutes; GANTRY_TEST_LARGE=1 has it (hostile.test.ts has the same, small)';
const isWanted = process.env['GANTRY_TEST_LARGE'] === '1';

let server: GitServer;
before(async () => {
  server = await startGitServer();
});
after(() => server.close());

/** What the product gives by itself. */
const limits = {
  ...workspaceLimits,
  ...{ wallMs: 600_000, cpuMs: 600_000, memoryBytes: 2048 * MiB },
  ...{ fileBytes: 2048 * MiB, diskBytes: 2048 * MiB, inodes: 200_000 },
};

const streams: Readonly<Record<string, (path: string) => Promise<void>>> = {
  'a file of 5 GB': async (path) => {
    const made = spawnSync('sh', ['-c', 'head -c 5368709120 /dev/zero | git hash-object -w --stdin'], {
      cwd: path,
    });
    const blob = made.stdout.toString().trim();
    await git(path, ['fast-import', '--quiet', '--force'], commitOf([`M 100644 ${blob} large`]));
  },
  '200,000 files': async (path) => {
    const files = Array.from({ length: 200_000 }, (_, n) => `M 100644 :1 d${n % 500}/f${n}`);
    await git(path, ['fast-import', '--quiet', '--force'], `blob\nmark :1\ndata 1\nx\n${commitOf(files)}`);
  },
};

function commitOf(lines: readonly string[]): string {
  const head =
    'commit refs/heads/main\ncommitter A <a@b> 1700000000 +0000\ndata 1\nx\nfrom refs/heads/main^0\n';
  return `${head}${lines.join('\n')}\n`;
}

for (const [what, make] of Object.entries(streams))
  test(`${what}: a clear end, nothing is left, and this process goes on meanwhile`, async (t) => {
    if (!isWanted) return t.skip(why);
    await withWorkspaces(async (bench) => {
      const repository = await server.add(`large/${what.length}`, { public: true });
      const small = await git(repository.path, ['rev-parse', 'main']);
      await make(repository.path);
      bench.connect('large', repository.url);
      const disk = process.getuid?.() === 0 ? 'storage' : 'memory';
      const one = bench.machine({ limits, disk, scriptMs: 60_000 });
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const choice = { kind: 'connected' as const, name: 'large' };
      await bench.story(
        (ctx) =>
          ctx.step('open', async (step) => {
            const begun = performance.now();
            const state = await one.workspaces.resolve(step, choice, 'stranger');
            const fetched = performance.now();
            await assert.rejects(one.workspaces.at(step, state), { code: 'WORKSPACE_FULL' });
            t.diagnostic(
              `fetched in ${fetched - begun} ms, refused after ${performance.now() - fetched} ms more`,
            );
            return null;
          }),
        null,
        600_000,
      );
      t.diagnostic(
        `the event loop was held up ${delay.max / 1e6} ms at most, ${delay.mean / 1e6} in the mean`,
      );
      const layers = join(one.dataDir, 'layers');
      const left = existsSync(layers) ? readdirSync(layers) : [];
      assert.deepEqual(
        left.filter((name) => /^(new|gone)-/.test(name)),
        [],
      );
      const files = await bench.story((ctx) =>
        ctx.step('small', async (step) => {
          const state = await one.workspaces.resolve(step, { ...choice, ref: small.trim() }, 'stranger');
          return shell(await one.workspaces.at(step, state), 'ls');
        }),
      );
      assert.equal(files, 'README.md\n');
      await one.close();
      assert.ok(!existsSync(one.dataDir));
      assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(one.dataDir));
    });
  });
