import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { replayCapability } from '../../src/capabilities/replay/index.ts';
import { adding } from './stories.ts';

/** Starts a worker for replays and `adding` as a process of its own; resolves when it has signed on. */
export async function spawnReplayWorker(url: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), url], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {},
  });
  const exit = once(child, 'exit').then(() =>
    Promise.reject(new Error('The worker ended before it was ready.')),
  );
  exit.catch(() => undefined);
  await Promise.race([once(child.stdout, 'data'), exit]);
  return child;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { withKernel } = await import('./with-kernel.ts');
  await withKernel(
    { capabilities: [adding, replayCapability], url: process.argv[2] ?? '' },
    async ({ work }) => {
      await work({ maxAttempts: 100 });
      process.stdout.write('ready\n');
      await once(process, 'SIGTERM');
    },
  );
}
