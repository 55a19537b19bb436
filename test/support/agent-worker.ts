import { spawn, type ChildProcess } from 'node:child_process';
import { fail } from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { agentCapability, agentMachine, partsOf } from './agents.ts';
import { withKernel } from './with-kernel.ts';
import type { Machine } from './with-workspaces.ts';

interface AgentWorker {
  readonly child: ChildProcess;
  /** Of its machine: what it has of workspaces is below it. */
  readonly dataDir: string;
}

/** Starts a worker for agents as a process of its own, on a machine of its own; resolves when it has signed on. */
export async function spawnAgentWorker(databaseUrl: string, repositoryUrl: string): Promise<AgentWorker> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), databaseUrl, repositoryUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], GANTRY_CANARY: 'canary-of-the-worker-7f3a' },
  });
  for await (const line of createInterface({ input: child.stdout })) return { child, dataDir: line };
  throw new Error('The worker ended before it was ready.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , url = '', repositoryUrl = ''] = process.argv;
  const held: { parts?: Awaited<ReturnType<typeof partsOf>>; machine?: Machine } = {};
  const capability = agentCapability(() => held.parts ?? fail('The machine is not there yet.'));
  await withKernel({ capabilities: [capability], url }, async (kernel) => {
    const machine = agentMachine(kernel, repositoryUrl);
    held.parts = await partsOf(kernel.db, machine);
    try {
      await kernel.work({ maxAttempts: 100 });
      process.stdout.write(`${machine.dataDir}\n`);
      await once(process, 'SIGTERM');
    } finally {
      await machine.close();
    }
  });
}
