import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createLogger } from '../../src/base/logger.ts';
import { sandboxDrivers } from '../../src/drivers/sandboxes/index.ts';
import { onSessionMachine, type CreateStory, type RemoteAccess } from './sessions.ts';
import { killHard } from './worker-process.ts';

interface SessionWorker {
  readonly child: ChildProcess;
  /** Of its machine: what it has of workspaces is below it. */
  readonly dataDir: string;
}

/** The export of a module that makes the capability: `{module: import.meta.resolve('./x.ts'), name: 'createX'}`. */
export interface StoryPlace {
  readonly module: string;
  readonly name: string;
}

/** Starts a worker for sessions as a process of its own, on a machine of its own; resolves when it has signed on. */
export async function spawnSessionWorker(
  databaseUrl: string,
  remote: RemoteAccess,
  story: StoryPlace,
): Promise<SessionWorker> {
  const settings = JSON.stringify({ databaseUrl, remote, story });
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  for await (const line of createInterface({ input: child.stdout })) return { child, dataDir: line };
  throw new Error('The worker ended before it was ready.');
}

/** Kills a worker as if its machine were gone: its processes and all its files. */
export async function loseWithMachine({ child, dataDir }: SessionWorker): Promise<void> {
  await killHard(child);
  const left = sandboxDrivers.bubblewrap({
    ...{ dataDir, require: [], allowUnsafe: false, diskBytes: 2 ** 30 },
    logger: createLogger('silent'),
  });
  await left.recover();
  await left.close();
  await rm(dataDir, { recursive: true, force: true });
}

interface WorkerSettings {
  readonly databaseUrl: string;
  readonly remote: RemoteAccess;
  readonly story: StoryPlace;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { databaseUrl: url, remote, story } = JSON.parse(process.argv[2] ?? '') as WorkerSettings;
  const made = (await import(story.module)) as Record<string, CreateStory>;
  const create = made[story.name];
  if (!create) throw new Error(`${story.module} has no ${story.name}.`);
  await onSessionMachine({ create, remote, url }, async (kernel, { dataDir }) => {
    await kernel.work({ maxAttempts: 100 });
    process.stdout.write(`${dataDir}\n`);
    await once(process, 'SIGTERM');
  });
}
