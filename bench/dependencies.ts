import { startGitServer } from '../test/support/git-server.ts';
import { startPackageRegistry } from '../test/support/package-registry.ts';
import { withWorkspaces } from '../test/support/with-workspaces.ts';
import { ensureRuntime } from '../src/base/runtime.ts';
import { createDependencies } from '../src/resources/dependencies/dependencies.ts';
import { readRegistries } from '../src/resources/dependencies/registries.ts';
import { workspaceDependencies } from '../src/resources/dependencies/workspace-dependencies.ts';
import { createEgress } from '../src/resources/egress/egress.ts';
import { ensureShim } from '../src/resources/egress/shim.ts';
import type { InstallDependencies } from '../src/resources/workspace/dependencies-hook.ts';
import { type Figure, summarise } from './figure.ts';

const [packages, filesEach, samples] = [300, 30, 20];
const MiB = 1024 ** 2;
/** An install of all of them, on a busy machine. */
const patienceMs = 300_000;

/** 9,000 files of 300 packages: installed once, then found saved; each beside the same workspace without packages. */
export async function measureDependencies(effort: number): Promise<Figure[]> {
  const count = Math.max(3, Math.round(samples * effort));
  const [git, registry] = await Promise.all([startGitServer(), startPackageRegistry()]);
  try {
    const names = Array.from({ length: packages }, (_, n) => `pack-${n}`);
    const file = 'module.exports = 1; // something to read\n'.repeat(100);
    const files = Object.fromEntries(Array.from({ length: filesEach }, (_, n) => [`lib/f${n}.js`, file]));
    for (const name of names) await registry.addNpm({ name, version: '1.0.0', files });
    const host = `registry.test:${registry.port}`;
    const { manifest, lockfile } = registry.npmProject(names, host);
    const project = { 'package.json': manifest, 'package-lock.json': lockfile, 'index.js': '1;\n' };
    const { url } = await git.add('acme/app', {
      public: true,
      commits: [{ message: 'Begin', files: project }],
    });
    const figures: Figure[] = [];
    await withWorkspaces(async (bench) => {
      bench.connect('acme/app', url);
      figures.push(...(await measureOn(bench, host, count)));
    });
    return figures;
  } finally {
    await Promise.all([git.close(), registry.close()]);
  }
}

type Bench = Parameters<Parameters<typeof withWorkspaces>[0]>[0];

async function measureOn(bench: Bench, host: string, count: number): Promise<Figure[]> {
  let install: InstallDependencies | undefined;
  const machine = bench.machine({
    disk: process.getuid?.() === 0 ? 'storage' : 'memory',
    installDependencies: (request) => (install ?? noInstaller())(request),
  });
  const { dataDir, sandboxes, workspaces } = machine;
  const resolve = async (name: string) => (name === 'registry.test' ? ['127.0.0.1'] : []);
  const egress = createEgress({ dataDir, resolve });
  const shim = await ensureShim({ dataDir, ...(await ensureRuntime({ dataDir })) });
  const registries = readRegistries([`node=http://${host}/npm/`], []);
  const limits = { diskBytes: 512 * MiB, inodes: 60_000, fileBytes: 64 * MiB };
  const dependencies = createDependencies({ sandboxes, egress, shim, registries, limits });
  install = workspaceDependencies(async () => dependencies);
  try {
    const choice = { kind: 'connected' as const, name: 'acme/app' };
    const state = await bench.story((ctx) =>
      ctx.step('resolve', (step) => workspaces.resolve(step, choice, 'trusted')),
    );
    const ready = (packaged: boolean) =>
      bench.story(
        (ctx) =>
          ctx.step('use', async (step) => {
            const begun = performance.now();
            const workspace = await workspaces.at(step, state, { dependencies: packaged });
            const took = performance.now() - begun;
            const { exit } = await workspace.exec({ argv: ['test', '-d', 'node_modules/pack-0'] });
            const isThere = exit.kind === 'exited' && exit.code === 0;
            if (isThere !== packaged) throw new Error(`${packaged ? 'no packages' : 'packages'} are there`);
            await workspaces.release(step.owner.runId);
            return took;
          }),
        null,
        patienceMs,
      );
    await ready(false);
    const first = summarise([await ready(true)]);
    const [without, saved]: [number[], number[]] = [[], []];
    for (let n = 0; n < count; n += 1) {
      without.push(await ready(false));
      saved.push(await ready(true));
    }
    const baseline = { name: 'the same without packages', summary: summarise(without) };
    const more = summarise(saved).median - baseline.summary.median;
    return [
      {
        ...{
          name: 'workspace with 300 packages installed, first time',
          unit: 'ms',
          measured: first,
          baseline,
        },
        ...{ compared: `${first.median.toFixed(0)} ms`, target: 'told', reached: null },
      },
      {
        ...{ name: 'saved packages shown again', unit: 'ms', measured: summarise(saved), baseline },
        ...{ compared: `+${more.toFixed(1)} ms`, target: '<= 100 ms more', reached: more <= 100 },
      },
    ];
  } finally {
    await egress.close();
  }
}

function noInstaller(): never {
  throw new Error('nothing is installed yet');
}
