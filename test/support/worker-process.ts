import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { defineCapability } from '../../src/kernel/capability.ts';
import { listening } from './stories.ts';
import { openDatabase } from '../../src/store/database.ts';

/** Runs `steps` steps of `ms` each; writes down every time that a step's work is done, and every time that it shouldn't have been. */
export const chain = defineCapability({
  name: 'chain',
  input: z.strictObject({ steps: z.int(), ms: z.int() }),
  output: z.int(),
  title: ({ steps }) => `${steps} steps`,
  run: async (ctx, { steps, ms }) => {
    for (let index = 0; index < steps; index += 1) {
      await ctx.step(`step ${index}`, async () => {
        await noteEffect(ctx.run.id, `step ${index}`);
        await pause(ms);
      });
    }
    return steps;
  },
});

let database: ReturnType<typeof openDatabase> | undefined;

async function noteEffect(runId: string, step: string): Promise<void> {
  const url = process.env['EFFECTS_URL'] ?? '';
  database ??= openDatabase({ url, poolSize: 2, onError: () => undefined });
  await database.query(
    `INSERT INTO effects (run_id, step, again)
     VALUES ($1, $2, EXISTS (SELECT FROM steps WHERE run_id = $1 AND name = $2 AND status = 'succeeded'))`,
    [runId, step],
  );
}

/** The table that `chain` writes to. */
export const effectsTable = 'CREATE TABLE effects (run_id uuid, step text, again boolean)';

/** Starts a worker as a process of its own; resolves when it has signed on. */
export async function spawnWorker(url: string, slots: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), url, String(slots)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { EFFECTS_URL: url },
  });
  const exit = once(child, 'exit').then(() =>
    Promise.reject(new Error('The worker ended before it was ready.')),
  );
  exit.catch(() => undefined);
  await Promise.race([once(child.stdout, 'data'), exit]);
  return child;
}

/** Kills with -9 and waits for the end. */
export async function killHard(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill('SIGKILL');
  await end;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [url = '', slots = '4'] = process.argv.slice(2);
  const { withKernel } = await import('./with-kernel.ts');
  await withKernel({ capabilities: [chain, listening], url }, async ({ work }) => {
    await work({ slots: Number(slots), maxAttempts: 100 });
    process.stdout.write('ready\n');
    await once(process, 'SIGTERM');
  });
  await database?.close();
}
