import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { git } from '../test/support/git-repository.ts';
import { startGitServer } from '../test/support/git-server.ts';
import { shell, withWorkspaces, type WorkspaceBench } from '../test/support/with-workspaces.ts';
import type { Workspace } from '../src/resources/workspace/workspace.ts';
import { type Figure, summarise } from './figure.ts';

const [commits, files, samples] = [5000, 400, 20];

/** A repository of 5,000 commits over 400 files: ready the first and the second time, and what a tool call costs. */
export async function measureWorkspace(effort: number): Promise<Figure[]> {
  const count = Math.max(3, Math.round(samples * effort));
  const server = await startGitServer();
  const place = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
  try {
    const repository = await server.add('acme/large', { public: true, commits: [] });
    await git(repository.path, ['fast-import', '--quiet'], history());
    const run = promisify(execFile);
    const shallow: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const words = ['clone', '-q', '--depth=1', repository.url, join(place, `c${n}`)];
      shallow.push(await timed(() => run('git', words)));
    }
    const baseline = { name: 'shallow clone over HTTP', summary: summarise(shallow) };
    const figures: Figure[] = [];
    // As the product has it: on storage as root, in memory as an ordinary user.
    for (const disk of process.getuid?.() === 0 ? (['storage', 'memory'] as const) : (['memory'] as const))
      await withWorkspaces(async (bench) => {
        bench.connect('acme/large', repository.url);
        figures.push(...(await measureOn(bench, disk, count, baseline)));
      });
    return figures;
  } finally {
    await server.close();
    await rm(place, { recursive: true, force: true });
  }
}

async function measureOn(
  bench: WorkspaceBench,
  disk: 'memory' | 'storage',
  count: number,
  baseline: Figure['baseline'],
): Promise<Figure[]> {
  const { workspaces } = bench.machine({ disk });
  const choice = { kind: 'connected' as const, name: 'acme/large' };
  const begun = performance.now();
  const state = await bench.story((ctx) =>
    ctx.step('resolve', (step) => workspaces.resolve(step, choice, 'trusted')),
  );
  const use = (measure: (workspace: Workspace) => Promise<unknown>) =>
    bench.story((ctx) =>
      ctx.step('use', async (step) => {
        const asked = performance.now();
        const workspace = await workspaces.at(step, state);
        const ready = performance.now() - asked;
        await measure(workspace);
        await workspaces.release(step.owner.runId);
        return ready;
      }),
    );
  await use(async () => undefined);
  const first = summarise([performance.now() - begun]);
  const again: number[] = [];
  for (let n = 0; n < count; n += 1) again.push(await use(async () => undefined));
  const idle: number[] = [];
  const changed: number[] = [];
  await use(async (workspace) => {
    for (let n = 0; n < count; n += 1) {
      await shell(workspace, 'cat dir0/f0 > /dev/null');
      idle.push(await timed(() => workspace.checkpoint('Nothing')));
      await shell(workspace, `echo ${n} >> dir1/f1; echo ${n} > new${n}`);
      changed.push(await timed(() => workspace.checkpoint('Change')));
    }
  });
  return [
    { ...judged(`workspace ready, first time (${disk})`, first, null), baseline },
    { ...judged(`workspace ready, second time (${disk})`, summarise(again), 150), baseline },
    judged(`tool call that changed nothing, own time (${disk})`, summarise(idle), 15),
    judged(`tool call with a checkpoint, own time (${disk})`, summarise(changed), 150),
  ];
}

function judged(name: string, measured: Figure['measured'], most: number | null): Figure {
  return {
    ...{ name, unit: 'ms', measured, baseline: null },
    compared: `${measured.median.toFixed(1)} ms`,
    target: most === null ? 'told' : `<= ${most} ms`,
    reached: most === null ? null : measured.median <= most,
  };
}

/** For `git fast-import`: each commit follows the one before. */
function history(): string {
  const path = (n: number) => `dir${n % 20}/f${Math.floor(n / 20)}`;
  const text = (n: number, turn: number) =>
    Array.from({ length: 60 }, (_, line) => {
      const salt = line === turn % 60 ? turn : 0;
      return `line ${line} of ${n}: ${(line * 7919 + n * 31 + salt) % 99_991}\n`;
    }).join('');
  const change = (n: number, turn: number) => {
    const content = text(n, turn);
    return `M 100644 inline ${path(n)}\ndata ${content.length}\n${content}\n`;
  };
  return Array.from({ length: commits }, (_, turn) => {
    const head = `commit refs/heads/main\ncommitter A <a@b> ${1_700_000_000 + turn} +0000\ndata 1\nx\n`;
    const first = () => Array.from({ length: files }, (_each, n) => change(n, 0)).join('');
    return head + (turn === 0 ? first() : change(turn % files, turn));
  }).join('');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
