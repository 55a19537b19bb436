import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { shell, withWorkspaces } from './with-workspaces.ts';

export interface WorkerPlace {
  readonly databaseUrl: string;
  readonly repository: { readonly id: string; readonly url: string };
  readonly dataDir: string;
}

interface WorkspaceWorker {
  readonly child: ChildProcess;
  /** What its workspace holds, and where its mirror came from. */
  readonly seen: { readonly files: string; readonly from: string };
}

const placeSchema = z.object({
  databaseUrl: z.string(),
  repository: z.object({ id: z.string(), url: z.string() }),
  dataDir: z.string(),
});
const seenSchema = z.object({ files: z.string(), from: z.string() });

/** Starts a process that opens a workspace, changes it and then runs a program in it until it is killed or told to end. */
export async function spawnWorkspaceWorker(place: WorkerPlace): Promise<WorkspaceWorker> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(place)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout }))
    return { child, seen: seenSchema.parse(JSON.parse(line)) };
  throw new Error('The worker ended before its workspace was open.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const place = placeSchema.parse(JSON.parse(process.argv[2] ?? ''));
  const { repository, dataDir, databaseUrl } = place;
  await withWorkspaces(async (bench) => {
    bench.connect('held', repository.url, undefined, repository.id);
    const disk = process.getuid?.() === 0 ? 'storage' : 'memory';
    const { workspaces } = bench.machine({ disk }, dataDir);
    await bench.story((ctx) =>
      ctx.step('hold', async (step) => {
        const choice = { kind: 'connected' as const, name: 'held' };
        const state = await workspaces.resolve(step, choice, 'trusted');
        const workspace = await workspaces.at(step, state);
        const files = await shell(workspace, 'ls');
        await shell(workspace, 'echo half > half');
        const events = await bench.kernel.kernel.events(step.owner.runId, 0, 100);
        const ready = events.find(({ type }) => type === 'workspace');
        const from = ready?.type === 'workspace' ? ready.data.from : '';
        const stopped = once(process, 'SIGTERM').then(() => 'stopped');
        const busy = shell(workspace, 'echo busy; sleep 1000').catch(() => 'ended');
        process.stdout.write(`${JSON.stringify({ files, from })}\n`);
        return Promise.race([stopped, busy]);
      }),
    );
  }, databaseUrl);
  process.exit(0);
}
